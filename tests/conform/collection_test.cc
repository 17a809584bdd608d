#include "sim/conform/collection.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace linger::sim::conform {
namespace {

namespace fs = std::filesystem;

// A directory of observations that lasts as long as the test.
class ConformCollection : public testing::Test {
 protected:
  ConformCollection() { fs::create_directories(top_ / "3.9"); }
  ~ConformCollection() override { fs::remove_all(top_); }

  void put(const std::string& file) {
    const fs::path path = top_ / file;
    fs::create_directories(path.parent_path());
    std::ofstream{path} << "# END t=0\n";
  }
  Collection found(const std::string& era = "", const std::string& filter = "") const {
    return collect({{top_.string()}, era, filter});
  }
  std::string errors_of(const Collection& collection) const {
    std::string all = text(collection.errors);
    for (auto at = all.find(top_.string()); at != std::string::npos; at = all.find(top_.string())) {
      all.replace(at, top_.string().size(), "TOP");
    }
    return all;
  }

  const fs::path top_ =
      fs::path{testing::TempDir()} /
      ("conform-" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
};

TEST_F(ConformCollection, FindsPairsAtAnyDepthByPath) {
  for (const char* name : {"3.9/b", "3.9/a", "more/2.8/c"}) {
    put(std::string{name} + ".scenario");
    put(std::string{name} + ".trace");
  }
  const Collection collection = found();
  ASSERT_EQ(collection.pairs.size(), 3u);
  EXPECT_EQ(collection.pairs[0].name, (top_ / "3.9/a").string());
  EXPECT_EQ(collection.pairs[2].era, core::Era::V2_8);
  EXPECT_EQ(found("3.9").pairs.size(), 2u);
  EXPECT_EQ(found("", "/b").pairs.size(), 1u);
  EXPECT_TRUE(collection.errors.empty());
}

TEST_F(ConformCollection, AHalfThatLacksTheOtherIsAnError) {
  put("3.9/alone.scenario");
  put("3.9/left.trace");
  EXPECT_EQ(errors_of(found()),
            "TOP/3.9/alone.scenario: error: its trace is missing\n"
            "  fix: put it beside: TOP/3.9/alone.trace\n"
            "TOP/3.9/left.trace: error: its scenario is missing\n"
            "  fix: put it beside: TOP/3.9/left.scenario\n");
}

TEST_F(ConformCollection, AFolderThatIsNoEraIsAnError) {
  put("4.2/x.scenario");
  put("4.2/x.trace");
  EXPECT_EQ(errors_of(found()),
            "TOP/4.2/x.scenario: error: its folder is named after no era\n"
            "  fix: 0.10.2, 2.8 or 3.9\n");
}

TEST_F(ConformCollection, NothingFoundIsAnError) {
  EXPECT_EQ(errors_of(found()),
            "TOP: error: there is no pair of NAME.scenario and NAME.trace below it\n"
            "  fix: name a directory that holds some\n");
  EXPECT_EQ(text(collect({{"no-such-directory"}, "", ""}).errors),
            "no-such-directory: error: there is no such directory\n  fix: check its path\n");
}

TEST_F(ConformCollection, APairBelowTwoDirectoriesIsPlayedOnce) {
  put("3.9/a.scenario");
  put("3.9/a.trace");
  const Collection collection = collect({{top_.string(), (top_ / "3.9").string()}, "", ""});
  EXPECT_EQ(collection.pairs.size(), 1u);
  EXPECT_TRUE(collection.errors.empty());
}

}  // namespace
}  // namespace linger::sim::conform
