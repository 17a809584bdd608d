#include "viz/chinese.h"

#include <algorithm>

namespace linger::viz {
namespace {

std::vector<ChineseRow> all_chinese_rows() {
  std::vector<ChineseRow> rows;
  for (const std::span<const ChineseRow> table :
       {chinese_of_batches(), chinese_of_brokers(), chinese_of_faults(), chinese_of_flips(),
        chinese_of_keys(), chinese_of_lesson(), chinese_of_moves(), chinese_of_prompt(),
        chinese_of_record_bytes(), chinese_of_records(), chinese_of_replicas(), chinese_of_rules(),
        chinese_of_runs(), chinese_of_why(), chinese_of_words()}) {
    rows.insert(rows.end(), table.begin(), table.end());
  }
  std::ranges::sort(rows, {}, &ChineseRow::english);
  return rows;
}

}  // namespace

const std::vector<ChineseRow>& chinese_rows() {
  static const std::vector<ChineseRow> rows = all_chinese_rows();
  return rows;
}

}  // namespace linger::viz
