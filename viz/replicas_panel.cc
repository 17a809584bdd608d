#include "viz/replicas_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sim/event_text.h"
#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

constexpr float kIconSize = 13;

ImU32 harm_colour() {
  return look(Meaning::Failed).colour;
}

Meaning sync_meaning(const ReplicaBox& replica) {
  return replica.is_in_sync ? Meaning::Acknowledged : Meaning::Failed;
}

std::string sync_word(const ReplicaBox& replica) {
  return replica.is_in_sync ? tr("in sync") : tr("out of sync");
}

// A check or a cross: none is told by its colour alone.
void draw_sync_icon(ImDrawList& list, const ReplicaBox& replica, Rect area) {
  draw_icon(list, replica.is_in_sync ? Icon::CheckDisc : Icon::CrossRing,
            {.centre = area.centre(), .size = units(kIconSize)},
            look(sync_meaning(replica)).colour);
}

bool is_harmed(const ReplicaBox& replica) {
  return replica.beyond > 0 || !replica.is_in_sync;
}

// --- A replica's log, to scale: what it shares with the leader's, its high watermark, its end ---

void draw_extent(ImDrawList& list, const ReplicaBox& replica, Rect area) {
  fill(list, area, ink::kBackground, units(2));
  const auto until = [area](float along) {
    return area.left + area.width() * std::clamp(along, 0.0F, 1.0F);
  };
  const Look& log = look(Meaning::Broker);
  const Rect shared{area.left, area.top, until(replica.shared_until), area.bottom};
  fill(list, shared, with_alpha(log.colour, replica.role == ReplicaRole::Follows ? 0.55F : 0.85F),
       units(2));
  if (replica.beyond > 0) {
    const Rect beyond{shared.right, area.top, until(replica.ends_at), area.bottom};
    fill(list, beyond, with_alpha(harm_colour(), 0.35F));
    draw_hatch(list, beyond, Hatch::Crossed, harm_colour());
  }
  outline(list, area, with_alpha(ink::kBorder, 0.7F), units(2), units(1));
  const float mark = until(replica.watermark_at);
  fill(list, {mark - units(1), area.top - units(3), mark + units(1), area.bottom + units(2)},
       ink::kTextStrong);
}

// --- What the mouse is told ---

std::string standing_of(const ReplicaBox& replica) {
  std::string text =
      tr("log end offset {}, high watermark {}", replica.end_offset, replica.high_watermark);
  if (replica.behind > 0) {
    text +=
        "\n" + tr("{} of the leader's log are missing here", count_text(replica.behind, "offset"));
  }
  if (replica.beyond > 0) {
    text +=
        "\n" + tr("{} stand here alone, and will be cut off", count_text(replica.beyond, "offset"));
  }
  if (replica.cut_off > 0) {
    text += "\n" + tr("{} were cut off so far", count_text(replica.cut_off, "offset"));
  }
  if (replica.lags_for) {
    text += "\n" + tr("it last had all {} ago", duration_text(*replica.lags_for));
  }
  text += "\n" + sync_word(replica);
  if (replica.fetch_text.empty()) return text;
  text += "\n" + replica.fetch_text;
  return replica.due ? text + tr(", there in {}", duration_text(*replica.due)) : text;
}

std::string describe(const FollowedLog& followed) {
  return tr("the copy of {}: {}, leader epoch {}\n{}", followed.name, followed.leader_text,
            followed.leader_epoch, standing_of(followed.replica));
}

std::string describe(const ReplicasView& replicas) {
  std::string text = tr(
      "{}: {}, leader epoch {}\nhigh watermark {}: what stands below is on all in-sync replicas\n"
      "{} of {} replicas are in sync, min.insync.replicas is {}",
      replicas.name, replicas.leader_text, replicas.leader_epoch, replicas.high_watermark,
      replicas.in_sync, replicas.replicas.size(), replicas.min_in_sync);
  if (replicas.lost > 0) {
    text += "\n" + tr("{} were lost when another broker came to lead",
                      count_text(replicas.lost, "record"));
  }
  return text;
}

ViewerCommand selecting(core::TopicPartition partition) {
  return Select{LaneRef{core::ProducerIndex{0}, partition}};
}

// --- The inspector ---

