// A transactional producer before coordinators that answer as a test says.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/producer_bench.h"

namespace linger::core {

struct TransactionalSetup {
  GivenSettings settings{};
  Era era = Era::V3_9;
  std::vector<RuleFlip> flips{};
  NodeApiVersions versions{};
};

class TransactionalBench : public ProducerBench {
 public:
  using Setup = TransactionalSetup;
  using State = TransactionState;

  explicit TransactionalBench(const Setup& setup = {}) : ProducerBench{setup_of(setup)} {}

  const TransactionManager& manager() const { return *producer.transactions(); }
  State state() const { return manager().state(); }

  TransactionCall init() { return producer.init_transactions(ThreadId{0}, now, journal); }
  TransactionCall begin() { return producer.begin_transaction(ThreadId{0}, now, journal); }
  TransactionCall commit() { return producer.commit_transaction(ThreadId{0}, now, journal); }
  TransactionCall abort() { return producer.abort_transaction(ThreadId{0}, now, journal); }
  TransactionCall offsets(ConsumerGroupMetadata group = {"g", -1, "", {}}) {
    return producer.send_offsets_to_transaction(
        ThreadId{0}, {{{kBenchTopic, 0}, 100}, {{kBenchTopic, 1}, 101}}, group, now, journal);
  }

  // Passes of the sender, whose sleeps take their time, until the call is over.
  TransactionCallEnd finish(TransactionCall call) {
    for (int passes = 0; !call.end && passes < 100; ++passes) {
      step();
      producer.advance(call, now, journal);
    }
    EXPECT_TRUE(call.end) << "the call never ends";
    return call.end.value_or(TransactionCallEnd{CallOutcome::TimedOut, std::nullopt});
  }
  void initialize() { ASSERT_EQ(finish(init()).outcome, CallOutcome::Done); }
  void begin_transaction() { ASSERT_EQ(begin().end.value().outcome, CallOutcome::Ok); }
  // A record whose partition is part of the transaction, in a request of its own.
  RecordId send_and_add(std::int32_t partition = 0) {
    const RecordId record = send({.partition = partition});
    for (int passes = 0; passes < 8 && requests(node_of(partition)).empty(); ++passes) step();
    return record;
  }
  static NodeId node_of(std::int32_t partition) { return partition == 2 ? kOther : kNode; }

  // Which requests the coordinators got, in their order.
  std::vector<ApiKey> asked_for() const {
    std::vector<ApiKey> keys;
    for (const Request& request : asked) keys.push_back(api_key_of(request));
    return keys;
  }
  std::int64_t count(ApiKey api) const {
    const std::vector<ApiKey> keys = asked_for();
    return std::count(keys.begin(), keys.end(), api);
  }
  template <class R>
  const R& last() const {
    const auto found = std::find_if(asked.rbegin(), asked.rend(), [](const Request& request) {
      return std::holds_alternative<R>(request);
    });
    return std::get<R>(*found);
  }
  Exception last_error() const { return manager().last_error().value().exception; }

 private:
  static ProducerSetup setup_of(const Setup& setup) {
    ProducerSetup producer;
    producer.settings = setup.settings;
    producer.settings["enable.idempotence"] = "true";
    producer.settings["transactional.id"] = "x";
    producer.era = setup.era;
    producer.flips = setup.flips;
    producer.versions = setup.versions;
    producer.has_producer_id = false;
    if (setup.era == Era::V2_8) producer.settings.erase("retry.backoff.max.ms");
    return producer;
  }
};

// The tests of both eras.
class Transactions : public ::testing::TestWithParam<Era> {
 protected:
  explicit Transactions(GivenSettings settings = {})
      : bench_{{.settings = std::move(settings), .era = GetParam()}} {}

  bool is_3_9() const { return GetParam() == Era::V3_9; }
  // What a call is told that may not be made now.
  Exception misuse() const {
    return is_3_9() ? Exception::IllegalStateException : Exception::KafkaException;
  }
  void start() {
    bench_.initialize();
    bench_.begin_transaction();
  }
  static Exception thrown(const TransactionCall& call) {
    EXPECT_EQ(call.end.value().outcome, CallOutcome::Threw);
    return call.end.value().error.value().exception;
  }
  Exception failed(TransactionCall call) {
    const TransactionCallEnd end = bench_.finish(std::move(call));
    EXPECT_EQ(end.outcome, CallOutcome::Failed);
    return end.error.value().exception;
  }
  void acknowledge_all() {
    for (const NodeId node : {ProducerBench::kNode, ProducerBench::kOther}) {
      while (!bench_.requests(node).empty()) bench_.acknowledge(0, node);
    }
    bench_.step();
  }
  void answer_next(ApiKey api, std::vector<ErrorCode> errors) {
    bench_.coordinator_errors[api] = {errors.begin(), errors.end()};
  }

  TransactionalBench bench_;
};

inline std::string era_name(const ::testing::TestParamInfo<Era>& of) {
  return of.param == Era::V2_8 ? "Of28" : "Of39";
}

}  // namespace linger::core
