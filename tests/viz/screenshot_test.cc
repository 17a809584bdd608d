// Real pictures of the viewer, and what a person would notice in them.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <variant>

#include "screen_fixture.h"
#include "viz/language.h"
#include "viz/platform/fonts.h"
#include "viz/platform/offscreen.h"
#include "viz/theme.h"

namespace linger::viz {
namespace {

constexpr PixelSize kPixels{.width = 1280, .height = 720};

struct Colour {
  int red = 0;
  int green = 0;
  int blue = 0;
};

Colour pixel(const RgbaImage& image, int x, int y) {
  const auto at = static_cast<std::size_t>((y * image.size.width + x) * 4);
  return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

class Screenshot : public testing::Test {
 protected:
  void SetUp() override {
    const auto opened = OffscreenRenderer::open({.width = 320, .height = 320});
    if (const auto* error = std::get_if<PlatformError>(&opened)) {
      GTEST_SKIP() << "no pictures can be drawn here: " << error->message;
    }
  }

  static RgbaImage picture_of(const ViewerState& state, PixelSize size = kPixels) {
    const auto rendered = render_offscreen(size, [&state](const Frame& frame) {
      draw_viewer_panel(state, frame.display);
      return true;
    });
    return std::get<RgbaImage>(rendered);
  }

  // Motion has come to rest.
  static ViewerState at_rest(std::string_view toml, core::Duration since_start) {
    ViewerState state = viewer_at(toml, since_start);
    advance(state, 10);
    return state;
  }
};

// Eight records fill a batch; linger is long.
constexpr std::string_view kFilling = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[producer]
batch.size = 1000
linger.ms = 50
[[thread]]
name = "A"
run = [{ send = "orders", partition = 0, value_size = 100, count = 8, every = "1ms" }]
)";

// Where the box of the batch is: a little around its label.
Rect box_of_batch(ViewerState state) {
  Screen screen{std::move(state)};
  const auto records = screen.place_of("1 record");
  return {records->left - 6, records->top - 30, records->left + 110, records->bottom + 24};
}

// Pixels that are more than a little blue, as what fills a batch is.
int filled_pixels(const RgbaImage& image, Rect area) {
  int count = 0;
  for (int y = static_cast<int>(area.top); y < static_cast<int>(area.bottom); ++y) {
    for (int x = static_cast<int>(area.left); x < static_cast<int>(area.right); ++x) {
      const Colour colour = pixel(image, x, y);
      if (colour.blue > 110 && colour.blue > colour.red + 45) ++count;
    }
  }
  return count;
}

TEST_F(Screenshot, IsTheSameEachTimeByteForByte) {
  const ViewerState state = viewer_at(kRetry, 5ms);
  const RgbaImage first = picture_of(state);
  EXPECT_EQ(first.size, kPixels);
  EXPECT_EQ(first, picture_of(state));
  EXPECT_EQ(first, picture_of(viewer_at(kRetry, 5ms)));
}

// How many pixels differ from the ground.
int drawn_pixels(const RgbaImage& image) {
  int count = 0;
  for (int y = 0; y < image.size.height; ++y) {
    for (int x = 0; x < image.size.width; ++x) {
      const Colour colour = pixel(image, x, y);
      if (colour.red > 40 || colour.green > 50 || colour.blue > 60) ++count;
    }
  }
  return count;
}

TEST_F(Screenshot, ShowsAsMuchAfterTheZoomWasChanged) {
  ViewerState state = viewer_at(kRetry, 5ms);
  const int usual = drawn_pixels(picture_of(state));
  handle(state, ChangeZoom{Way::Forward});
  EXPECT_GT(drawn_pixels(picture_of(state)), usual / 2);
}

bool has_ink(const RgbaImage& image, const Rect& area) {
  const auto left = static_cast<int>(area.left);
  const auto top = static_cast<int>(area.top);
  const Colour first = pixel(image, left, top);
  for (int y = top; y < static_cast<int>(area.bottom); ++y) {
    for (int x = left; x < static_cast<int>(area.right); ++x) {
      const Colour other = pixel(image, x, y);
      const int difference = std::abs(other.red - first.red) + std::abs(other.green - first.green) +
                             std::abs(other.blue - first.blue);
      if (difference > 60) return true;
    }
  }
  return false;
}

// So what other tests compute of texts, without a renderer, is true of what a person sees.
TEST_F(Screenshot, EveryTextIsWhereTheTestsSeeItInBothSizesAndLanguages) {
  for (const Language spoken : {Language::English, Language::Chinese}) {
    if (spoken == Language::Chinese && chinese_font().path.empty()) continue;
    set_language(spoken);
    for (const Size display : {kSmallDisplay, kLargeDisplay}) {
      const Screen screen{viewer_at(kRetry, 5ms), display};
      const RgbaImage image = picture_of(
          screen.state,
          {.width = static_cast<int>(display.width), .height = static_cast<int>(display.height)});
      int texts = 0;
      for (const SeenText& seen : screen.backend.seen_texts()) {
        if (!seen.is_visible || seen.rect.width() < 4) continue;
        ++texts;
        EXPECT_TRUE(has_ink(image, seen.rect)) << seen.text;
      }
      EXPECT_GT(texts, 30);
    }
  }
  set_language(Language::English);
}

TEST_F(Screenshot, ABatchIsSeenToFill) {
  const Rect box = box_of_batch(at_rest(kFilling, 0ms));
  const int one = filled_pixels(picture_of(at_rest(kFilling, 500us)), box);
  const int four = filled_pixels(picture_of(at_rest(kFilling, 3500us)), box);
  const int eight = filled_pixels(picture_of(at_rest(kFilling, 7500us)), box);
  EXPECT_GT(four, one + 1000);
  EXPECT_GT(eight, four + 1000);
}

TEST_F(Screenshot, ABatchIsSeenToFly) {
  // Between two events nothing happens but that the request comes nearer to its broker.
  const ViewerState early = viewer_at(kRetry, 500us);
  const ViewerState late = viewer_at(kRetry, 1500us);
  EXPECT_EQ(early.timeline().cursor(), late.timeline().cursor());
  EXPECT_NE(picture_of(early), picture_of(late));
}

TEST_F(Screenshot, ABrokenConnectionIsSeen) {
  // The cross on the wire has the colour of what failed; before, nothing in the picture had.
  const auto failed_pixels = [](const RgbaImage& image) {
    int count = 0;
    for (int y = 110; y < 500; ++y) {
      for (int x = 630; x < 780; ++x) {
        const Colour colour = pixel(image, x, y);
        if (colour.red > 240 && colour.green < 120 && colour.blue < 80) ++count;
      }
    }
    return count;
  };
  ViewerState whole = at_rest(kLinger, 1ms);
  ViewerState broken = whole;
  handle(broken, InjectFault{sim::Disconnect{core::NodeId{0}}});
  handle(broken, StepMillisecond{Way::Forward});
  advance(broken, 10);
  EXPECT_EQ(failed_pixels(picture_of(whole)), 0);
  EXPECT_GT(failed_pixels(picture_of(broken)), 20);
}

}  // namespace
}  // namespace linger::viz