void draw_replica(Stage& stage, Flow& flow, const ReplicaBox& replica, bool is_selected) {
  flow.space(3);
  Rect head = flow.take(line_height(TextStyle::Small) + units(4));
  const float top = head.top;
  ImDrawList& list = flow.list();
  draw_sync_icon(list, replica, cut_left(head, units(kIconSize + 6)));
  draw_text(list, head,
            fmt::format("{}: {}, {}", replica.name, word(replica.role), sync_word(replica)),
            {.style = TextStyle::Small});
  if (replica.state != sim::BrokerState::Up) {
    draw_chip_at_right(list, {head.right, head.top - units(1)}, Meaning::Failed,
                       sim::word(replica.state));
  }
  flow.space(3);
  draw_extent(list, replica, flow.take(units(10)));
  flow.space(2);
  const float indent = units(4);
  flow.text(tr("log end offset {}, high watermark {}", replica.end_offset, replica.high_watermark),
            {.style = TextStyle::Small, .colour = ink::kTextWeak}, indent);
  if (replica.role == ReplicaRole::Follows) {
    std::string standing = standing_text(replica);
    if (replica.lags_for) {
      standing += tr(", for {}", duration_text(*replica.lags_for));
    }
    flow.text(
        standing,
        {.style = TextStyle::Small, .colour = is_harmed(replica) ? harm_colour() : ink::kTextWeak},
        indent);
  }
  if (!replica.fetch_text.empty()) {
    const std::string due = replica.due ? tr(", there in {}", duration_text(*replica.due)) : "";
    flow.text(replica.fetch_text + due, {.style = TextStyle::Small, .colour = ink::kTextWeak},
              indent);
  }
  if (replica.cut_off > 0) {
    flow.text(tr("{} cut off so far", count_text(replica.cut_off, "offset")),
              {.style = TextStyle::Small, .colour = harm_colour()}, indent);
  }
  const Rect end = flow.take(0);
  const Rect all{head.left - units(kIconSize + 6), top, end.right, end.bottom};
  if (is_selected) {
    fill(list, {all.left - units(5), all.top, all.left - units(2), all.bottom}, ink::kFocus);
  }
  explain(stage, all, replica.name + "\n" + standing_of(replica));
}

