#include "sim/producer_properties.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/config_table.h"
#include "core/rules.h"
#include "sim/text_file.h"

namespace linger::sim {
namespace {

constexpr std::string_view kBlanks = " \t\f";

bool is_blank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

std::string_view without_leading_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

// An odd number of backslashes at the end: the last of them is not itself escaped.
bool goes_on(std::string_view line) {
  const auto last = line.find_last_not_of('\\');
  const std::size_t count = last == std::string_view::npos ? line.size() : line.size() - 1 - last;
  return count % 2 == 1;
}

struct LogicalLine {
  std::string text;
  std::int32_t number = 0;
};

// Natural lines joined where they go on, without comments and empty ones.
std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> lines;
  bool joins = false;
  for (std::int32_t number = 1; !text.empty(); ++number) {
    const auto end = text.find_first_of("\r\n");
    std::string_view line = without_leading_blanks(text.substr(0, end));
    const bool is_crlf = end != std::string_view::npos && text.substr(end, 2) == "\r\n";
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + (is_crlf ? 2 : 1));
    if (!joins && (line.empty() || line.front() == '#' || line.front() == '!')) continue;
    if (!joins) lines.push_back({"", number});
    joins = goes_on(line);
    if (joins) line.remove_suffix(1);
    lines.back().text += line;
  }
  return lines;
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6);
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

// What stands behind a backslash, which is the first character of `text`. None: it is malformed.
std::optional<std::size_t> unescape(std::string_view text, std::string& out) {
  constexpr std::string_view kLetters = "tnrf";
  constexpr std::string_view kMeanings = "\t\n\r\f";
  if (text.size() < 2) return text.size();
  const char c = text[1];
  if (c != 'u') {
    const auto letter = kLetters.find(c);
    out += letter == std::string_view::npos ? c : kMeanings[letter];
    return 2;
  }
  std::uint32_t code = 0;
  const std::string_view digits = text.substr(2, 4);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (digits.size() < 4 || read.ec != std::errc{} || read.ptr != digits.data() + 4) {
    return std::nullopt;
  }
  append_utf8(code, out);
  return 6;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '\\') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto taken = unescape(text, out);
    if (!taken) return std::nullopt;
    text.remove_prefix(*taken);
  }
  return out;
}

// Where the key ends: at the first blank, '=' or ':' that no backslash precedes.
std::size_t end_of_key(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && !is_blank(line[at]) && line[at] != '=' && line[at] != ':') {
    at += line[at] == '\\' ? 2U : 1U;
  }
  return std::min(at, line.size());
}

std::optional<Property> property_of(const LogicalLine& line) {
  const std::string_view text = line.text;
  const std::size_t end = end_of_key(text);
  std::string_view rest = without_leading_blanks(text.substr(end));
  if (!rest.empty() && (rest.front() == '=' || rest.front() == ':')) {
    rest = without_leading_blanks(rest.substr(1));
  }
  auto key = unescaped(text.substr(0, end));
  auto value = unescaped(rest);
  if (!key || !value) return std::nullopt;
  return Property{std::move(*key), std::move(*value), line.number};
}

void put(std::vector<Property>& properties, Property property) {
  const auto same = std::ranges::find(properties, property.key, &Property::key);
  if (same == properties.end()) {
    properties.push_back(std::move(property));
  } else {
    *same = std::move(property);
  }
}

// Why a key is not given to the scenario's producers.
std::optional<std::string> left_out(const std::string& key) {
  if (key == "bootstrap.servers") return "the scenario's own brokers are used";
  if (key == "key.serializer" || key == "value.serializer") {
    return "bytes go as they are, or through the scenario's own serializers";
  }
  if (key == "interceptor.classes") return "a scenario writes its own interceptors";
  if (key == "security.protocol" || key.starts_with("ssl.") || key.starts_with("sasl.")) {
    return "this model neither encrypts nor authenticates";
  }
  if (core::find_config_key(key) != nullptr) return std::nullopt;
  const auto nearest =
      core::nearest_config_key(key, core::Era::V3_9, core::rules_of(core::Era::V3_9));
  return "no client has this setting" +
         (nearest ? ": did you mean " + std::string{*nearest} + "?" : std::string{});
}

}  // namespace

std::variant<std::vector<Property>, std::vector<ParseError>> parse_properties(
    std::string_view text, const std::string& file) {
  std::vector<Property> properties;
  std::vector<ParseError> errors;
  for (const LogicalLine& line : logical_lines(text)) {
    if (auto property = property_of(line)) {
      put(properties, std::move(*property));
    } else {
      errors.push_back({file, line.number, 0, "\\u needs four hexadecimal digits",
                        "such as \\u00e4; a single backslash is written \\\\"});
    }
  }
  if (!errors.empty()) return errors;
  return properties;
}

ProducerProperties select_settings(std::vector<Property> properties, const std::string& file) {
  ProducerProperties selected{.file = file, .settings = {}, .warnings = {}};
  for (Property& property : properties) {
    const auto warn = [&](std::string_view why) {
      selected.warnings.push_back(
          fmt::format("{}:{}: warning: {}: {}", file, property.line, property.key, why));
    };
    if (const auto why = left_out(property.key)) {
      warn(*why);
      continue;
    }
    if (!core::find_config_key(property.key)->is_acted_upon) {
      warn("known to Kafka, but this model does not act on it");
    }
    selected.settings.push_back(std::move(property));
  }
  return selected;
}

std::variant<ProducerProperties, std::vector<ParseError>> load_producer_properties(
    const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) {
    return std::vector<ParseError>{{path, 0, 0, "this file cannot be read", "check its path"}};
  }
  auto parsed = parse_properties(*text, path);
  if (auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) return std::move(*errors);
  return select_settings(std::get<std::vector<Property>>(std::move(parsed)), path);
}

}  // namespace linger::sim
