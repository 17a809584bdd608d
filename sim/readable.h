// Amounts and tables as people read them. Integers only, so that they are the same everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"

namespace linger::sim {

// One decimal, rounded: "8.3"; "-" where there is nothing to divide by.
std::string quotient_text(std::int64_t dividend, std::int64_t divisor);
std::string percent_text(std::int64_t part, std::int64_t whole);  // "5.7 %"

// "933 B", "48.0 KiB": exact below 10,000 bytes, to one decimal above.
std::string readable_size(core::Bytes size);

// "12.000 ms"
std::string readable_duration(core::Duration duration);

// "1 batch", "3 batches"
std::string counted(std::int64_t count, std::string_view one, std::string_view many);
std::string counted(std::int64_t count, std::string_view one);  // many: with an s

std::string_view yes_or_no(bool value);

// How wide a text is on a terminal whose characters are all one column wide.
std::size_t display_width(std::string_view text);

// Rows whose columns are aligned.
class TextTable {
 public:
  enum class Align { Left, Right };
  // Columns beyond those named are left-aligned.
  explicit TextTable(std::vector<Align> alignments = {}) : alignments_{std::move(alignments)} {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }

  // Each line begins with `indent`; two spaces stand between columns, none at the end of a line.
  std::string text(std::string_view indent = "") const;

 private:
  std::vector<Align> alignments_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace linger::sim
