#include "sim/units.h"

#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <optional>
#include <span>

#include <fmt/format.h>

namespace linger::sim {

namespace {

// A decimal number as digits / 10^places, and what follows it: "1.5MiB" is 15, 1, "MiB".
struct Amount {
  std::int64_t digits = 0;
  int places = 0;
  std::string_view unit;
};

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::array kDurationUnits{Unit{"us", 1}, Unit{"ms", 1'000}, Unit{"s", kSecond},
                                    Unit{"m", 60 * kSecond}, Unit{"h", 3'600 * kSecond}};
constexpr std::array kSizeUnits{Unit{"", 1},
                                Unit{"B", 1},
                                Unit{"kB", 1'000},
                                Unit{"MB", 1'000'000},
                                Unit{"GB", 1'000'000'000},
                                Unit{"KiB", 1 << 10},
                                Unit{"MiB", 1 << 20},
                                Unit{"GiB", 1 << 30}};

// Thirty years, and a petabyte: far from the end of 64 bits, so that sums do not overflow.
constexpr std::int64_t kLongestDuration = std::int64_t{262'980} * 3'600 * kSecond;
constexpr std::int64_t kLargestSize = 1'000'000'000'000'000;
constexpr int kMostDigits = 18;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<Amount> read_amount(std::string_view text) {
  Amount amount;
  std::size_t at = 0;
  int digits = 0;
  bool after_dot = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !after_dot && digits > 0) {
      after_dot = true;
      continue;
    }
    if (!is_digit(text[at])) break;
    if (++digits > kMostDigits) return std::nullopt;
    amount.digits = amount.digits * 10 + (text[at] - '0');
    if (after_dot) ++amount.places;
  }
  if (digits == 0 || text[at - 1] == '.') return std::nullopt;
  while (at < text.size() && text[at] == ' ') ++at;
  amount.unit = text.substr(at);
  return amount;
}

const Unit* find_unit(std::string_view name, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// amount * factor, if it is whole and at most `most`.
enum class Inexact { Fraction, TooMuch };
std::variant<std::int64_t, Inexact> scaled(Amount amount, std::int64_t factor, std::int64_t most) {
  while (amount.places > 0 && amount.digits % 10 == 0) {
    amount.digits /= 10;
    --amount.places;
  }
  while (amount.places > 0 && factor % 10 == 0) {
    factor /= 10;
    --amount.places;
  }
  // What is left of 10^places may still divide: 0.5KiB is 512.
  for (; amount.places > 0; --amount.places) {
    if (factor % 2 == 0 && amount.digits % 5 == 0) {
      factor /= 2;
      amount.digits /= 5;
    } else {
      return Inexact::Fraction;
    }
  }
  if (amount.digits != 0 && factor > most / amount.digits) return Inexact::TooMuch;
  return amount.digits * factor;
}

bool looks_negative(std::string_view text) {
  return !text.empty() && text.front() == '-';
}

UnitError bad_duration(std::string_view text) {
  if (looks_negative(text)) {
    return {fmt::format("'{}' is negative", text), "a time is 0 or more, such as 5ms"};
  }
  const std::optional<Amount> amount = read_amount(text);
  if (amount && amount->unit.empty()) {
    return {fmt::format("'{}' has no unit", text), fmt::format("such as {}ms", text)};
  }
  if (amount) {
    return {fmt::format("'{}' is no unit of time", amount->unit), "use us, ms, s, m or h"};
  }
  return {fmt::format("'{}' is no time", text), "a number and a unit, such as 250us, 5ms or 1.5s"};
}

UnitError bad_size(std::string_view text) {
  if (looks_negative(text)) {
    return {fmt::format("'{}' is negative", text), "a size is 0 or more, such as 16KiB"};
  }
  const std::optional<Amount> amount = read_amount(text);
  if (amount && (amount->unit == "KB" || amount->unit == "K" || amount->unit == "k")) {
    return {fmt::format("'{}' may mean two things", amount->unit), "kB is 1000 bytes, KiB is 1024"};
  }
  if (amount) {
    return {fmt::format("'{}' is no unit of size", amount->unit),
            "use B, kB, MB, GB, KiB, MiB or GiB"};
  }
  return {fmt::format("'{}' is no size", text), "a number and a unit, such as 100, 16KiB or 1MB"};
}

}  // namespace

std::variant<Duration, UnitError> parse_duration(std::string_view text) {
  const std::optional<Amount> amount = read_amount(text);
  const Unit* unit = amount ? find_unit(amount->unit, kDurationUnits) : nullptr;
  if (unit == nullptr) return bad_duration(text);
  const auto value = scaled(*amount, unit->factor, kLongestDuration);
  if (const auto* count = std::get_if<std::int64_t>(&value)) return Duration{*count};
  if (std::get<Inexact>(value) == Inexact::TooMuch) {
    return UnitError{fmt::format("'{}' is too long", text), "thirty years are the limit"};
  }
  return UnitError{fmt::format("'{}' is not a whole number of microseconds", text),
                   "time is counted in whole microseconds, such as 250us"};
}

std::variant<Bytes, UnitError> parse_size(std::string_view text) {
  const std::optional<Amount> amount = read_amount(text);
  const Unit* unit = amount ? find_unit(amount->unit, kSizeUnits) : nullptr;
  if (unit == nullptr) return bad_size(text);
  const auto value = scaled(*amount, unit->factor, kLargestSize);
  if (const auto* count = std::get_if<std::int64_t>(&value)) return Bytes{*count};
  if (std::get<Inexact>(value) == Inexact::TooMuch) {
    return UnitError{fmt::format("'{}' is too much", text), "a petabyte is the limit"};
  }
  return UnitError{fmt::format("'{}' is not a whole number of bytes", text), ""};
}

std::variant<Bytes, UnitError> parse_bandwidth(std::string_view text) {
  if (text.ends_with("/s")) return parse_size(text.substr(0, text.size() - 2));
  return UnitError{fmt::format("'{}' is no bandwidth", text), "a size each second, such as 10MB/s"};
}

std::variant<PartitionName, UnitError> parse_partition_name(std::string_view text) {
  const UnitError error{fmt::format("'{}' names no partition", text),
                        "a topic, a dash and a number, such as orders-0"};
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || dash + 1 == text.size()) return error;
  const std::string_view number = text.substr(dash + 1);
  std::int32_t partition = 0;
  const auto [end, failure] =
      std::from_chars(number.data(), number.data() + number.size(), partition);
  if (failure != std::errc{} || end != number.data() + number.size() || partition < 0) return error;
  return PartitionName{std::string{text.substr(0, dash)}, partition};
}

constexpr std::uint32_t kMillionths = 1'000'000;

std::optional<core::Ratio> parse_ratio(std::string_view text) {
  const std::optional<Amount> amount = read_amount(text);
  if (!amount || !amount->unit.empty()) return std::nullopt;
  const auto millionths = scaled(*amount, kMillionths, 10 * kMillionths);
  if (!std::holds_alternative<std::int64_t>(millionths)) return std::nullopt;
  return core::Ratio{static_cast<std::uint32_t>(std::get<std::int64_t>(millionths)), kMillionths};
}

std::string ratio_text(core::Ratio millionths) {
  std::string text = fmt::format("{}.{:06}", millionths.numerator / kMillionths,
                                 millionths.numerator % kMillionths);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text + "0" : text;
}

std::string duration_text(Duration duration) {
  if (duration == Duration::max()) return "forever";
  if (duration == Duration::min()) return "-forever";
  const std::int64_t count = duration.count();
  if (count == 0) return "0ms";
  for (const Unit& unit : {kDurationUnits[3], kDurationUnits[2], kDurationUnits[1]}) {
    if (count % unit.factor == 0) return fmt::format("{}{}", count / unit.factor, unit.name);
  }
  return fmt::format("{}us", count);
}

std::string size_text(Bytes size) {
  const std::int64_t count = size.count();
  if (count == 0) return "0";
  for (const Unit& unit :
       {kSizeUnits[7], kSizeUnits[6], kSizeUnits[5], kSizeUnits[4], kSizeUnits[3], kSizeUnits[2]}) {
    if (count % unit.factor == 0) return fmt::format("{}{}", count / unit.factor, unit.name);
  }
  return fmt::format("{}", count);
}

std::string partition_text(const PartitionName& partition) {
  return fmt::format("{}-{}", partition.topic, partition.partition);
}

namespace {

// Reads `digits` digits at `at`; nullopt if one of them is none.
std::optional<int> fixed_number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// The shape of "2023-11-14T22:13:20Z" or "2023-11-14T22:13:20.250Z".
bool has_clock_shape(std::string_view text) {
  if (text.size() != 20 && text.size() != 24) return false;
  return text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
         text[16] == ':' && text.back() == 'Z' && (text.size() == 20 || text[19] == '.');
}

std::optional<std::int64_t> read_clock(std::string_view text) {
  if (!has_clock_shape(text)) return std::nullopt;
  const auto year = fixed_number(text, 0, 4);
  const auto month = fixed_number(text, 5, 2);
  const auto day = fixed_number(text, 8, 2);
  const auto hour = fixed_number(text, 11, 2);
  const auto minute = fixed_number(text, 14, 2);
  const auto second = fixed_number(text, 17, 2);
  const auto milli = text.size() == 24 ? fixed_number(text, 20, 3) : std::optional<int>{0};
  if (!year || !month || !day || !hour || !minute || !second || !milli) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *year < 1970 || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return (((days * 24 + *hour) * 60 + *minute) * 60 + *second) * 1'000 + *milli;
}

}  // namespace

std::variant<std::int64_t, UnitError> parse_clock(std::string_view text) {
  if (const auto clock = read_clock(text)) return *clock;
  return UnitError{fmt::format("'{}' is no date and time", text),
                   "in UTC and since 1970, such as 2023-11-14T22:13:20Z"};
}

std::string clock_text(std::int64_t epoch_ms) {
  const std::int64_t in_day = epoch_ms % 86'400'000;
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{epoch_ms / 86'400'000}}};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{date.year()},
                                 unsigned{date.month()}, unsigned{date.day()}, in_day / 3'600'000,
                                 in_day / 60'000 % 60, in_day / 1'000 % 60);
  if (in_day % 1'000 != 0) text += fmt::format(".{:03}", in_day % 1'000);
  return text + "Z";
}

}  // namespace linger::sim
