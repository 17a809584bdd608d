#include "sim/readable.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/check.h"

namespace linger::sim {

namespace {

constexpr std::int64_t kExactBelow = 10'000;

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

}  // namespace

// Requires: what is divided stays below 2^63 / 20.
std::string quotient_text(std::int64_t dividend, std::int64_t divisor) {
  CHECK(dividend >= 0 && divisor >= 0);
  if (divisor == 0) return "-";
  const std::int64_t tenths = (dividend * 20 / divisor + 1) / 2;
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::string percent_text(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "-";
  return quotient_text(part * 100, whole) + " %";
}

std::string readable_size(core::Bytes size) {
  constexpr std::int64_t kUnit = 1024;
  if (size.count() < kExactBelow) return fmt::format("{} B", size.count());
  std::int64_t divisor = kUnit;
  for (const char* unit : {"KiB", "MiB", "GiB"}) {
    if (size.count() < divisor * kUnit) return quotient_text(size.count(), divisor) + " " + unit;
    divisor *= kUnit;
  }
  return quotient_text(size.count(), divisor) + " TiB";
}

std::string readable_duration(core::Duration duration) {
  constexpr std::int64_t kMillisecond = 1'000;
  const std::int64_t us = duration.count();
  if (us < 0) return "-" + readable_duration(-duration);
  return fmt::format("{}.{:03} ms", us / kMillisecond, us % kMillisecond);
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string counted(std::int64_t count, std::string_view one) {
  return counted(count, one, fmt::format("{}s", one));
}

std::string_view yes_or_no(bool value) {
  return value ? "yes" : "no";
}

std::size_t display_width(std::string_view text) {
  const auto begins_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string TextTable::text(std::string_view indent) const {
  const std::vector<std::size_t> widths = column_widths(rows_);
  std::string text;
  for (const auto& row : rows_) {
    std::string line{indent};
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - display_width(row[i]), ' ');
      const bool is_right = i < alignments_.size() && alignments_[i] == Align::Right;
      if (i > 0) line += "  ";
      line += is_right ? padding + row[i] : row[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace linger::sim
