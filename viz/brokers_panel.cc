#include "viz/brokers_panel.h"

#include <algorithm>
#include <string>

#include "viz/language.h"
#include "viz/replicas_panel.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using sim::BrokerState;

// --- Logs ---

std::string describe(const LogBatch& batch) {
  std::string text = tr("offsets {}: {}", batch.label, count_text(batch.records, "record"));
  if (!batch.producer_name.empty()) text += tr("\nof producer {}", batch.producer_name);
  if (batch.batch) text += tr("\nwritten from batch {}", batch_label(batch.batch->batch));
  text += "\n" + sequence_text(batch.sequence, batch.records);
  if (batch.is_duplicate) text += tr("\nDUPLICATE: these records stand in the log already");
  if (batch.is_reordered) text += tr("\nOUT OF ORDER: later records stand before these");
  if (batch.awaits_followers) {
    text += tr("\nabove the high watermark: not all in-sync replicas have it");
  }
  return text;
}

Meaning meaning_of(const LogBatch& batch) {
  return batch.is_duplicate || batch.is_reordered ? Meaning::Failed : Meaning::Broker;
}

// As much of its offsets as there is room for. Their last digits tell neighbours apart.
std::string label_in(float width, const LogBatch& batch) {
  const auto fits = [width](const std::string& text) {
    return text_width(text, TextStyle::Small) <= width;
  };
  if (fits(batch.label)) return batch.label;
  const std::string first = std::to_string(batch.base_offset);
  if (fits(first + "–")) return first + "–";
  for (std::size_t left_out = 1; left_out < first.size(); ++left_out) {
    std::string end = "…" + first.substr(left_out);
    if (fits(end)) return end;
  }
  return "";
}

void draw_log_batch(Stage& stage, Rect area, const LogBatch& batch) {
  if (is_empty(area)) return;
  ImDrawList& list = *stage.list;
  const Look& l = look(meaning_of(batch));
  const float alpha = batch.is_arriving ? 0.35F : batch.awaits_followers ? 0.6F : 1.0F;
  fill(list, area, with_alpha(l.colour, 0.22F * alpha), units(3));
  draw_hatch(list, area.inset(units(2)), l.hatch, with_alpha(l.colour, 0.35F * alpha));
  outline(list, area, with_alpha(l.colour, alpha), units(3), units(1.5F));
  if (batch.is_selected) outline(list, area.inset(-units(3)), ink::kFocus, units(5), units(2));
  std::string_view mark;
  if (batch.is_reordered) mark = tr("late");
  if (batch.is_duplicate) mark = tr("again");
  Rect room = area.inset(units(2));
  const bool has_mark = !mark.empty() && area.height() >= units(34) &&
                        text_width(mark, TextStyle::Small) <= room.width();
  if (has_mark) {
    draw_text(list, cut_bottom(room, room.height() / 2), mark,
              {.style = TextStyle::Small, .colour = l.colour, .align = Align::Centre});
  }
  const std::string label = label_in(room.width(), batch);
  if (!label.empty()) {
    draw_text(list, room, label, {.style = TextStyle::Small, .align = Align::Centre});
  }
  if (batch.batch) {
    offer(stage, area, describe(batch), Select{*batch.batch});
  } else {
    explain(stage, area, describe(batch));
  }
}

void draw_log(Stage& stage, const LogTail& log, const LogPlace& place) {
  ImDrawList& list = *stage.list;
  fill(list, place.track, ink::kBackground, units(4));
  outline(list, place.track, log.is_selected ? ink::kFocus : with_alpha(ink::kBorder, 0.6F),
          units(4), units(log.is_selected ? 2 : 1));
  const std::string end = tr("end {}", number_text(log.end_offset));
  Rect name = place.name;
  draw_text(list, name, log.name, {.style = TextStyle::Small});
  cut_left(name, text_width(log.name, TextStyle::Small) + gap());
  if (text_width(end, TextStyle::Small) <= name.width()) {
    draw_text(list, name, end,
              {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Right});
  }
  const LaneRef partition{core::ProducerIndex{0}, log.partition};
  offer(stage, place.area,
        tr("the log of {}\nnext offset {}, leader epoch {}", log.name, log.end_offset,
           log.leader_epoch),
        Select{partition});
  offer_faults(stage, place.area, partition);
  for (std::size_t i = 0; i < log.batches.size(); ++i) {
    draw_log_batch(stage, place.batches[i], log.batches[i]);
  }
  if (log.replicas) draw_log_replicas(stage, *log.replicas, place.replicas);
  draw_high_watermark(stage, log, place.batches, place.track);
  const std::int64_t hidden = log.hidden + place.hidden;
  if (hidden == 0) return;
  Rect rest = place.track;
  draw_text(list, cut_left(rest, units(34)), hidden_text(static_cast<std::size_t>(hidden)),
            {.style = TextStyle::Small, .colour = ink::kTextWeak, .align = Align::Centre});
}

