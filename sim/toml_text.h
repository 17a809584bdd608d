// Values as TOML writes them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linger::sim {

std::string toml_quoted(std::string_view text);  // "orders"
std::string toml_key(std::string_view key);      // latency, or "KIP 1" where it needs quotes

// The key = value pairs of a table, in the order in which they were added.
class TomlTable {
 public:
  // `value` is TOML already.
  void add(std::string_view key, std::string value) { pairs_.emplace_back(key, std::move(value)); }
  void add_text(std::string_view key, std::string_view text) { add(key, toml_quoted(text)); }

  bool empty() const { return pairs_.empty(); }
  std::string lines() const;    // one pair a line
  std::string in_line() const;  // { send = "orders", count = 3 }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace linger::sim
