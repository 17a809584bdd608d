// Reads values out of TOML tables, and collects what is wrong with them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "sim/parse_error.h"
#include "sim/toml_tree.h"

namespace linger::sim {

// The mistakes found in one file.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_{std::move(file)} {}

  // The same mistake at the same place, made by each of several producers, is one mistake.
  void add(Position at, std::string message, std::string fix = "");
  bool empty() const { return errors_.empty(); }
  std::vector<ParseError> sorted() const;  // by their place in the file

 private:
  std::string file_;
  std::vector<ParseError> errors_;
};

struct IntegerRange {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int32_t>::max();
};

// The value of a node as a type, or nullopt, and a mistake is noted.
std::optional<bool> boolean_of(const TomlNode& node, Mistakes& mistakes);
std::optional<std::string> text_of(const TomlNode& node, Mistakes& mistakes);
std::optional<std::int64_t> integer_of(const TomlNode& node, IntegerRange range,
                                       Mistakes& mistakes);
std::optional<core::Duration> duration_of(const TomlNode& node, Mistakes& mistakes);
std::optional<core::Bytes> size_of(const TomlNode& node, Mistakes& mistakes);

// One table. Every key it is asked for becomes a known one; finish() reports all others.
class TableReader {
 public:
  // `name` is what messages call the table: "[network]". Requires: the node is a Table.
  TableReader(const TomlNode& table, std::string name, Mistakes& mistakes)
      : table_{table}, name_{std::move(name)}, mistakes_{mistakes} {}

  // nullptr if the key is not there.
  const TomlNode* find(std::string_view key);
  // The same, but a mistake is noted if it is not there.
  const TomlNode* require(std::string_view key, std::string_view example);

  // Set the value if the key is there and as it should be.
  void read(std::string_view key, bool& value);
  void read(std::string_view key, std::string& value);
  void read(std::string_view key, std::optional<std::string>& value);
  void read(std::string_view key, core::Duration& value);
  void read(std::string_view key, std::optional<core::Duration>& value);
  void read(std::string_view key, core::Instant& value);
  void read(std::string_view key, std::optional<core::Instant>& value);
  void read(std::string_view key, core::Bytes& value);
  void read(std::string_view key, std::int32_t& value, IntegerRange range);
  void read(std::string_view key, std::optional<std::int32_t>& value, IntegerRange range);
  void read(std::string_view key, std::int64_t& value, IntegerRange range);
  // A bare number of milliseconds, as Kafka's own keys have it.
  void read_milliseconds(std::string_view key, core::Duration& value, std::int64_t least = 1);

  // The tables under a key: [[key]], or a single [key].
  std::vector<const TomlNode*> tables(std::string_view key);

  // Two ways to say one thing: at most one may be there.
  void exclude(std::string_view one, std::string_view other);

  void finish();

  Position at() const { return table_.at; }
  const std::string& name() const { return name_; }
  Mistakes& mistakes() { return mistakes_; }

 private:
  const TomlNode& table_;
  std::string name_;
  Mistakes& mistakes_;
  std::vector<std::string> known_;
};

// A name that must be one of those known. Notes a mistake if it is not.
bool check_known(const TomlNode& node, const std::string& name, std::string_view what,
                 const std::vector<std::string>& known, Mistakes& mistakes);

}  // namespace linger::sim
