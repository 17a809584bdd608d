// Runs the benchmarks and prints their figures as one table, each beside its target.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linger::bench {
namespace {

struct Row {
  std::string name;  // of the benchmark, with its arguments
  std::string what;
  std::string unit;
  double target = 0;
  bool at_most = false;
  std::vector<double> values;  // of each repetition

  double median() {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }
};

std::string verdict(const Row& row, double value) {
  if (row.target == 0) return "";
  const bool is_met = row.at_most ? value <= row.target : value >= row.target;
  if (is_met) return "met";
  const double times = row.at_most ? value / row.target : row.target / value;
  char text[32];
  std::snprintf(text, sizeof text, "missed %.1f times", times);
  return text;
}

class Table : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      Row& row = row_of(run);
      row.values.push_back(run.counters.at("figure").value);
    }
    std::fprintf(stderr, "\r%3zu figures", rows_.size());
  }

  void Finalize() override {
    std::fprintf(stderr, "\r            \r");
    std::printf("%-76s %9s %9s  %s\n", "figure", "measured", "target", "");
    for (Row& row : rows_) {
      const double value = row.median();
      const std::string target = row.target == 0 ? "" : number(row.target);
      std::printf("%-76s %9s %9s  %s\n", (row.what + ", " + row.unit).c_str(),
                  number(value).c_str(), target.c_str(), verdict(row, value).c_str());
    }
  }

 private:
  Row& row_of(const Run& run) {
    const std::string name = run.run_name.str();
    if (!rows_.empty() && rows_.back().name == name) return rows_.back();
    Row row;
    row.name = name;
    const std::size_t bar = run.report_label.find('|');
    row.what = run.report_label.substr(0, bar);
    row.unit = run.report_label.substr(bar + 1);
    row.target = run.counters.at("target").value;
    row.at_most = run.counters.at("at_most").value != 0;
    return rows_.emplace_back(std::move(row));
  }

  static std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    return text;
  }

  std::vector<Row> rows_;
};

// Google Benchmark's own reporters stay within reach, for its tools.
bool wants_other_format(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
    return argument.starts_with("--benchmark_format");
  });
}

}  // namespace
}  // namespace linger::bench

int main(int argc, char** argv) {
  // Memory that was used once is kept, as in a process that has run for a while: on a virtual
  // machine the first touch of a page can cost as much as many records.
  constexpr int kLargest = 32 * 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, kLargest);
  mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
  mallopt(M_TOP_PAD, kLargest);
  const bool has_format = linger::bench::wants_other_format(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  linger::bench::Table table;
  if (has_format) {
    benchmark::RunSpecifiedBenchmarks();
  } else {
    benchmark::RunSpecifiedBenchmarks(&table);
  }
  return 0;
}
