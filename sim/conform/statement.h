// One line of an observed scenario: a word, values, and options.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error_code.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/fault.h"
#include "sim/parse_error.h"

namespace linger::sim::conform {

// The mistakes of one file, by line.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_{std::move(file)} {}
  void add(std::int32_t line, std::string message, std::string fix) {
    errors_.push_back({file_, line, 1, std::move(message), std::move(fix)});
  }
  bool empty() const { return errors_.empty(); }
  const std::vector<ParseError>& all() const { return errors_; }

 private:
  std::string file_;
  std::vector<ParseError> errors_;
};

// The words of a line, taken from the front; `name=value` are options, taken by name. What nobody
// took is a mistake.
//
//   at 5 send tp=t-0 size=100 n=3
//   ── ─ ──── ──────────────────
//   words     options
class Statement {
 public:
  Statement(std::string_view line, std::int32_t number, Mistakes& mistakes);

  bool is_empty() const { return words_.empty() && options_.empty(); }
  std::int32_t line() const { return line_; }

  // The next word; empty, and a mistake, if there is none. `what` names it in messages.
  std::string word(std::string_view what);
  // The next word, if there is one.
  std::optional<std::string> maybe_word();
  // All words that are left, with blanks between them.
  std::string rest();
  std::int64_t number(std::string_view what);
  core::Duration milliseconds(std::string_view what);
  bool truth(std::string_view what);
  core::NodeId node(std::string_view what);
  PartitionName partition(std::string_view what);

  std::optional<std::string> option(std::string_view name);
  std::optional<std::int64_t> number_option(std::string_view name);
  std::optional<core::Duration> milliseconds_option(std::string_view name);
  std::optional<PartitionName> partition_option(std::string_view name);
  std::optional<core::ErrorCode> error_option(std::string_view name);
  // A word without "=" that may stand anywhere: "drop".
  bool flag(std::string_view name);

  void fail(std::string message, std::string fix);
  // Reports what was not taken, if nothing else is wrong.
  void finish();

  // Values out of texts that stand in this line.
  std::int64_t to_number(const std::string& text, std::string_view what);
  std::int64_t not_negative(std::int64_t value, std::string_view what);
  PartitionName to_partition(const std::string& text, std::string_view what);

 private:
  struct Option {
    std::string name;
    std::string value;
    bool was_taken = false;
  };

  std::int32_t line_;
  Mistakes* mistakes_;
  bool has_failed_ = false;
  std::vector<std::string> words_;
  std::vector<Option> options_;
};

}  // namespace linger::sim::conform
