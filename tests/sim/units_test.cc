#include "sim/units.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

Duration duration(std::string_view text) {
  const auto parsed = parse_duration(text);
  const auto* error = std::get_if<UnitError>(&parsed);
  EXPECT_EQ(error, nullptr) << text << ": " << (error ? error->message : "");
  return error ? Duration{-1} : std::get<Duration>(parsed);
}

std::int64_t bytes_in(std::string_view text) {
  const auto parsed = parse_size(text);
  const auto* error = std::get_if<UnitError>(&parsed);
  EXPECT_EQ(error, nullptr) << text << ": " << (error ? error->message : "");
  return error ? -1 : std::get<Bytes>(parsed).count();
}

template <class Parsed>
std::string message(const Parsed& parsed) {
  const auto* error = std::get_if<UnitError>(&parsed);
  return error ? error->message + " / " + error->fix : "no error";
}

TEST(Units, ADurationHasAUnit) {
  EXPECT_EQ(duration("250us"), 250us);
  EXPECT_EQ(duration("5ms"), 5ms);
  EXPECT_EQ(duration("2s"), 2s);
  EXPECT_EQ(duration("1m"), 1min);
  EXPECT_EQ(duration("1h"), 1h);
  EXPECT_EQ(duration("0ms"), 0ms);
  EXPECT_EQ(duration("5 ms"), 5ms);
}

TEST(Units, AFractionIsFineIfItIsAWholeNumberOfMicroseconds) {
  EXPECT_EQ(duration("1.5s"), 1500ms);
  EXPECT_EQ(duration("0.25ms"), 250us);
  EXPECT_EQ(duration("0.000001s"), 1us);
  EXPECT_EQ(duration("1.0us"), 1us);
  EXPECT_EQ(message(parse_duration("0.3us")),
            "'0.3us' is not a whole number of microseconds / time is counted in whole "
            "microseconds, such as 250us");
  EXPECT_EQ(message(parse_duration("0.0000001s")).substr(0, 35),
            "'0.0000001s' is not a whole number ");
}

TEST(Units, WhatIsWrongWithADurationIsSaid) {
  EXPECT_EQ(message(parse_duration("5")), "'5' has no unit / such as 5ms");
  EXPECT_EQ(message(parse_duration("5sec")), "'sec' is no unit of time / use us, ms, s, m or h");
  EXPECT_EQ(message(parse_duration("-5ms")),
            "'-5ms' is negative / a time is 0 or more, such as 5ms");
  EXPECT_EQ(message(parse_duration("soon")),
            "'soon' is no time / a number and a unit, such as 250us, 5ms or 1.5s");
  EXPECT_NE(message(parse_duration("")), "no error");
  EXPECT_NE(message(parse_duration("5.ms")), "no error");
  EXPECT_NE(message(parse_duration(".5ms")), "no error");
  EXPECT_NE(message(parse_duration("1.2.3ms")), "no error");
  EXPECT_NE(message(parse_duration("5ms ")), "no error");
}

