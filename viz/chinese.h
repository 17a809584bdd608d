// The tables of what the viewer says in Simplified Chinese, by room.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace linger::viz {

struct ChineseRow {
  std::string_view english;  // the text or pattern as it stands in the code
  std::string_view chinese;  // with the same places in braces, which may stand in another order
};

// All of them, sorted by the English text.
const std::vector<ChineseRow>& chinese_rows();

std::span<const ChineseRow> chinese_of_batches();
std::span<const ChineseRow> chinese_of_brokers();
std::span<const ChineseRow> chinese_of_faults();
std::span<const ChineseRow> chinese_of_flips();
std::span<const ChineseRow> chinese_of_keys();
std::span<const ChineseRow> chinese_of_lesson();
std::span<const ChineseRow> chinese_of_moves();
std::span<const ChineseRow> chinese_of_prompt();
std::span<const ChineseRow> chinese_of_record_bytes();
std::span<const ChineseRow> chinese_of_records();
std::span<const ChineseRow> chinese_of_replicas();
std::span<const ChineseRow> chinese_of_rules();
std::span<const ChineseRow> chinese_of_runs();
std::span<const ChineseRow> chinese_of_why();
std::span<const ChineseRow> chinese_of_words();

}  // namespace linger::viz
