// What ends send()'s wait for metadata, and when it must wait again.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/producer_bench.h"

namespace linger::core::kafka_producer_metadata_test {
namespace {

// Lets the producer connect, shake hands and fetch metadata.
void fetch_metadata(ProducerBench& bench) {
  bench.steps(6);
  bench.resume_sends();
}

TEST(MetadataWait, EndsAtOnceWithAFatalError) {
  ProducerBench bench{{.leaders = {{0}}, .knows_metadata = false}};
  bench.api_versions[ApiKey::Metadata] = {99, 99};
  const RecordId record = bench.send({});
  EXPECT_EQ(bench.blocked_on(record), BlockedOn::Metadata);

  fetch_metadata(bench);

  EXPECT_FALSE(bench.is_blocked(record));
  EXPECT_EQ(bench.send_error(record)->exception, Exception::UnsupportedVersionException);
  EXPECT_EQ(bench.delivery(record), Delivery::Delivered);
  EXPECT_FALSE(bench.producer.metadata().has_fatal_error()) << "it is told once";
}

TEST(MetadataWait, EndsWithTheErrorOfAnInvalidTopic) {
  ProducerBench bench{{.leaders = {{0}}, .knows_metadata = false}};
  bench.topic_error = ErrorCode::InvalidTopicException;
  const RecordId first = bench.send({});
  fetch_metadata(bench);
  EXPECT_EQ(bench.send_error(first)->exception, Exception::InvalidTopicException);
  EXPECT_EQ(bench.send_error(first)->message, "Invalid topics: [t]");
  EXPECT_EQ(bench.delivery(first), Delivery::Delivered);

  const RecordId second = bench.send({});
  EXPECT_FALSE(bench.is_blocked(second)) << "the topic is known to be invalid";
  EXPECT_EQ(bench.send_error(second)->exception, Exception::InvalidTopicException);
}

TEST(MetadataWait, ATopicThatVanishedIsAskedForAgain) {
  ProducerBench bench{{}};
  EXPECT_FALSE(bench.is_blocked(bench.send({})));
  bench.producer.assume_metadata(cluster_of({}).contents(), bench.now);

  bench.at(1s);
  const RecordId record = bench.send({});
  EXPECT_EQ(bench.blocked_on(record), BlockedOn::Metadata);
  fetch_metadata(bench);

  EXPECT_FALSE(bench.is_blocked(record));
  EXPECT_EQ(std::ranges::count(bench.served, ApiKey::Metadata), 1);
}

TEST(MetadataWait, ATopicForgottenForWantOfUseIsWaitedForAgain) {
  ProducerBench bench{
      {.settings = {{"metadata.max.age.ms", "5000"}, {"metadata.max.idle.ms", "5000"}}}};
  bench.send({});
  bench.step();
  bench.acknowledge(0);
  bench.step();
  bench.at(5s);
  bench.steps(2);
  ASSERT_FALSE(bench.producer.metadata().contains_topic(kBenchTopic));

  bench.at(6s);
  const RecordId record = bench.send({});
  EXPECT_EQ(bench.blocked_on(record), BlockedOn::Metadata);
  fetch_metadata(bench);
  EXPECT_FALSE(bench.is_blocked(record));
  EXPECT_EQ(bench.send_error(record), std::nullopt);
}

}  // namespace
}  // namespace linger::core::kafka_producer_metadata_test
