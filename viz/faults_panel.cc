#include "viz/faults_panel.h"

#include <string>
#include <string_view>
#include <variant>

#include "viz/keys.h"
#include "viz/language.h"
#include "viz/parts_panel.h"

namespace linger::viz {
namespace {

constexpr std::size_t kMostDone = 8;

// What a fault is aimed at.
std::string target_of(const sim::Fault& fault, const FaultView& view) {
  return std::visit(
      [&view](const auto& one) {
        if constexpr (requires { one.broker; })
          return view.broker;
        else if constexpr (requires { one.partition; })
          return view.partition;
        else if constexpr (requires { one.producer.name; })
          return one.producer.name;
        else if constexpr (requires { one.transactional_id; })
          return one.transactional_id;
        else
          return std::string{};
      },
      fault);
}

// A button as wide as the panel: its key, its name, what it is aimed at.
void draw_button(Stage& stage, Flow& flow, const FaultButton& button, const std::string& target) {
  Rect area = flow.take(units(34));
  flow.space(4);
  ImDrawList& list = flow.list();
  fill(list, area, is_over(area) ? rgb(0x35485F) : ink::kRaised, rounding());
  outline(list, area, with_alpha(ink::kBorder, 0.8F), rounding(), units(1));
  offer(stage, area, tr("{}\n{}\nThe run as it was stays as a branch.", button.what, button.why),
        InjectFault{button.fault});
  cut_left(area, units(6));
  cut_right(area, units(8));
  const Rect key = cut_left(area, units(32));
  draw_key(list, {key.left, key.centre().y}, std::to_string(button.number));
  draw_text(list, area, button.name, {});
  cut_left(area, text_width(button.name, TextStyle::Body) + gap());
  if (text_width(target, TextStyle::Small) > area.width()) return;
  draw_text(list, area, target,
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
}

void draw_list(Flow& flow, std::string_view title, const std::vector<std::string>& lines,
               std::size_t most) {
  if (lines.empty()) return;
  flow.title(title);
  for (std::size_t i = 0; i < lines.size() && i < most; ++i) {
    flow.text(lines[i], {.style = TextStyle::Small});
  }
  if (lines.size() > most) {
    flow.text(tr("and {} more", lines.size() - most),
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
}

void draw_branches(Stage& stage, Flow& flow, const StatusView& status) {
  if (status.branches.size() < 2) return;
  flow.title(tr("branches ({})", key_text(NextBranch{})));
  for (std::size_t i = 0; i < status.branches.size(); ++i) {
    Rect area = flow.take(line_height(TextStyle::Small) + units(6));
    const bool is_shown = i == status.branch;
    if (is_shown) fill(flow.list(), area, with_alpha(ink::kTextStrong, 0.14F), units(3));
    if (is_over(area)) outline(flow.list(), area, ink::kBorder, units(3), units(1));
    offer(stage, area, status.branches[i], ShowBranch{i});
    cut_left(area, units(6));
    draw_text(flow.list(), area, status.branches[i], {.style = TextStyle::Small});
  }
}

}  // namespace

std::optional<ViewerCommand> draw_faults_panel(const FaultView& view, const StatusView& status) {
  Flow flow;
  Stage stage{.list = &flow.list(), .command = {}, .tooltip = {}};
  flow.text(view.buttons.empty() ? tr("There is nothing to aim at.") : tr("Inject a fault now"),
            {.style = TextStyle::Strong});
  flow.text(tr("Click a broker or a partition to aim; right-click brings this up."),
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  flow.space(5);
  for (const FaultButton& button : view.buttons) {
    draw_button(stage, flow, button, target_of(button.fault, view));
  }
  if (view.pages > 1) {
    const Rect page = flow.text(tr("{} ({}: more)", view.page_text, key_text(NextFaults{})),
                                {.style = TextStyle::Small, .colour = ink::kTextWeak});
    offer(stage, page, tr("Click for the next faults."), NextFaults{});
  }
  draw_branches(stage, flow, status);
  draw_list(flow, tr("to come"), view.pending, kMostDone);
  draw_list(flow, tr("happened"), view.done, kMostDone);
  flow.space(4);
  flow.text(tr("{} saves the scenario with what was injected.", key_text(SaveScenario{})),
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