void draw_logs(Stage& stage, const std::vector<LogTail>& logs,
               const std::vector<FollowedLog>& followed, BrokerPlace& place, int id) {
  ImGui::PushID(id);
  {
    const bool has_more = place.logs_height > place.logs.height() + 1;
    const ScopedArea area{"logs", place.logs.inset(-units(3)), ScopedArea::Look::Bare,
                          ScopedArea::Scrolls::Yes};
    scroll(place, ImGui::GetScrollY());
    Stage inner{.list = ImGui::GetWindowDrawList(), .command = {}, .tooltip = {}};
    for (std::size_t i = 0; i < logs.size(); ++i) draw_log(inner, logs[i], place.log_places[i]);
    for (std::size_t i = 0; i < place.followed.size(); ++i) {
      draw_followed(inner, followed[i], place.followed[i]);
    }
    draw_followed_in_short(inner, followed, place.followed_in_short);
    if (has_more) ImGui::Dummy({1, place.logs_height + units(6)});
    take_over(stage, inner);
  }
  ImGui::PopID();
}

// --- Brokers ---

std::string describe(const QueuedRequest& request) {
  std::string text = request.label;
  if (request.is_served) text += tr("\nis being served; others of its connection wait");
  if (request.awaits_followers) text += tr("\nappended; acks=all waits for the followers");
  for (const BatchRef& batch : request.batches) text += "\n" + batch_label(batch.batch);
  return text;
}

std::string label_of(const QueuedRequest& request) {
  if (request.batches.empty()) return std::string{core::api_name(request.api)};
  std::string label;
  for (const BatchRef& batch : request.batches) {
    label += (label.empty() ? "" : " ") + batch_label(batch.batch);
  }
  return label;
}

void draw_queue(Stage& stage, const BrokerBox& broker, Rect area) {
  for (std::size_t i = 0; i < broker.queue.size(); ++i) {
    const QueuedRequest& request = broker.queue[i];
    const std::string label = label_of(request);
    const Size size = chip_size(label);
    if (size.width > area.width()) {
      draw_fitting(*stage.list, area, {hidden_text(broker.queue.size() - i)},
                   {.style = TextStyle::Small});
      return;
    }
    const Meaning meaning =
        request.is_served || request.awaits_followers ? Meaning::Broker : Meaning::Muted;
    const Rect chip =
        draw_chip(*stage.list, {area.left, area.centre().y - size.height / 2}, meaning, label);
    if (request.is_selected)
      outline(*stage.list, chip.inset(-units(2)), ink::kFocus, size.height, units(2));
    explain(stage, chip, describe(request));
    offer_faults(stage, chip, RequestRef{request.producer, request.correlation});
    cut_left(area, size.width + units(4));
  }
}

Meaning meaning_of(BrokerState state) {
  return state == BrokerState::Up ? Meaning::Broker : Meaning::Failed;
}

void draw_broker(Stage& stage, const BrokerBox& broker, BrokerPlace& place) {
  ImDrawList& list = *stage.list;
  offer(stage, place.area,
        tr("{}: {}\n{} in its queue\nRight-click for what can go wrong with it.", broker.name,
           broker.word, count_text(static_cast<std::int64_t>(broker.queue.size()), "request")),
        Select{broker.id});
  offer_faults(stage, place.area, broker.id);
  const Look& l = look(meaning_of(broker.state));
  fill(list, place.area, ink::kSurface, rounding());
  if (broker.state != BrokerState::Up) {
    draw_hatch(list, place.area.inset(units(3)), Hatch::Falling, with_alpha(l.colour, 0.18F));
  }
  outline(list, place.area, broker.is_selected ? ink::kFocus : l.colour, rounding(),
          units(broker.is_selected ? 2.5F : 1.5F));
  Rect head = place.head;
  if (broker.state == BrokerState::Up) {
    const Rect icon = cut_right(head, units(20));
    draw_icon(list, l.icon, {.centre = icon.centre(), .size = units(15)}, l.colour);
  } else {
    draw_chip_at_right(list, {head.right, head.top}, Meaning::Failed, broker.word);
  }
  draw_text(list, head, broker.name, {.style = TextStyle::Strong});
  if (broker.queue.empty()) {
    draw_text(list, place.queue, broker.logs.empty() ? tr("leads no partition") : tr("queue empty"),
              {.style = TextStyle::Small, .colour = ink::kTextWeak});
  }
  draw_queue(stage, broker, place.queue);
  draw_logs(stage, broker.logs, broker.followed, place, broker.id.value());
}

constexpr int kNoBroker = -1;

}  // namespace

void draw_brokers(Stage& stage, const PipelineView& view, PictureLayout& layout) {
  for (std::size_t i = 0; i < view.brokers.size(); ++i) {
    draw_broker(stage, view.brokers[i], layout.brokers[i]);
  }
  if (view.leaderless.empty()) return;
  const BrokerPlace& place = layout.leaderless;
  const Look& l = look(Meaning::Muted);
  fill(*stage.list, place.area, ink::kSurface, rounding());
  draw_hatch(*stage.list, place.area.inset(units(3)), l.hatch, with_alpha(l.colour, 0.15F));
  outline(*stage.list, place.area, l.colour, rounding(), units(1.5F));
  draw_text(*stage.list, place.head, tr("no leader"), {.style = TextStyle::Strong});
  draw_logs(stage, view.leaderless, {}, layout.leaderless, kNoBroker);
}

}  // namespace linger::viz
