// The viewer without a display: a person's hands and eyes, for tests. No ImGui in this header.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/platform/frame.h"
#include "viz/platform/input.h"
#include "viz/platform/label.h"

namespace linger::viz {

// Draws frames without a renderer. Each gesture draws one frame for each change of the input, since
// ImGui looks at input once a frame; a result shows from then on, at the latest one frame later.
class NullBackend {
 public:
  NullBackend(Size display, FrameFunction function);
  ~NullBackend();
  NullBackend(const NullBackend&) = delete;
  NullBackend& operator=(const NullBackend&) = delete;

  // Draws one frame. Returns what the function returned.
  bool draw();
  void draw_frames(int count);
  void resize(Size display);

  void move_mouse(Point to);
  void press(MouseButton button = MouseButton::Left);
  void release(MouseButton button = MouseButton::Left);
  void click(Point at, MouseButton button = MouseButton::Left);  // move, press, release
  // Clicks the middle of the first visible text that contains `text`; false if there is none.
  bool click_on(std::string_view text);
  void drag(Point from, Point to);
  void turn_wheel(float notches);  // positive is up
  void press_key(Key key, Modifiers modifiers = {});
  void type(std::string_view utf8);  // into the field that has the keyboard

  // What the last frame showed: everything ImGui drew, the helpers and its own widgets alike.
  std::vector<SeenText> seen_texts() const;
  std::optional<SeenText> find(std::string_view text) const;  // visible, and contains `text`
  // What the drawing helpers were asked to write, with the rectangles they had for it.
  const std::vector<Label>& labels() const;
  // What tells more to whom points at it.
  const std::vector<Rect>& explained_areas() const;
  int vertex_count() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace linger::viz
