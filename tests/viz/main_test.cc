// `linger-view`, as a user runs it where there is no display.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "support/command.h"
#include "viz/platform/offscreen.h"

namespace linger::viz {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Width and height stand at a fixed place of a PNG file, the most significant byte first.
PixelSize png_size(const std::string& bytes) {
  const auto number_at = [&bytes](std::size_t at) {
    int number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      number = number * 256 + static_cast<unsigned char>(bytes[at + i]);
    }
    return number;
  };
  if (bytes.size() < 24 || bytes.substr(1, 3) != "PNG") return {};
  return {.width = number_at(16), .height = number_at(20)};
}

class LingerView : public testing::Test {
 protected:
  LingerView() { place_.write("good.toml", kGood); }

  CommandResult linger_view(const std::string& arguments) const {
    const std::string program = std::string{"'"} + LINGER_VIEW_BINARY + "' ";
    return place_.run("env -u DISPLAY -u WAYLAND_DISPLAY " + program + arguments);
  }
  // Bad input: exit 2, so said on stderr, and no file that was not there before.
  void expect_refused(const std::string& arguments, const std::string& message) const {
    const std::vector<std::string> before = place_.files();
    const CommandResult result = linger_view(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments << "\n" << result.out << result.err;
    EXPECT_EQ(result.out, "") << arguments;
    EXPECT_TRUE(has(result.err, message)) << arguments << "\n" << result.err;
    EXPECT_EQ(place_.files(), before) << arguments;
  }
  // Empty where pictures can be drawn.
  static std::string why_nothing_is_drawn() {
    const auto opened = OffscreenRenderer::open({.width = 320, .height = 320});
    const auto* error = std::get_if<PlatformError>(&opened);
    return error == nullptr ? "" : "no pictures can be drawn here: " + error->message;
  }

  static constexpr const char* kGood = R"([lesson]
title = "A small one"

[[topic]]
name = "orders"

[producer]
linger.ms = 5

[[thread]]
name = "A"
run = [ { send = "orders", count = 3, every = "1ms" } ]
)";

  Workplace place_;
};

TEST_F(LingerView, ExplainsItself) {
  const CommandResult help = linger_view("--help");
  EXPECT_EQ(help.exit_code, 0);
  for (const char* option : {"--screenshot", "--at", "--size", "--frames", "--select", "--set"}) {
    EXPECT_TRUE(has(help.out, option)) << option;
  }
  const CommandResult version = linger_view("--version");
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_TRUE(has(version.out, "linger-view "));
}

TEST_F(LingerView, SaysThatThereIsNoDisplay) {
  const CommandResult result = linger_view("good.toml");
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_TRUE(has(result.err, "no display")) << result.err;
}

TEST_F(LingerView, OpensTheFirstLessonFromAnywhere) {
  EXPECT_EQ(linger_view("").exit_code, 3);
}

TEST_F(LingerView, RefusesBadInputAndWritesNothing) {
  place_.write("bad.toml", "[producer]\nlinger.ms = \"soon\"\n");
  expect_refused("bad.toml --screenshot out.png", "bad.toml:2:1: error: ");
  expect_refused("missing.toml --screenshot out.png", "missing.toml");
  expect_refused("good.toml --screenshot out.png --at soon", "--at soon");
  expect_refused("good.toml --screenshot out.png --size 12", "--size 12");
  expect_refused("good.toml --screenshot out.png --size 12x999999", "--size");
  expect_refused("good.toml --screenshot out.png --select bach:1", "--select bach:1");
  expect_refused("good.toml --screenshot out.png --select broker:7", "--select broker:7");
  expect_refused("good.toml --screenshot out.png --toggle legder", "ledger");
  expect_refused("good.toml --screenshot out.png --press Spcae", "Space");
  expect_refused("good.toml --frames frames --every 0ms", "--every 0ms");
  expect_refused("good.toml --frames frames --screenshot out.png", "excludes");
  expect_refused("good.toml --set linger.mss=3 --screenshot out.png", "linger.ms");
  expect_refused("good.toml --screenshot out.png --language fr", "one of: en, zh");
  expect_refused("good.toml --may 'disconnect = 7' --screenshot out.png", "--may 'disconnect = 7'");
  expect_refused("good.toml --step -1 --screenshot out.png", "--step");
  expect_refused("good.toml --within soon --screenshot out.png", "--within soon");
  expect_refused("good.toml --nonsense", "--nonsense");
}

// As linger explore prints it.
TEST_F(LingerView, ShowsTheMovesAfterSoManySteps) {
  if (const auto why = why_nothing_is_drawn(); !why.empty()) GTEST_SKIP() << why;
  const std::string moves = "good.toml --toggle moves --may 'disconnect = 0' --size 640x360 ";
  const CommandResult result = linger_view(moves + "--step 3 --screenshot third.png");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  linger_view(moves + "--step 4 --screenshot fourth.png");
  EXPECT_NE(place_.read("third.png"), place_.read("fourth.png"));
  linger_view("good.toml --toggle moves --size 640x360 --step 3 --screenshot safe.png");
  EXPECT_NE(place_.read("third.png"), place_.read("safe.png")) << "the fault is one of the moves";
}

TEST_F(LingerView, WritesAPictureOfAMoment) {
  if (const auto why = why_nothing_is_drawn(); !why.empty()) GTEST_SKIP() << why;
  const CommandResult result =
      linger_view("good.toml --at 3ms --size 800x450 --select batch:0 --screenshot new/out.png");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(png_size(place_.read("new/out.png")), (PixelSize{.width = 800, .height = 450}));
  linger_view("good.toml --at 3ms --size 800x450 --select batch:0 --screenshot again.png");
  EXPECT_EQ(place_.read("again.png"), place_.read("new/out.png"));
  linger_view("good.toml --at 6ms --size 800x450 --select batch:0 --screenshot later.png");
  EXPECT_NE(place_.read("later.png"), place_.read("again.png"));
}

TEST_F(LingerView, SaysWhereAPictureCannotBeWritten) {
  if (const auto why = why_nothing_is_drawn(); !why.empty()) GTEST_SKIP() << why;
  const CommandResult result = linger_view("good.toml --screenshot good.toml/out.png");
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(has(result.err, "cannot write")) << result.err;
}

TEST_F(LingerView, WritesPicturesOfTheWholeRun) {
  if (const auto why = why_nothing_is_drawn(); !why.empty()) GTEST_SKIP() << why;
  const CommandResult result = linger_view("good.toml --frames frames --every 2ms --size 640x360");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::vector<std::string> files = place_.files();
  std::erase(files, "good.toml");
  ASSERT_GE(files.size(), 5U);
  EXPECT_EQ(files.front(), "frames/frame_0001_0.000ms.png");
  EXPECT_TRUE(has(result.out, std::to_string(files.size()) + " pictures in frames")) << result.out;
  for (const std::string& file : files) {
    EXPECT_EQ(png_size(place_.read(file)), (PixelSize{.width = 640, .height = 360})) << file;
  }
}

}  // namespace
}  // namespace linger::viz
