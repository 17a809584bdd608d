#include "viz/event_list_view.h"

#include <algorithm>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/said.h"

namespace linger::viz {
namespace {

// The lines of some streams, merged, without merging them.
class Lines {
 public:
  Lines(const Scene& scene, StreamSet streams) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (streams[i]) lists_.push_back(&scene.index.events_in(static_cast<core::Stream>(i)));
    }
  }

  // How many of them stand before a position of the trace.
  std::int64_t count_before(std::size_t position) const {
    std::int64_t count = 0;
    for (const auto* list : lists_) {
      count += std::lower_bound(list->begin(), list->end(), position) - list->begin();
    }
    return count;
  }
  // The positions of the n-th and those after it, `count` at most, all before `end`.
  std::vector<std::size_t> positions(std::int64_t n, std::int64_t count, std::size_t end) const {
    std::vector<std::size_t> found;
    std::size_t next = position_of(n, end);
    while (std::ssize(found) < count) {
      std::size_t nearest = end;
      for (const auto* list : lists_) {
        const auto at = std::lower_bound(list->begin(), list->end(), next);
        if (at != list->end()) nearest = std::min(nearest, *at);
      }
      if (nearest == end) return found;
      found.push_back(nearest);
      next = nearest + 1;
    }
    return found;
  }

 private:
  // The n-th, or `end` if there is none.
  std::size_t position_of(std::int64_t n, std::size_t end) const {
    std::size_t low = 0;
    while (low < end) {
      const std::size_t middle = low + (end - low) / 2;
      if (count_before(middle + 1) > n) {
        end = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  std::vector<const std::vector<std::size_t>*> lists_;
};

// What a click on an event selects: the batch, the record or the partition it names.
struct About {
  core::ProducerIndex producer;

  template <class Event>
  Selection operator()(const Event& event) const {
    if constexpr (requires { BatchRef{producer, event.batch}; }) {
      return BatchRef{producer, event.batch};
    } else if constexpr (requires { event.batch.has_value(); }) {
      if (event.batch) return BatchRef{producer, *event.batch};
      return of_record_or_partition(event);
    } else {
      return of_record_or_partition(event);
    }
  }

 private:
  template <class Event>
  Selection of_record_or_partition(const Event& event) const {
    if constexpr (requires { Selection{core::RecordId{event.record}}; }) {
      return event.record;
    } else if constexpr (requires { event.record.has_value(); }) {
      if (event.record) return *event.record;
      return {};
    } else if constexpr (requires { LaneRef{producer, event.partition}; }) {
      return LaneRef{producer, event.partition};
    } else if constexpr (requires { event.broker.value(); }) {
      return event.broker;
    } else {
      return {};
    }
  }
};

EventRow row_at(const Scene& scene, std::size_t position) {
  const sim::TraceEvent& event = scene.timeline.trace()[position];
  const sim::EventText text = sim::describe(event, scene.names);
  EventRow row;
  row.position = position;
  row.step = event.step;
  row.at = event.at;
  row.time = sim::instant_text(event.at);
  row.stream = sim::visit_event(
      event, []<class Event>(const Event&) -> core::Stream { return Event::kStream; });
  row.stream_word = tr(sim::word(row.stream));
  if (event.producer && scene.names.producers.size() > 1) {
    row.producer = scene.names.producers[static_cast<std::size_t>(event.producer->value())];
  }
  const bool is_of_thread = std::ranges::count(scene.names.threads, text.subject) > 0;
  row.subject = is_of_thread ? text.subject : tr_said(text.subject);
  const bool is_of_lesson = event.as<sim::NarrationReached>() != nullptr;
  row.text = is_of_lesson ? text.sentence : tr_said(text.sentence);
  row.about = sim::visit_event(event, About{event.producer.value_or(core::ProducerIndex{})});
  row.is_at_cursor = event.step + 1 == scene.timeline.cursor();
  if (const auto selected = selected_batch(scene)) {
    const auto events = scene.index.events_of(*selected);
    row.is_selected = std::binary_search(events.begin(), events.end(), position);
  } else if (!std::holds_alternative<std::monostate>(scene.selection)) {
    row.is_selected = row.about == scene.selection;
  }
  return row;
}

}  // namespace

std::int64_t event_count(const Scene& scene, StreamSet streams) {
  return Lines{scene, streams}.count_before(scene.position());
}

EventListView event_list_view(const Scene& scene, StreamSet streams, Window window) {
  const Lines lines{scene, streams};
  EventListView view;
  view.streams = streams;
  view.total = lines.count_before(scene.position());
  view.first = std::clamp<std::int64_t>(window.first, 0, view.total);
  for (const std::size_t position : lines.positions(view.first, window.count, scene.position())) {
    view.rows.push_back(row_at(scene, position));
  }
  return view;
}

}  // namespace linger::viz
