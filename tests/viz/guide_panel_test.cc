#include "viz/guide_panel.h"

#include <gtest/gtest.h>

#include "screen_fixture.h"
#include "viz/pipeline_view.h"

namespace linger::viz {
namespace {

TEST(GuidePanel, AClickOnTheNextStepDoesIt) {
  Screen screen{viewer_of(kLinger)};
  screen.press(Key::F2);
  EXPECT_TRUE(screen.shows("First steps"));
  screen.click("let something happen");
  EXPECT_EQ(screen.state.timeline().cursor(), 1);
  screen.click("ask why");
  EXPECT_FALSE(std::holds_alternative<std::monostate>(screen.state.selection));
  expect_read_in_full(screen);
  screen.press(Key::F2);
  EXPECT_FALSE(screen.shows("First steps"));
}

TEST(Presentation, ShowsOneThingInLargeType) {
  Screen screen{viewer_at(kRetry, 14ms)};
  const auto before = screen.place_of("thread A");
  screen.press(Key::F5);
  const auto large = screen.place_of("thread A");
  ASSERT_TRUE(before && large);
  EXPECT_GT(large->height(), before->height() * 1.2F);
  EXPECT_FALSE(screen.shows("any of these is enough"));
  EXPECT_FALSE(screen.shows("Buffer pool"));
  expect_read_in_full(screen);
  screen.press(Key::F5);
  EXPECT_TRUE(screen.shows("any of these is enough"));
}

TEST(Presentation, SlowerIsOfferedWithTheSpeedAndFasterOrNotAtAll) {
  for (const Size display : {kSmallDisplay, kLargeDisplay, Size{1500, 900}, Size{1600, 900}}) {
    Screen screen{viewer_of(kLinger), display};
    handle(screen.state, TogglePresentation{});
    screen.settle();
    EXPECT_EQ(screen.place_of("slower").has_value(), screen.place_of("faster").has_value());
  }
}

TEST(Presentation, WeakInksBecomeStrong) {
  EXPECT_EQ(with_strong_contrast(ink::kTextWeak), rgb(0xFFFFFF));
  EXPECT_EQ(with_strong_contrast(with_alpha(ink::kSurface, 0.5F)), with_alpha(rgb(0x000000), 0.5F));
  EXPECT_EQ(with_strong_contrast(look(Meaning::Failed).colour), look(Meaning::Failed).colour);
}

TEST(ReducedMotion, NothingFlies) {
  Screen screen{viewer_at(kLinger, 4ms)};
  handle(screen.state, StepPass{});
  EXPECT_FALSE(pipeline_view(scene(screen.state)).flights.empty());
  screen.press(Key::F6);
  EXPECT_TRUE(pipeline_view(scene(screen.state)).flights.empty());
}

TEST(LawPanel, TellsWhatHoldsWithASign) {
  Screen screen{viewer_at(kMemory, 10ms)};
  screen.press({key_of('I'), {.shift = true}});
  EXPECT_TRUE(screen.shows("the pool's books balance")) << screen.all_text();
  EXPECT_TRUE(screen.shows("all hold"));
}

}  // namespace
}  // namespace linger::viz
