#include "sim/conform/statement.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/nearest.h"
#include "sim/units.h"

namespace linger::sim::conform {

Statement::Statement(std::string_view line, std::int32_t number, Mistakes& mistakes)
    : line_{number}, mistakes_{&mistakes} {
  std::size_t at = 0;
  while (at < line.size()) {
    at = line.find_first_not_of(" \t\r", at);
    if (at == std::string_view::npos || line[at] == '#') return;
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    const std::string word{line.substr(at, end - at)};
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      words_.push_back(word);
    } else {
      options_.push_back({word.substr(0, equals), word.substr(equals + 1)});
    }
    at = end;
  }
}

void Statement::fail(std::string message, std::string fix) {
  has_failed_ = true;
  mistakes_->add(line_, std::move(message), std::move(fix));
}

std::string Statement::word(std::string_view what) {
  if (auto next = maybe_word()) return *next;
  fail(fmt::format("{} is missing", what), "complete the line");
  return "";
}

std::optional<std::string> Statement::maybe_word() {
  if (words_.empty()) return std::nullopt;
  std::string next = std::move(words_.front());
  words_.erase(words_.begin());
  return next;
}

std::string Statement::rest() {
  std::string text;
  while (const auto next = maybe_word()) text += (text.empty() ? "" : " ") + *next;
  return text;
}

std::int64_t Statement::to_number(const std::string& text, std::string_view what) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc{} && end == text.data() + text.size() && !text.empty()) return value;
  fail(fmt::format("{} is '{}', which is no number", what, text), "a whole number");
  return 0;
}

PartitionName Statement::to_partition(const std::string& text, std::string_view what) {
  const auto parsed = parse_partition_name(text);
  if (const auto* partition = std::get_if<PartitionName>(&parsed)) return *partition;
  fail(fmt::format("{} is '{}', which is no partition", what, text), "such as t-0");
  return {};
}

std::int64_t Statement::number(std::string_view what) {
  const std::string text = word(what);
  return text.empty() ? 0 : to_number(text, what);
}

std::int64_t Statement::not_negative(std::int64_t value, std::string_view what) {
  if (value < 0) fail(fmt::format("{} is {}", what, value), "0 or more");
  return value;
}

core::Duration Statement::milliseconds(std::string_view what) {
  return core::Milliseconds{not_negative(number(what), what)};
}

bool Statement::truth(std::string_view what) {
  const std::string text = word(what);
  if (text != "true" && text != "false" && !text.empty()) {
    fail(fmt::format("{} is '{}'", what, text), "true or false");
  }
  return text == "true";
}

core::NodeId Statement::node(std::string_view what) {
  return core::NodeId{static_cast<std::int32_t>(number(what))};
}

PartitionName Statement::partition(std::string_view what) {
  const std::string text = word(what);
  return text.empty() ? PartitionName{} : to_partition(text, what);
}

std::optional<std::string> Statement::option(std::string_view name) {
  for (Option& option : options_) {
    if (option.name != name) continue;
    option.was_taken = true;
    return option.value;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Statement::number_option(std::string_view name) {
  const auto text = option(name);
  if (!text) return std::nullopt;
  return to_number(*text, name);
}

std::optional<core::Duration> Statement::milliseconds_option(std::string_view name) {
  const auto value = number_option(name);
  if (!value) return std::nullopt;
  return core::Milliseconds{not_negative(*value, name)};
}

std::optional<PartitionName> Statement::partition_option(std::string_view name) {
  const auto text = option(name);
  if (!text) return std::nullopt;
  return to_partition(*text, name);
}

std::optional<core::ErrorCode> Statement::error_option(std::string_view name) {
  const auto text = option(name);
  if (!text) return std::nullopt;
  if (const auto error = core::find_error_code(*text)) return error;
  std::vector<std::string> names;
  for (const core::ErrorCodeInfo& info : core::error_codes()) names.emplace_back(info.name);
  fail(fmt::format("there is no error '{}'", *text), suggestion(*text, names));
  return std::nullopt;
}

bool Statement::flag(std::string_view name) {
  const auto at = std::find(words_.begin(), words_.end(), name);
  if (at == words_.end()) return false;
  words_.erase(at);
  return true;
}

void Statement::finish() {
  if (has_failed_) return;  // what is left follows from that
  for (const std::string& word : words_) {
    fail(fmt::format("'{}' means nothing here", word), "leave it out");
  }
  for (const Option& option : options_) {
    if (option.was_taken) continue;
    fail(fmt::format("'{}=' means nothing here", option.name), "leave it out");
  }
}

}  // namespace linger::sim::conform
