#include "viz/transport_panel.h"

#include <string>
#include <utility>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/parts_panel.h"
#include "viz/scrub_panel.h"

namespace linger::viz {
namespace {

struct Control {
  const char* name = "";  // identifies it
  Icon icon = Icon::Dot;
  ImU32 colour = ink::kTextStrong;
  std::string text = {};  // beside the icon
  std::string what = {};  // one sentence
  ViewerCommand command = {};
  std::optional<ViewerCommand> back = {};  // with the right mouse button, or Shift
};

// Lays controls out from the left to the right, and keeps what was asked for.
class ButtonBar {
 public:
  explicit ButtonBar(Rect area) : list_{*ImGui::GetWindowDrawList()}, rest_{area} {}

  void add(const Control& control) {
    const float height = rest_.height();
    const float text =
        control.text.empty() ? 0 : text_width(control.text, TextStyle::Small) + units(7);
    const float width = height * 0.55F + text + units(11);
    const bool has_room = rest_.width() >= width;
    const Rect place = cut_left(rest_, width);
    cut_left(rest_, units(4));
    if (!has_room) return;
    const bool is_hovered = is_over(place);
    fill(list_, place, is_hovered ? rgb(0x35485F) : ink::kRaised, rounding());
    outline(list_, place, with_alpha(ink::kBorder, 0.6F), rounding(), units(1));
    Rect room = place.inset(units(6));
    room.top = place.top;
    room.bottom = place.bottom;
    const Rect icon = cut_left(room, height * 0.55F);
    draw_icon(list_, control.icon, {.centre = icon.centre(), .size = units(15)}, control.colour);
    cut_left(room, units(3));
    if (!control.text.empty()) {
      room.right += units(6);
      draw_text(list_, room, control.text, {.style = TextStyle::Small});
    }
    record_label(control.name, place, false);
    if (is_hovered) stage_.tooltip = tooltip_of(control);
    if (is_clicked(place))
      stage_.command = is_shift_held() ? control.back.value_or(control.command) : control.command;
    if (control.back && is_clicked(place, ImGuiMouseButton_Right)) stage_.command = control.back;
  }
  void add_text(const std::string& text, TextStyle style, std::string tooltip) {
    const Rect place = cut_left(rest_, text_width(text, style) + units(8));
    if (place.width() < text_width(text, style)) return;
    draw_text(list_, place, text, {.style = style, .align = Align::Centre});
    explain(stage_, place, std::move(tooltip));
  }
  void space() { cut_left(rest_, units(8)); }
  Rect rest() const { return rest_; }
  const Stage& stage() const { return stage_; }

 private:
  static bool is_shift_held() { return ImGui::GetIO().KeyShift; }
  static std::string tooltip_of(const Control& control) {
    std::string text = control.what;
    if (const std::string key = key_text(control.command); !key.empty())
      text += tr("\nkey: {}", key);
    if (!control.back) return text;
    text += tr("\nback: right click");
    if (const std::string key = key_text(*control.back); !key.empty()) text += tr(", or {}", key);
    return text;
  }