void draw_replicas(Stage& stage, Flow& flow, const ReplicasView& replicas,
                   const std::optional<core::NodeId>& broker) {
  flow.space(4);
  const Rect line = flow.take(line_height(TextStyle::Strong));
  draw_text(flow.list(), line, replicas.name, {.style = TextStyle::Strong});
  draw_text(flow.list(), line, tr("leader epoch {}", replicas.leader_epoch),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  offer(stage, line, describe(replicas), selecting(replicas.partition));
  flow.text(
      tr("{}, high watermark {}", replicas.leader_text, replicas.high_watermark),
      {.style = TextStyle::Small, .colour = replicas.leader ? ink::kTextWeak : harm_colour()});
  flow.text(tr("{} of {} in sync, min.insync.replicas {}", replicas.in_sync,
               replicas.replicas.size(), replicas.min_in_sync),
            {.style = TextStyle::Small,
             .colour = replicas.has_enough_in_sync() ? ink::kTextWeak : harm_colour()});
  if (replicas.lost > 0) {
    flow.text(tr("{} lost", count_text(replicas.lost, "record")),
              {.style = TextStyle::Small, .colour = harm_colour()});
  }
  for (const ReplicaBox& replica : replicas.replicas) {
    draw_replica(stage, flow, replica, broker == replica.broker);
  }
}

void draw_history(Stage& stage, Flow& flow, const ReplicasInspectorView& view) {
  if (view.history.empty()) return;
  flow.title(tr("what happened to them"));
  for (const ReplicationRow& row : view.history) {
    const auto what = wrapped(row.what, flow.width() - units(8), TextStyle::Small, 4);
    Rect area = flow.take(line_height(TextStyle::Small) * (1 + count_of(what.size())) + units(4));
    if (is_over(area)) outline(flow.list(), area, ink::kBorder, units(3), units(1));
    offer(stage, area, std::string{tr("Click to go there.")}, SeekStep{row.step + 1});
    draw_text(flow.list(), cut_top(area, line_height(TextStyle::Small)), row.time,
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
    cut_left(area, units(8));
    draw_lines(
        flow.list(), area, what,
        {.style = TextStyle::Small, .colour = row.is_harm ? harm_colour() : ink::kTextStrong});
  }
  if (view.hidden > 0) {
    flow.text(tr("and {} earlier", view.hidden),
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
}

// Of very many, the first: the others can be selected one by one.
constexpr std::size_t kMostShown = 12;

void draw_some(Stage& stage, Flow& flow, const std::vector<ReplicasView>& all,
               const std::optional<core::NodeId>& broker) {
  for (std::size_t i = 0; i < std::min(all.size(), kMostShown); ++i) {
    draw_replicas(stage, flow, all[i], broker);
  }
  if (all.size() <= kMostShown) return;
  flow.text(tr("and {} more", all.size() - kMostShown),
            {.style = TextStyle::Small, .colour = ink::kTextWeak});
}

}  // namespace

// --- The picture ---

void draw_log_replicas(Stage& stage, const ReplicasView& replicas, Rect area) {
  if (is_empty(area)) return;
  const std::string isr = fmt::format("ISR {}/{}", replicas.in_sync, replicas.replicas.size());
  const std::string below =
      replicas.has_enough_in_sync() ? isr : tr("{} < min {}", isr, replicas.min_in_sync);
  const std::string watermark = fmt::format("HW {}", number_text(replicas.high_watermark));
  const ImU32 colour = replicas.has_enough_in_sync() ? ink::kTextWeak : harm_colour();
  draw_fitting(*stage.list, area,
               {tr("epoch {}  {}  {}", replicas.leader_epoch, watermark, below),
                fmt::format("{}  {}", watermark, below), below, isr},
               {.style = TextStyle::Small, .colour = colour});
  explain(stage, area, describe(replicas));
}

void draw_high_watermark(Stage& stage, const LogTail& log, const std::vector<Rect>& batches,
                         Rect track) {
  if (!log.replicas) return;
  for (std::size_t i = 0; i < log.batches.size(); ++i) {
    if (!log.batches[i].awaits_followers || is_empty(batches[i])) continue;
    // Before the first that not all have. Older ones without a place may be among those.
    const float x = batches[i].left - units(2);
    fill(*stage.list, {x - units(1), track.top - units(3), x + units(1), track.bottom + units(3)},
         ink::kTextStrong);
    return;
  }
}

void draw_followed(Stage& stage, const FollowedLog& followed, Rect area) {
  if (is_empty(area)) return;
  ImDrawList& list = *stage.list;
  const ReplicaBox& replica = followed.replica;
  if (followed.is_selected) outline(list, area.inset(-units(3)), ink::kFocus, units(3), units(2));
  offer(stage, area, describe(followed), selecting(followed.partition));
  Rect text = area;
  draw_extent(list, replica, cut_bottom(text, units(6)));
  draw_sync_icon(list, replica, cut_left(text, units(kIconSize + 6)));
  draw_text(list, text, followed.name, {.style = TextStyle::Small, .colour = ink::kTextWeak});
  cut_left(text, text_width(followed.name, TextStyle::Small) + gap());
  draw_fitting(list, text, {standing_text(replica), number_text(replica.end_offset)},
               {.style = TextStyle::Small,
                .colour = is_harmed(replica) ? harm_colour() : ink::kTextWeak,
                .align = Align::Right});
}

void draw_followed_in_short(Stage& stage, const std::vector<FollowedLog>& followed, Rect area) {
  if (is_empty(area)) return;
  const auto out = static_cast<std::size_t>(std::ranges::count_if(
      followed, [](const FollowedLog& one) { return !one.replica.is_in_sync; }));
  const std::string all = tr("follows {}", followed.size());
  const std::string text = out == 0 ? all : tr("{}, {} out of sync", all, out);
  draw_fitting(*stage.list, area, {text, tr("{} of {} out", out, followed.size()), all},
               {.style = TextStyle::Small, .colour = out == 0 ? ink::kTextWeak : harm_colour()});
  std::string tooltip = text;
  for (std::size_t i = 0; i < std::min(followed.size(), kMostShown); ++i) {
    tooltip += fmt::format("\n{}: {}, {}", followed[i].name, standing_text(followed[i].replica),
                           sync_word(followed[i].replica));
  }
  explain(stage, area, tooltip);
}

std::optional<ViewerCommand> draw_replicas_inspector(const ReplicasInspectorView& view) {
  Flow flow;
  Stage stage{.list = &flow.list(), .command = {}, .tooltip = {}};
  flow.text(
      view.broker ? tr("{} and its replicas", view.title) : tr("the replicas of {}", view.title),
      {.style = TextStyle::Heading});
  if (view.broker) flow.title(tr("it leads {}", view.leads.size()));
  draw_some(stage, flow, view.leads, view.broker);
  if (view.broker) flow.title(tr("it follows {}", view.follows.size()));
  draw_some(stage, flow, view.follows, view.broker);
  draw_history(stage, flow, view);
  show_tooltip(stage);
  return stage.command;
}

}  // namespace linger::viz
