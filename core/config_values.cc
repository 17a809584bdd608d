#include "core/config_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>
#include <system_error>
#include <utility>

#include "core/ascii.h"

namespace linger::core {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t size;
};

constexpr auto kMillisecondUnits =
    std::to_array<Unit>({{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}});

constexpr auto kByteUnits = std::to_array<Unit>({
    {"B", 1},
    {"kB", 1'000},
    {"KB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"KiB", 1'024},
    {"MiB", 1'048'576},
    {"GiB", 1'073'741'824},
});

std::span<const Unit> units_of(const ConfigKey& row) {
  switch (row.unit) {
    case ConfigUnit::None:
      return {};
    case ConfigUnit::Time:
      return kMillisecondUnits;
    case ConfigUnit::Size:
      return kByteUnits;
  }
  return {};
}

std::string example(const ConfigKey& row) {
  switch (row.unit) {
    case ConfigUnit::None:
      return "a whole number";
    case ConfigUnit::Time:
      return "whole milliseconds, or with a unit: 5, 5ms, 2s, 1m, 1h";
    case ConfigUnit::Size:
      return "whole bytes, or with a unit: 16384, 16KiB, 1MB";
  }
  return "";
}

struct Quantity {
  std::int64_t number;
  std::string_view unit;
};

// "16KiB" is 16 and "KiB".
std::optional<Quantity> read_quantity(std::string_view text) {
  if (text.starts_with("+") && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{}) return std::nullopt;
  return Quantity{number, trimmed({rest, static_cast<std::size_t>(end - rest)})};
}

std::int64_t largest(ConfigType type) {
  return type == ConfigType::Int ? std::numeric_limits<std::int32_t>::max()
                                 : std::numeric_limits<std::int64_t>::max();
}

// The number in the row's own unit; none if it is no number of the row's type.
std::optional<std::int64_t> read_number(const ConfigKey& row, std::string_view text) {
  const std::optional<Quantity> quantity = read_quantity(text);
  if (!quantity.has_value()) return std::nullopt;
  std::int64_t factor = 1;
  if (!quantity->unit.empty()) {
    const std::span<const Unit> units = units_of(row);
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& candidate) {
      return candidate.suffix == quantity->unit;
    });
    if (unit == units.end()) return std::nullopt;
    factor = unit->size;
  }
  const std::int64_t most = largest(row.type) / factor;
  const std::int64_t least = (-largest(row.type) - 1) / factor;
  if (quantity->number > most || quantity->number < least) return std::nullopt;
  return quantity->number * factor;
}

std::optional<std::string> out_of_range(const ConfigKey& row, std::int64_t number) {
  if (row.or_exactly.has_value()) {
    const bool is_in_range = *row.at_least <= number && number <= *row.at_most;
    if (is_in_range || number == *row.or_exactly) return std::nullopt;
    return "Value must be between " + std::to_string(*row.at_least) + " and " +
           std::to_string(*row.at_most) + " or equal to " + std::to_string(*row.or_exactly);
  }
  if (row.at_least.has_value() && number < *row.at_least) {
    return "Value must be at least " + std::to_string(*row.at_least);
  }
  if (row.at_most.has_value() && number > *row.at_most) {
    return "Value must be no more than " + std::to_string(*row.at_most);
  }
  return std::nullopt;
}

using Parsed = std::variant<ConfigValue, ConfigError>;

Parsed refused(const ConfigKey& row, std::string_view value, std::string_view why,
               std::string fix) {
  return ConfigError{.key = std::string{row.key},
                     .message = invalid_value(row.key, value, why),
                     .fix = std::move(fix)};
}

// In place: a value moved into the outer variant is one GCC 12 takes for uninitialized.
template <class Value>
Parsed accepted(Value value) {
  return Parsed{std::in_place_type<ConfigValue>, std::move(value)};
}

Parsed parse_number(const ConfigKey& row, std::string_view text) {
  const std::optional<std::int64_t> number = read_number(row, trimmed(text));
  if (!number.has_value()) {
    const std::string why = "Not a number of type " + std::string{name(row.type)};
    return refused(row, text, why, example(row));
  }
  const std::optional<std::string> why = out_of_range(row, *number);
  if (why.has_value()) {
    return refused(row, std::to_string(*number), *why, "a value in " + range(row));
  }
  return accepted(*number);
}

Parsed parse_boolean(const ConfigKey& row, std::string_view text) {
  if (equals_ignoring_case(trimmed(text), "true")) return accepted(true);
  if (equals_ignoring_case(trimmed(text), "false")) return accepted(false);
  return refused(row, text, "Expected value to be either true or false", "true or false");
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  if (trimmed(text).empty()) return parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    parts.emplace_back(trimmed(text.substr(at, comma - at)));
    at = comma + 1;
  }
  return parts;
}

Parsed parse_string(const ConfigKey& row, std::string_view text) {
  const std::string_view value = trimmed(text);
  if (!row.may_be_empty && value.empty()) {
    return refused(row, value, "String must be non-empty", "a name, or leave the key out");
  }
  if (row.one_of.empty()) return accepted(std::string{value});
  const std::vector<std::string> allowed = split(row.one_of);
  const bool is_allowed = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& one) {
    return row.ignores_case ? equals_ignoring_case(value, one) : value == one;
  });
  if (is_allowed) return accepted(std::string{value});
  const std::string why = std::string{"String must be one of"} +
                          (row.ignores_case ? " (case insensitive): " : ": ") +
                          std::string{row.one_of};
  return refused(row, value, why, "one of " + std::string{row.one_of});
}

}  // namespace

std::variant<ConfigValue, ConfigError> parse_config_value(const ConfigKey& row,
                                                          std::string_view text) {
  switch (row.type) {
    case ConfigType::Boolean:
      return parse_boolean(row, text);
    case ConfigType::Int:
    case ConfigType::Long:
      return parse_number(row, text);
    case ConfigType::String:
      return parse_string(row, text);
    case ConfigType::List:
      return accepted(split(text));
    case ConfigType::Class:
      return accepted(std::string{trimmed(text)});
  }
  return ConfigValue{};
}

std::string invalid_value(std::string_view key, std::string_view value, std::string_view why) {
  return "Invalid value " + std::string{value} + " for configuration " + std::string{key} + ": " +
         std::string{why};
}

}  // namespace linger::core
