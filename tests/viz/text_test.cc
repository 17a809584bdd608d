#include "viz/text.h"

#include <gtest/gtest.h>

#include <chrono>

namespace linger::viz {
namespace {

using namespace std::chrono_literals;

TEST(Text, ADurationIsAsExactAsItIsOfUse) {
  EXPECT_EQ(duration_text(core::Duration{0}), "0 ms");
  EXPECT_EQ(duration_text(core::Duration{250us}), "250 µs");
  EXPECT_EQ(duration_text(core::Duration{12ms}), "12.0 ms");
  EXPECT_EQ(duration_text(core::Duration{1'500ms}), "1.50 s");
  EXPECT_EQ(duration_text(core::Duration{125s}), "2 min 5 s");
  EXPECT_EQ(duration_text(core::Duration{60s}), "1 min");
  EXPECT_EQ(duration_text(core::Duration{120s}), "2 min");
  EXPECT_EQ(duration_text(core::Duration{-3ms}), "-3.0 ms");
  EXPECT_EQ(duration_text(core::Milliseconds{5}), "5 ms");
  EXPECT_EQ(duration_text(core::kForever), "for ever");
}

TEST(Text, BytesComeInTheUnitThatIsShort) {
  EXPECT_EQ(bytes_text(core::Bytes{933}), "933 B");
  EXPECT_EQ(bytes_text(core::Bytes{1'024}), "1 KiB");
  EXPECT_EQ(bytes_text(core::Bytes{1'025}), "1025 B");
  EXPECT_EQ(bytes_text(core::Bytes{16'384}), "16 KiB");
  EXPECT_EQ(bytes_text(core::Bytes{16'640}), "16.2 KiB");
  EXPECT_EQ(bytes_text(core::Bytes{33'554'432}), "32 MiB");
}

TEST(Text, NumbersAreGroupedFromFiveDigitsOn) {
  EXPECT_EQ(number_text(1234), "1234");
  EXPECT_EQ(number_text(12'345), "12 345");
  EXPECT_EQ(number_text(1'234'567), "1 234 567");
  EXPECT_EQ(number_text(-20'000), "-20 000");
  EXPECT_EQ(count_text(1, "record"), "1 record");
  EXPECT_EQ(count_text(2, "record"), "2 records");
  EXPECT_EQ(count_text(0, "batch"), "0 batches");
}

TEST(Text, ASpeedSaysWhatASecondShows) {
  EXPECT_EQ(speed_text(0.005), "0.005×: 1 s shows 5.0 ms");
  EXPECT_EQ(speed_text(1), "1×");
  EXPECT_EQ(speed_text(100), "100×: 1 s shows 1 min 40 s");
}

TEST(Text, IdsHaveShortNames) {
  EXPECT_EQ(batch_label(core::BatchId{3}), "b3");
  EXPECT_EQ(record_label(core::RecordId{7}), "r7");
  EXPECT_EQ(broker_label(core::NodeId{1}), "broker 1");
  EXPECT_EQ(broker_label(core::NodeId{-1}), "bootstrap 1");
  EXPECT_EQ(request_label(core::ApiKey::Produce, core::CorrelationId{7}), "Produce 7");
  EXPECT_EQ(sequence_text(0, 8), "seq 0–7");
  EXPECT_EQ(sequence_text(2'147'483'647, 2), "seq 2147483647–0");
  EXPECT_EQ(sequence_text(-1, 8), "no seq");
}

}  // namespace
}  // namespace linger::viz