  ImDrawList& list_;
  Rect rest_;
  Stage stage_;
};

void add_play(ButtonBar& bar, const StatusView& status) {
  bar.add({.name = "to the start",
           .icon = Icon::ToStart,
           .what = tr("To the start."),
           .command = ToStart{}});
  bar.add({.name = "event back",
           .icon = Icon::StepBack,
           .what = tr("One event back."),
           .command = StepEvent{Way::Back}});
  bar.add(
      {.name = status.is_playing ? "pause" : "play",
       .icon = status.is_playing ? Icon::Pause : Icon::Play,
       .colour = look(Meaning::True).colour,
       .text = status.is_playing ? tr("pause") : tr("play"),
       .what = tr(
           "Lets virtual time flow, or holds it. Stretches in which nothing happens are skipped."),
       .command = PlayPause{}});
  bar.add({.name = "next event",
           .icon = Icon::StepForward,
           .what = tr("The next event."),
           .command = StepEvent{Way::Forward}});
  bar.add(
      {.name = "to the end", .icon = Icon::ToEnd, .what = tr("To the end."), .command = ToEnd{}});
}

void add_steps(ButtonBar& bar) {
  bar.add({.name = "next sender pass",
           .icon = Icon::StepForward,
           .text = tr("pass"),
           .what = tr("The sender's next pass."),
           .command = StepPass{Way::Forward},
           .back = StepPass{Way::Back}});
  bar.add({.name = "next millisecond",
           .icon = Icon::StepForward,
           .text = "1 ms",
           .what = tr("To the next whole millisecond."),
           .command = StepMillisecond{Way::Forward},
           .back = StepMillisecond{Way::Back}});
}

void add_jump(ButtonBar& bar, JumpTarget target, MomentKind kind, std::string text,
              const char* what) {
  const MomentLook how = look(kind);
  bar.add({.name = what,
           .icon = how.icon,
           .colour = how.colour,
           .text = std::move(text),
           .what = tr("To the {}.", tr(what)),
           .command = JumpTo{target, Way::Forward},
           .back = JumpTo{target, Way::Back}});
}

void add_jumps(ButtonBar& bar) {
  add_jump(bar, JumpTarget::Send, MomentKind::Send, tr("send"), "next send");
  add_jump(bar, JumpTarget::Drain, MomentKind::Drain, tr("drain"), "next drain");
  add_jump(bar, JumpTarget::Retry, MomentKind::Retry, tr("retry"), "next retry");
  add_jump(bar, JumpTarget::Expiry, MomentKind::Expiry, tr("expiry"), "next expiry");
  add_jump(bar, JumpTarget::Completion, MomentKind::Success, tr("done"), "next completion");
  add_jump(bar, JumpTarget::Fault, MomentKind::Fault, tr("fault"), "next fault");
  add_jump(bar, JumpTarget::Narration, MomentKind::Narration, tr("says"), "next narration");
}

void add_speed(ButtonBar& bar, const StatusView& status) {
  const std::string speed = status.speed.substr(0, status.speed.find(':'));
  // Minus without what it is less of says nothing.
  const float button = bar.rest().height() * 0.55F + units(15);
  if (bar.rest().width() < 2 * button + text_width(speed, TextStyle::Body) + units(8)) return;
  bar.add({.name = "slower",
           .icon = Icon::Line,
           .what = tr("Plays slower."),
           .command = ChangeSpeed{Way::Back}});
  bar.add_text(speed, TextStyle::Body, tr("speed {}", status.speed));
  bar.add({.name = "faster",
           .icon = Icon::Chevrons,
           .what = tr("Plays faster."),
           .command = ChangeSpeed{Way::Forward}});
}

}  // namespace

std::optional<ViewerCommand> draw_transport_panel(const StatusView& status, Rect area) {
  const ScopedArea scope{"transport", area};
  Rect room = area;
  cut_top(room, units(4));
  cut_bottom(room, units(4));
  ButtonBar bar{room};
  add_play(bar, status);
  bar.space();
  add_steps(bar);
  bar.space();
  add_jumps(bar);
  bar.space();
  add_speed(bar, status);
  bar.space();
  bar.add({.name = "next lesson",
           .icon = Icon::Chevrons,
           .text = tr("lesson"),
           .what = tr("Opens the next lesson."),
           .command = NextLesson{Way::Forward},
           .back = NextLesson{Way::Back}});
  bar.add({.name = "all lessons",
           .icon = Icon::Stack,
           .what = tr("Shows the lessons by topic, and what you have done of them."),
           .command = ToggleBrowser{}});
  bar.add({.name = "help",
           .icon = Icon::Question,
           .text = tr("keys"),
           .what = tr("Shows the keys."),
           .command = ToggleHelp{}});
  show_tooltip(bar.stage());
  return bar.stage().command;
}

}  // namespace linger::viz
