// Adds to a TOML table what differs from the default.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/bytes.h"
#include "core/time.h"
#include "sim/toml_text.h"
#include "sim/units.h"

namespace linger::sim {

inline std::string time_text(core::Duration duration) {
  return toml_quoted(duration_text(duration));
}
inline std::string time_text(core::Instant at) {
  return time_text(at.time_since_epoch());
}

// A bare integer where there is no unit to show: 100, "16KiB".
inline std::string size_value(core::Bytes size) {
  const std::string text = size_text(size);
  const bool is_integer = text.back() >= '0' && text.back() <= '9';
  return is_integer ? text : toml_quoted(text);
}

inline std::string truth(bool value) {
  return value ? "true" : "false";
}

class Differences {
 public:
  explicit Differences(TomlTable& table) : table_{table} {}

  void time(std::string_view key, core::Duration value, core::Duration usual = {}) {
    if (value != usual) table_.add(key, time_text(value));
  }
  void time(std::string_view key, const std::optional<core::Duration>& value) {
    if (value) table_.add(key, time_text(*value));
  }
  void time(std::string_view key, const std::optional<core::Instant>& value) {
    if (value) table_.add(key, time_text(*value));
  }
  // A bare number, as TableReader::read_milliseconds reads it.
  void milliseconds(std::string_view key, core::Duration value, core::Duration usual) {
    if (value == usual) return;
    table_.add(key, fmt::format("{}", std::chrono::floor<core::Milliseconds>(value).count()));
  }
  void size(std::string_view key, core::Bytes value, core::Bytes usual) {
    if (value != usual) table_.add(key, size_value(value));
  }
  void boolean(std::string_view key, bool value, bool usual) {
    if (value != usual) table_.add(key, truth(value));
  }
  void integer(std::string_view key, std::int64_t value, std::int64_t usual) {
    if (value != usual) table_.add(key, fmt::format("{}", value));
  }
  template <class Integer>
  void integer(std::string_view key, const std::optional<Integer>& value) {
    if (value) table_.add(key, fmt::format("{}", *value));
  }
  void text(std::string_view key, const std::string& value, std::string_view usual = "") {
    if (value != usual) table_.add_text(key, value);
  }
  void text(std::string_view key, const std::optional<std::string>& value) {
    if (value) table_.add_text(key, *value);
  }

 private:
  TomlTable& table_;
};

}  // namespace linger::sim
