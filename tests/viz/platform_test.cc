#include <gtest/gtest.h>
#include <imgui.h>

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "viz/platform/draw.h"
#include "viz/platform/fonts.h"
#include "viz/platform/image.h"
#include "viz/platform/input.h"
#include "viz/platform/key_queue.h"
#include "viz/platform/null_backend.h"
#include "viz/platform/offscreen.h"
#include "viz/theme.h"

#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb_image.h>

namespace linger::viz {
namespace {

constexpr Size kDisplay{640, 480};

// A window over the whole display, so that positions do not depend on ImGui's layout of windows.
template <class Body>
FrameFunction in_window(Body body) {
  return [body](const Frame& frame) {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({frame.display.width, frame.display.height});
    ImGui::Begin("Test", nullptr, ImGuiWindowFlags_NoDecoration);
    body();
    ImGui::End();
    return true;
  };
}

FrameFunction some_picture() {
  return in_window([] {
    ImGui::TextUnformatted("batch 7 is ready");
    const Rect area = reserve("batch", {200, 40});
    draw_box(*ImGui::GetWindowDrawList(), area,
             {.meaning = Meaning::InFlight, .label = "orders-0", .fill = 0.5F});
  });
}

// What a frame sees of keys: for each, what it is, and whether it goes down.
using Seen = std::vector<std::pair<int, bool>>;
constexpr int kCtrl = 341;
constexpr int kP = 'P';
KeyQueue pressed(const Seen& changes) {
  KeyQueue queue;
  for (const auto& [key, is_down] : changes) {
    queue.push({.key = key, .action = is_down ? 1 : 0, .is_modifier = key == kCtrl});
  }
  return queue;
}
Seen next_frame(KeyQueue& queue) {
  Seen seen;
  for (const KeyQueue::Event& event : queue.take()) seen.emplace_back(event.key, event.action == 1);
  return seen;
}

TEST(KeyQueue, AChordThatIsLetGoBeforeTheFrameIsStillAChord) {
  KeyQueue queue = pressed({{kCtrl, true}, {kP, true}, {kCtrl, false}, {kP, false}});
  EXPECT_EQ(next_frame(queue), (Seen{{kCtrl, true}, {kP, true}}));
  EXPECT_EQ(next_frame(queue), (Seen{{kCtrl, false}, {kP, false}}));
  EXPECT_EQ(next_frame(queue), Seen{});
}

TEST(KeyQueue, AKeyPressedTwiceWithinAFrameIsSeenTwice) {
  KeyQueue queue = pressed({{kP, true}, {kP, false}, {kP, true}, {kP, false}});
  for (const bool is_down : {true, false, true, false}) {
    EXPECT_EQ(next_frame(queue), (Seen{{kP, is_down}}));
  }
}

TEST(KeyQueue, AModifierAfterAKeyIsNotTakenForItsChord) {
  KeyQueue queue = pressed({{kP, true}, {kCtrl, true}});
  EXPECT_EQ(next_frame(queue), (Seen{{kP, true}}));
  EXPECT_EQ(next_frame(queue), (Seen{{kCtrl, true}}));
}

TEST(NullBackend, DrawsAFrameOfTheDisplaysSize) {
  Frame seen;
  NullBackend backend{kDisplay, [&seen](const Frame& frame) {
                        seen = frame;
                        return true;
                      }};
  EXPECT_TRUE(backend.draw());
  EXPECT_EQ(seen.display.width, 640);
  EXPECT_EQ(seen.display.height, 480);
  EXPECT_DOUBLE_EQ(seen.seconds, 1.0 / 60);
}

TEST(NullBackend, TellsThatTheFunctionQuits) {
  NullBackend backend{kDisplay, [](const Frame&) { return false; }};
  EXPECT_FALSE(backend.draw());
}

TEST(NullBackend, SeesTheTextOfImGuisOwnWidgets) {
  NullBackend backend{kDisplay, in_window([] { ImGui::TextUnformatted("linger.ms is 5 ms"); })};
  backend.draw_frames(2);
  const auto seen = backend.find("linger.ms is 5 ms");
  ASSERT_TRUE(seen.has_value());
  EXPECT_TRUE((Rect{0, 0, 640, 480}.contains(seen->rect.centre())));
  EXPECT_FALSE(backend.find("batch.size").has_value());
}

TEST(NullBackend, DoesNotFindTextThatIsScrolledAway) {
  NullBackend backend{kDisplay, in_window([] {
                        ImGui::SetCursorPosY(475);
                        ImGui::TextUnformatted("below the edge");
                      })};
  backend.draw_frames(2);
  EXPECT_FALSE(backend.find("below the edge").has_value());
}

TEST(NullBackend, ClicksAButtonByItsText) {
  int clicks = 0;
  NullBackend backend{kDisplay, in_window([&clicks] {
                        ImGui::TextUnformatted("Cancel or");
                        if (ImGui::Button("Fork here")) ++clicks;
                      })};
  backend.draw_frames(2);
  EXPECT_TRUE(backend.click_on("Fork here"));
  EXPECT_EQ(clicks, 1);
  EXPECT_FALSE(backend.click_on("no such button"));
  EXPECT_EQ(clicks, 1);
}

TEST(NullBackend, TypesIntoTheFieldThatWasClicked) {
  std::array<char, 32> text{};
  Rect field;
  NullBackend backend{kDisplay, in_window([&] {
                        ImGui::InputText("value", text.data(), text.size());
                        const ImVec2 from = ImGui::GetItemRectMin();
                        const ImVec2 to = ImGui::GetItemRectMax();
                        field = {from.x, from.y, to.x, to.y};
                      })};
  backend.draw_frames(2);
  backend.click({field.left + 20, field.centre().y});
  backend.type("linger 5");
  backend.draw();
  EXPECT_STREQ(text.data(), "linger 5");
  backend.press_key(Key::Backspace);
  EXPECT_STREQ(text.data(), "linger ");
}

TEST(NullBackend, DragsASlider) {
  float value = 0;
  NullBackend backend{kDisplay, in_window([&value] {
                        ImGui::SetNextItemWidth(400);
                        ImGui::SliderFloat("##slider", &value, 0, 1);
                      })};
  backend.draw_frames(2);
  backend.drag({20, 20}, {600, 20});
  EXPECT_FLOAT_EQ(value, 1);
}

TEST(NullBackend, ScrollsWithTheWheel) {
  float scrolled = 0;
  NullBackend backend{kDisplay, in_window([&scrolled] {
                        scrolled = ImGui::GetScrollY();
                        ImGui::Dummy({10, 2000});
                      })};
  backend.draw_frames(2);
  backend.move_mouse({300, 200});
  backend.turn_wheel(-2);
  backend.draw_frames(2);
  EXPECT_GT(scrolled, 0);
}

TEST(NullBackend, DrawsMoreVerticesThanSixteenBitsCount) {
  NullBackend backend{kDisplay, in_window([] {
                        for (int i = 0; i < 20'000; ++i) {
                          ImGui::GetWindowDrawList()->AddRectFilled({5, 5}, {9, 9}, ink::kFocus);
                        }
                      })};
  backend.draw_frames(2);
  EXPECT_GT(backend.vertex_count(), 65'536);
}

TEST(Shortcut, IsPressedOnceWithExactlyItsModifiers) {
  int plain = 0;
  int with_shift = 0;
  NullBackend backend{kDisplay, in_window([&] {
                        if (is_shortcut_pressed(Key::Right)) ++plain;
                        if (is_shortcut_pressed(Key::Right, {.shift = true})) ++with_shift;
                      })};
  backend.draw();
  backend.press_key(Key::Right);
  EXPECT_EQ(plain, 1);
  EXPECT_EQ(with_shift, 0);
  backend.press_key(Key::Right, {.shift = true});
  EXPECT_EQ(plain, 1);
  EXPECT_EQ(with_shift, 1);
}

TEST(Shortcut, IsNotPressedWhileAFieldTakesTheKeyboard) {
  std::array<char, 32> text{};
  int pressed = 0;
  NullBackend backend{kDisplay, in_window([&] {
                        ImGui::SetKeyboardFocusHere();
                        ImGui::InputText("value", text.data(), text.size());
                        if (is_shortcut_pressed(key_of('Q'))) ++pressed;
                      })};
  backend.draw_frames(3);
  backend.press_key(key_of('Q'));
  EXPECT_EQ(pressed, 0);
}

TEST(Labels, AreRecordedInFullWithTheirPlace) {
  NullBackend backend{kDisplay, some_picture()};
  backend.draw_frames(2);
  ASSERT_EQ(backend.labels().size(), 1U);
  const Label& label = backend.labels().front();
  EXPECT_EQ(label.text, "orders-0");
  EXPECT_FALSE(label.is_ellipsized);
  EXPECT_TRUE(label.rect.contains(backend.find("orders-0")->rect.centre()));
}

TEST(Labels, SayWhenTextIsShortenedToFit) {
  NullBackend backend{kDisplay, in_window([] {
                        const Fit fit = draw_text(*ImGui::GetWindowDrawList(), {10, 10, 90, 40},
                                                  "a name far too long for its place");
                        EXPECT_EQ(fit, Fit::Ellipsized);
                      })};
  backend.draw_frames(2);
  ASSERT_EQ(backend.labels().size(), 1U);
  EXPECT_TRUE(backend.labels().front().is_ellipsized);
  EXPECT_LE(backend.labels().front().rect.right, 90);
  EXPECT_TRUE(backend.find("a na").has_value());
  EXPECT_FALSE(backend.find("too long").has_value());
}

TEST(Labels, BoldChineseHasMoreInkAndIsReadOnce) {
  if (chinese_font().path.empty()) GTEST_SKIP() << "no font here has Chinese glyphs";
  const std::u32string before = used_characters();
  use_characters(U"批次满");
  std::array<int, 2> vertices{};
  NullBackend backend{kDisplay, in_window([&] {
                        ImDrawList& list = *ImGui::GetWindowDrawList();
                        const auto drawn = [&list](float top, TextStyle style) {
                          const int so_far = list.VtxBuffer.Size;
                          draw_text(list, {10, top, 300, top + 40}, "批次 7 满", {.style = style});
                          return list.VtxBuffer.Size - so_far;
                        };
                        vertices = {drawn(10, TextStyle::Body), drawn(60, TextStyle::Strong)};
                      })};
  backend.draw_frames(3);
  EXPECT_EQ(vertices[0], 4 * 4);        // four glyphs
  EXPECT_EQ(vertices[1], 4 * (4 + 3));  // the Chinese ones twice
  int seen = 0;
  for (const SeenText& text : backend.seen_texts()) seen += text.text == "批次 7 满" ? 1 : 0;
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(backend.seen_texts().size(), 2U);
  use_characters(before);
}

TEST(Tooltip, ShowsWhileTheMouseIsOverTheItem) {
  NullBackend backend{kDisplay, in_window([] {
                        ImGui::Button("batch 7");
                        tooltip_for_item("its linger has passed");
                      })};
  backend.draw_frames(2);
  EXPECT_FALSE(backend.find("linger has passed").has_value());
  backend.move_mouse(backend.find("batch 7")->rect.centre());
  backend.draw_frames(2);
  EXPECT_TRUE(backend.find("linger has passed").has_value());
}

TEST(Theme, EveryMeaningStandsOutFromItsBackground) {
  for (int i = 0; i < kMeaningCount; ++i) {
    const Look& l = look(static_cast<Meaning>(i));
    EXPECT_GE(contrast(l.colour, ink::kBackground), 4.5F) << l.word;
    EXPECT_GE(contrast(l.colour, text_on(l.colour)), 4.5F) << l.word;
  }
  EXPECT_GE(contrast(ink::kTextStrong, ink::kRaised), 7.0F);
  EXPECT_GE(contrast(ink::kTextWeak, ink::kRaised), 7.0F);
}

TEST(Theme, NoTwoMeaningsAreTheSameInShape) {
  for (int i = 0; i < kMeaningCount; ++i) {
    for (int j = 0; j < i; ++j) {
      EXPECT_NE(look(static_cast<Meaning>(i)).icon, look(static_cast<Meaning>(j)).icon);
    }
  }
}

TEST(Theme, GrowsWithTheDisplayAndTheZoom) {
  float size = 0;
  NullBackend backend{{1280, 720}, in_window([&size] { size = text_size(TextStyle::Body); })};
  backend.draw();
  EXPECT_EQ(size, 18);
  backend.resize({2560, 1440});
  backend.draw();
  EXPECT_EQ(size, 36);
  set_zoom(0.5F);
  backend.draw();
  EXPECT_EQ(size, 18);
}

TEST(Theme, KnowsWhichTextItCanDraw) {
  NullBackend backend{kDisplay, in_window([] {
                        EXPECT_TRUE(is_covered("linger.ms = 5 \xC2\xB5s"));
                        EXPECT_FALSE(is_covered("\xE1\x88\xB4"));  // an Ethiopic syllable
                      })};
  backend.draw();
}

TEST(PointAlong, MeasuresTheWholeWay) {
  const std::array<Point, 3> corner{{{0, 0}, {10, 0}, {10, 30}}};
  EXPECT_EQ(point_along(corner, 0).x, 0);
  EXPECT_EQ(point_along(corner, 0.25F).x, 10);
  EXPECT_EQ(point_along(corner, 0.5F).y, 10);
  EXPECT_EQ(point_along(corner, 1).y, 30);
}

RgbaImage rendered(const FrameFunction& function) {
  const auto result = render_offscreen({.width = 320, .height = 200}, function);
  const auto* error = std::get_if<PlatformError>(&result);
  if (error == nullptr) return std::get<RgbaImage>(result);
  ADD_FAILURE() << error->message;
  return {};
}

#if LINGER_HAS_EGL

TEST(Offscreen, GivesTheSameBytesEachTime) {
  const RgbaImage first = rendered(some_picture());
  EXPECT_EQ(first.pixels.size(), 320U * 200U * 4U);
  EXPECT_EQ(first, rendered(some_picture()));
  EXPECT_NE(first, rendered(in_window([] {})));
}

TEST(Offscreen, KeepsARendererForASeriesOfPictures) {
  auto opened = OffscreenRenderer::open({.width = 320, .height = 200});
  ASSERT_TRUE(std::holds_alternative<OffscreenRenderer>(opened));
  auto& renderer = std::get<OffscreenRenderer>(opened);
  const RgbaImage first = renderer.render(some_picture(), 3);
  EXPECT_NE(renderer.render(in_window([] {}), 3), first);
  EXPECT_EQ(renderer.render(some_picture(), 3), first);
}

TEST(Offscreen, ShowsTheTopOfThePictureFirst) {
  const RgbaImage image = rendered([](const Frame&) {
    ImGui::GetForegroundDrawList()->AddRectFilled({0, 0}, {320, 20}, rgb(0x00FF00));
    return true;
  });
  ASSERT_FALSE(image.pixels.empty());
  EXPECT_EQ(image.pixels[1], 255);
  EXPECT_EQ(image.pixels[3], 255);
  EXPECT_LT(image.pixels[image.pixels.size() - 3], 100);
}

TEST(Offscreen, LivesBesideATestsBackend) {
  NullBackend backend{kDisplay, some_picture()};
  backend.draw_frames(2);
  const RgbaImage image = rendered(some_picture());
  EXPECT_TRUE(backend.draw());
  EXPECT_EQ(image, rendered(some_picture()));
  EXPECT_TRUE(backend.find("orders-0").has_value());
}

#endif

class PngFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path folder_ =
      std::filesystem::path{testing::TempDir()} /
      testing::UnitTest::GetInstance()->current_test_info()->name();
};

RgbaImage gradient() {
  RgbaImage image{.size = {.width = 16, .height = 9}, .pixels = {}};
  for (int i = 0; i < 16 * 9; ++i) {
    const auto level = static_cast<std::uint8_t>(i);
    image.pixels.insert(image.pixels.end(), {level, 200, static_cast<std::uint8_t>(255 - i), 255});
  }
  return image;
}

TEST_F(PngFile, ReadsBackAsTheSamePicture) {
  const std::filesystem::path path = folder_ / "new_folder" / "picture.png";
  const RgbaImage image = gradient();
  ASSERT_FALSE(write_png(path, image).has_value());

  RgbaImage back;
  int channels = 0;
  unsigned char* pixels =
      stbi_load(path.c_str(), &back.size.width, &back.size.height, &channels, 4);
  ASSERT_NE(pixels, nullptr);
  back.pixels.assign(pixels, pixels + image.pixels.size());
  stbi_image_free(pixels);
  EXPECT_EQ(back, image);
}

TEST_F(PngFile, LeavesNothingButThePicture) {
  ASSERT_FALSE(write_png(folder_ / "picture.png", gradient()).has_value());
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder_}) {
    EXPECT_EQ(entry.path().filename(), "picture.png");
    ++files;
  }
  EXPECT_EQ(files, 1);
}

TEST_F(PngFile, SaysWhyItCannotBeWritten) {
  std::filesystem::create_directories(folder_ / "picture.png");
  const auto error = write_png(folder_ / "picture.png", gradient());
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->message.find("picture.png"), std::string::npos);
}

}  // namespace
}  // namespace linger::viz
