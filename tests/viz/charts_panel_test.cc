// The charts as a person sees and uses them.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "screen_fixture.h"

namespace linger::viz {
namespace {

std::int64_t shown_us(const Screen& screen) {
  return screen.state.shown_at.time_since_epoch().count();
}

// A batch nobody leads the partition of expires after two minutes.
std::string two_minutes() {
  std::string toml{kExpiry};
  toml.replace(toml.find("request.timeout.ms = 100"), 24, "request.timeout.ms = 30000");
  toml.replace(toml.find("delivery.timeout.ms = 200"), 25, "delivery.timeout.ms = 120000");
  return toml;
}

TEST(Charts, OneAtATimeTakesThePlaceOfThePicture) {
  Screen screen{viewer_at(kRetry, 14ms)};
  EXPECT_TRUE(screen.shows("Buffer pool"));
  screen.press('J');
  EXPECT_TRUE(screen.shows("Batches over time")) << screen.all_text();
  EXPECT_FALSE(screen.shows("Buffer pool"));
  screen.press('J');
  EXPECT_TRUE(screen.shows("Buffer pool"));
}

TEST(Charts, AClickOnABarSelectsItsBatch) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press('J');
  screen.click("B", At::TheRight);  // in the bar of the batch that backs off
  EXPECT_EQ(screen.state.selection, Selection{batch(0)});
  EXPECT_EQ(shown_us(screen), 14'000);
}

TEST(Charts, AClickOnTheirTimeGoesThere) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press('J');
  const auto tick = screen.place_of("20.0 ms");
  ASSERT_TRUE(tick.has_value()) << screen.all_text();
  screen.backend.click(tick->centre());
  screen.settle();
  EXPECT_NEAR(static_cast<double>(shown_us(screen)), 20'000, 500);
}

TEST(Charts, AShorterStretchOfTimeIsDrawnLarger) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press('J');
  screen.click("+");
  EXPECT_EQ(screen.state.time_halvings, 1);
  screen.press({Key::Up, {.control = true}});
  EXPECT_EQ(screen.state.time_halvings, 2);
  screen.click("–");
  EXPECT_EQ(screen.state.time_halvings, 1);
}

TEST(Charts, AClickOnAnArrowSelectsItsRequest) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press('K');
  EXPECT_TRUE(screen.shows("broker 1"));
  screen.click("answer to 0: NOT_ENOUGH_REPLICAS");
  EXPECT_EQ(screen.state.selection,
            (Selection{RequestRef{core::ProducerIndex{0}, core::CorrelationId{0}}}));
}

TEST(Charts, AClickOnATimeOfTheConversationGoesThere) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press('K');
  screen.click("2.000 ms");
  EXPECT_EQ(shown_us(screen), 2'000);
}

TEST(Charts, AClickIntoAPlotGoesToItsTime) {
  Screen screen{viewer_at(kMemory, 10ms)};
  screen.press('Y');
  for (const char* text : {"pool memory available", "buffer.memory 2000 B", "batch.size 1000 B",
                           "latency of each record", "records acknowledged"}) {
    EXPECT_TRUE(screen.shows(text)) << text << "\n" << screen.all_text();
  }
  const auto tick = screen.place_of("20.0 ms");
  ASSERT_TRUE(tick.has_value()) << screen.all_text();
  screen.backend.click({tick->centre().x, tick->top - 30});
  screen.settle();
  EXPECT_NEAR(static_cast<double>(shown_us(screen)), 20'000, 1'000);
}

TEST(Charts, TheBytesOfARequestComeWithIt) {
  Screen screen{viewer_at(kRetry, 14ms)};
  screen.press('U');
  for (const char* text : {"Frames on a wire", "Produce 0", "answer to 0", "A record's bytes",
                           "offset delta", "in the buffer of b0"}) {
    EXPECT_TRUE(screen.shows(text)) << text << "\n" << screen.all_text();
  }
  EXPECT_FALSE(screen.shows("··"));
  screen.click("answer to 0");
  EXPECT_EQ(screen.state.selection,
            (Selection{RequestRef{core::ProducerIndex{0}, core::CorrelationId{0}}}));
}

TEST(Charts, AreReadInFullWhereverTheyAre) {
  for (const Size display : {kSmallDisplay, kLargeDisplay}) {
    for (const char key : {'J', 'K', 'Y', 'U'}) {
      for (const ViewerState& state : {viewer_at(kRetry, 30ms), viewer_at(two_minutes(), 121s)}) {
        Screen screen{state, display};
        screen.press(key);
        for (const Label& label : screen.backend.labels()) {
          EXPECT_FALSE(label.is_ellipsized) << key << ": " << label.text;
        }
      }
    }
  }
}

TEST(Charts, AFileIsWrittenBesideTheScenario) {
  const std::filesystem::path folder = std::filesystem::path{testing::TempDir()} / "charts_panel";
  std::filesystem::create_directories(folder);
  ViewerState state = viewer_at(kRetry, 30ms);
  auto scenario = std::make_shared<sim::Scenario>(state.scenario());
  scenario->file = (folder / "retry.toml").string();
  ViewerState named{scenario};
  handle(named, SeekTime{at(30ms)});
  Screen screen{std::move(named)};
  screen.press('K');
  screen.click("SVG");
  EXPECT_TRUE(std::filesystem::exists(folder / "retry-1.svg"));
  screen.press({key_of('C'), {.control = true}});
  EXPECT_TRUE(std::filesystem::exists(folder / "retry-1.csv"));
  EXPECT_TRUE(screen.shows("saved as")) << screen.all_text();
  std::filesystem::remove_all(folder);
}

TEST(Charts, BeforeAnythingHappenedTheySaySo) {
  Screen screen{viewer_of(kLinger)};
  handle(screen.state, ToStart{});
  screen.press('J');
  EXPECT_TRUE(screen.shows("No batch was opened yet.")) << screen.all_text();
}

}  // namespace
}  // namespace linger::viz
