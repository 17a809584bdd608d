// Every input of the corpora, also those that once brought something down.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "entries.h"

namespace linger::fuzz {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> inputs_of(const Entry& entry) {
  const fs::path folder = fs::path{LINGER_SOURCE_DIR} / "tests/fuzz/corpus" / entry.name;
  std::vector<fs::path> inputs;
  if (!fs::exists(folder)) return inputs;
  for (const auto& file : fs::directory_iterator{folder}) inputs.push_back(file.path());
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

class Corpus : public testing::TestWithParam<Entry> {};

TEST_P(Corpus, IsTakenWithoutHarm) {
  const std::vector<fs::path> inputs = inputs_of(GetParam());
  EXPECT_FALSE(inputs.empty());
  for (const fs::path& input : inputs) {
    SCOPED_TRACE(input.string());
    std::ifstream file{input, std::ios::binary};
    const core::ByteVector bytes{std::istreambuf_iterator<char>{file}, {}};
    ASSERT_NO_THROW(GetParam().run(bytes));
    // The same, cut off anywhere.
    for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 7 + 1) {
      ASSERT_NO_THROW(GetParam().run(core::ByteSpan{bytes}.first(size))) << "cut off at " << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzzed, Corpus, testing::ValuesIn(entries().begin(), entries().end()),
                         [](const testing::TestParamInfo<Entry>& one) {
                           return std::string{one.param.name};
                         });

}  // namespace
}  // namespace linger::fuzz
