#include "viz/brokers_panel.h"

#include <gtest/gtest.h>
#include <imgui.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "viewer_fixture.h"
#include "viz/pipeline_panel.h"
#include "viz/pipeline_view.h"
#include "viz/platform/null_backend.h"

namespace linger::viz {
namespace {

// A log of single records, the first of them at this offset.
PipelineView with_log_from(std::int64_t first) {
  ViewerState state = viewer_of(kLinger);
  handle(state, ToEnd{});
  PipelineView view = pipeline_view(scene(state));
  LogTail& log = view.brokers.at(0).logs.at(0);
  LogBatch batch = log.batches.at(0);
  log.batches.clear();
  for (std::int64_t offset = first; offset < first + 60; ++offset) {
    batch.base_offset = offset;
    batch.records = 1;
    batch.label = std::to_string(offset);
    log.batches.push_back(batch);
  }
  return view;
}

std::set<std::string> texts_of(const PipelineView& view) {
  constexpr Size kDisplay{1280, 720};
  NullBackend backend{
      kDisplay, [&](const Frame&) {
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({kDisplay.width, kDisplay.height});
        ImGui::Begin("all");
        draw_pipeline_panel(view, {.picture = {10, 10, 1270, 500}, .pool = {10, 510, 1270, 700}});
        ImGui::End();
        return true;
      }};
  backend.draw_frames(3);
  std::set<std::string> texts;
  for (const Label& label : backend.labels()) texts.insert(label.text);
  return texts;
}

TEST(BrokersPanel, ALongOffsetInANarrowBoxKeepsItsLastDigits) {
  const std::set<std::string> long_ones = texts_of(with_log_from(1'234'500));
  EXPECT_FALSE(long_ones.contains("1234559")) << "there is room for it";
  const auto ends_are_told = [&](const std::string& offset) {
    return std::ranges::any_of(long_ones, [&](const std::string& text) {
      const std::string ellipsis = "…";
      return text.starts_with(ellipsis) && text.size() >= ellipsis.size() + 2 &&
             offset.ends_with(text.substr(ellipsis.size()));
    });
  };
  for (const char* offset : {"1234559", "1234558", "1234557"}) {
    EXPECT_TRUE(ends_are_told(offset)) << offset;
  }
  EXPECT_TRUE(texts_of(with_log_from(10)).contains("69"));
}

}  // namespace
}  // namespace linger::viz