TEST(Units, ADurationEndsAtThirtyYears) {
  EXPECT_EQ(duration("262980h"), std::chrono::hours{262'980});
  EXPECT_EQ(message(parse_duration("262981h")),
            "'262981h' is too long / thirty years are the limit");
  EXPECT_NE(message(parse_duration("999999999999999999h")), "no error");
  EXPECT_NE(message(parse_duration("99999999999999999999999us")), "no error");
}

TEST(Units, ASizeIsInBytesOrInPowersOfTenOrTwo) {
  EXPECT_EQ(bytes_in("100"), 100);
  EXPECT_EQ(bytes_in("100B"), 100);
  EXPECT_EQ(bytes_in("1kB"), 1'000);
  EXPECT_EQ(bytes_in("1MB"), 1'000'000);
  EXPECT_EQ(bytes_in("16KiB"), 16'384);
  EXPECT_EQ(bytes_in("1.5MiB"), 1'572'864);
  EXPECT_EQ(bytes_in("0.5KiB"), 512);
  EXPECT_EQ(bytes_in("0.75KiB"), 768);
}

TEST(Units, WhatIsWrongWithASizeIsSaid) {
  EXPECT_EQ(message(parse_size("16KB")),
            "'KB' may mean two things / kB is 1000 bytes, KiB is 1024");
  EXPECT_EQ(message(parse_size("16Mb")),
            "'Mb' is no unit of size / use B, kB, MB, GB, KiB, MiB or GiB");
  EXPECT_EQ(message(parse_size("-1")), "'-1' is negative / a size is 0 or more, such as 16KiB");
  EXPECT_EQ(message(parse_size("0.3B")), "'0.3B' is not a whole number of bytes / ");
  EXPECT_NE(message(parse_size("1000001GB")), "no error");
}

TEST(Units, ABandwidthIsASizeEachSecond) {
  EXPECT_EQ(std::get<Bytes>(parse_bandwidth("10MB/s")), Bytes{10'000'000});
  EXPECT_EQ(message(parse_bandwidth("10MB")),
            "'10MB' is no bandwidth / a size each second, such as 10MB/s");
}

TEST(Units, APartitionsNameEndsInItsNumber) {
  EXPECT_EQ(std::get<PartitionName>(parse_partition_name("orders-3")),
            (PartitionName{"orders", 3}));
  EXPECT_EQ(std::get<PartitionName>(parse_partition_name("new-orders-0")),
            (PartitionName{"new-orders", 0}));
  for (const char* bad :
       {"orders", "orders-", "-3", "orders-x", "orders-3x", "orders-99999999999"}) {
    EXPECT_EQ(message(parse_partition_name(bad)),
              "'" + std::string{bad} +
                  "' names no partition / a topic, a dash and a number, such as orders-0");
  }
}

TEST(Units, AClockIsADateInUtc) {
  EXPECT_EQ(std::get<std::int64_t>(parse_clock("2023-11-14T22:13:20Z")), 1'700'000'000'000);
  EXPECT_EQ(std::get<std::int64_t>(parse_clock("1970-01-01T00:00:00.250Z")), 250);
  EXPECT_EQ(std::get<std::int64_t>(parse_clock("2024-02-29T00:00:00Z")), 1'709'164'800'000);
  for (const char* bad : {"", "2023-11-14", "2023-02-29T00:00:00Z", "1969-12-31T23:59:59Z",
                          "2023-11-14T24:00:00Z", "2023-11-14T22:13:20", "2023-13-14T22:13:20Z"}) {
    EXPECT_NE(message(parse_clock(bad)), "no error") << bad;
  }
}

TEST(Units, WhatIsWrittenIsReadAsTheSame) {
  for (const std::int64_t count : {0L, 1L, 999L, 1'000L, 1'500'000L, 60'000'000L, 61'000'000L}) {
    EXPECT_EQ(duration(duration_text(Duration{count})), Duration{count});
    EXPECT_EQ(bytes_in(size_text(Bytes{count})), count);
  }
  EXPECT_EQ(duration_text(1500ms), "1500ms");
  EXPECT_EQ(duration_text(2min), "2m");
  EXPECT_EQ(duration_text(-5ms), "-5ms");
  EXPECT_EQ(size_text(Bytes{16'384}), "16KiB");
  EXPECT_EQ(clock_text(1'700'000'000'000), "2023-11-14T22:13:20Z");
  EXPECT_EQ(clock_text(250), "1970-01-01T00:00:00.250Z");
}

TEST(Ratio, IsADecimalNumberOfAtMostSixPlaces) {
  EXPECT_EQ(parse_ratio("0.2"), (core::Ratio{200'000, 1'000'000}));
  EXPECT_EQ(parse_ratio("1"), (core::Ratio{1'000'000, 1'000'000}));
  EXPECT_EQ(parse_ratio("0.000001"), (core::Ratio{1, 1'000'000}));
  for (const char* text : {"", "-0.1", "0.0000001", "11", "0.2x", ".5"}) {
    EXPECT_FALSE(parse_ratio(text).has_value()) << text;
  }
  EXPECT_EQ(ratio_text({200'000, 1'000'000}), "0.2");
  EXPECT_EQ(ratio_text({1'000'000, 1'000'000}), "1.0");
}

}  // namespace
}  // namespace linger::sim
