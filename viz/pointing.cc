#include "viz/pointing.h"

#include <algorithm>
#include <utility>

#include "sim/lesson_run.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

using sim::PictureThing;

// The number of what is called so; none: there is none.
template <class Spec>
std::optional<std::int32_t> index_of(const std::vector<Spec>& specs, const std::string& name) {
  const auto found = std::ranges::find(specs, name, &Spec::name);
  if (found == specs.end()) return std::nullopt;
  return static_cast<std::int32_t>(found - specs.begin());
}

// As a thing is selected: a partition in each producer's deques, if none is named.
std::vector<Selection> selections_of(const sim::Scenario& scenario, const PictureThing& thing) {
  std::int32_t producer = 0;
  if (thing.producer) producer = index_of(scenario.producers, *thing.producer).value_or(0);
  const core::ProducerIndex of{producer};
  switch (thing.kind) {
    case PictureThing::Kind::Batch:
      return {BatchRef{of, core::BatchId{thing.number}}};
    case PictureThing::Kind::Request:
      return {RequestRef{of, core::CorrelationId{static_cast<std::int32_t>(thing.number)}}};
    case PictureThing::Kind::Broker:
      return {core::NodeId{static_cast<std::int32_t>(thing.number)}};
    case PictureThing::Kind::Sender:
      return {sim::sender_thread_of(static_cast<std::size_t>(producer))};
    case PictureThing::Kind::Thread: {
      const auto thread = index_of(scenario.threads, thing.name);
      if (!thread) return {};
      return {core::ThreadId{*thread}};
    }
    case PictureThing::Kind::Partition:
      break;
  }
  const auto topic = scenario.topics.find(thing.partition.topic);
  if (!topic) return {};
  const core::TopicPartition partition{*topic, thing.partition.partition};
  if (thing.producer) return {LaneRef{of, partition}};
  std::vector<Selection> all;
  for (std::size_t i = 0; i < scenario.producers.size(); ++i) {
    all.emplace_back(LaneRef{core::ProducerIndex{static_cast<std::int32_t>(i)}, partition});
  }
  return all;
}

Rect common(const Rect& a, const Rect& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

// Collects the places of one thing.
class Places {
 public:
  Places(std::size_t choice, std::vector<PointedPlace>& all) : choice_{choice}, all_{all} {}

  void add(const Rect& area) {
    if (!is_empty(area)) all_.push_back({choice_, area});
  }
  // If at least half of it is in sight.
  void add_within(const Rect& window, const Rect& area) {
    const Rect seen = common(window, area);
    if (!is_empty(seen) && seen.height() * 2 >= area.height()) add(seen);
  }

 private:
  std::size_t choice_;
  std::vector<PointedPlace>& all_;
};

void add_batch(BatchRef batch, const PipelineView& view, const PictureLayout& layout,
               Places& places) {
  for (std::size_t p = 0; p < view.producers.size(); ++p) {
    const ProducerPart& part = view.producers[p];
    const ProducerPlace& place = layout.producers[p];
    for (std::size_t i = 0; i < part.lanes.size(); ++i) {
      for (std::size_t b = 0; b < part.lanes[i].batches.size(); ++b) {
        if (part.lanes[i].batches[b].ref != batch) continue;
        places.add_within(place.deques, place.lanes[i].batches[b]);
      }
    }
    for (std::size_t c = 0; c < part.connections.size(); ++c) {
      if (is_empty(place.connections[c].area)) continue;
      const auto& requests = part.connections[c].in_flight;
      for (std::size_t r = 0; r < requests.size(); ++r) {
        for (std::size_t b = 0; b < requests[r].batches.size(); ++b) {
          if (requests[r].batches[b].ref != batch) continue;
          places.add(place.connections[c].requests[r].batches[b]);
        }
      }
    }
  }
}

void add_request(RequestRef request, const PipelineView& view, const PictureLayout& layout,
                 Places& places) {
  for (std::size_t p = 0; p < view.producers.size(); ++p) {
    if (view.producers[p].index != request.producer) continue;
    const auto& connections = view.producers[p].connections;
    for (std::size_t c = 0; c < connections.size(); ++c) {
      const ConnectionPlace& place = layout.producers[p].connections[c];
      if (is_empty(place.area)) continue;
      for (std::size_t r = 0; r < connections[c].in_flight.size(); ++r) {
        if (connections[c].in_flight[r].correlation != request.correlation) continue;
        places.add(place.requests[r].area);
      }
    }
  }
}

void add_logs_of(core::TopicPartition partition, const std::vector<LogTail>& logs,
                 const BrokerPlace& place, Places& places) {
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (logs[i].partition == partition) places.add_within(place.logs, place.log_places[i].area);
  }
}

// Its deque; with the first producer's, its log as well, which belongs to none.
void add_lane(LaneRef lane, const PipelineView& view, const PictureLayout& layout, Places& places) {
  for (std::size_t p = 0; p < view.producers.size(); ++p) {
    const ProducerPart& part = view.producers[p];
    const ProducerPlace& place = layout.producers[p];
    for (std::size_t i = 0; i < part.lanes.size(); ++i) {
      if (part.lanes[i].ref == lane) places.add_within(place.deques, place.lanes[i].area);
    }
  }
  if (lane.producer != core::ProducerIndex{0}) return;
  for (std::size_t b = 0; b < view.brokers.size(); ++b) {
    add_logs_of(lane.partition, view.brokers[b].logs, layout.brokers[b], places);
  }
  add_logs_of(lane.partition, view.leaderless, layout.leaderless, places);
}

void add_thread(core::ThreadId thread, const PipelineView& view, const PictureLayout& layout,
                Places& places) {
  for (std::size_t p = 0; p < view.producers.size(); ++p) {
    const ProducerPart& part = view.producers[p];
    if (part.sender.thread == thread) places.add(layout.producers[p].sender);
    for (std::size_t i = 0; i < part.threads.size(); ++i) {
      if (part.threads[i].id == thread) places.add(layout.producers[p].threads[i]);
    }
  }
}

void add_broker(core::NodeId broker, const PipelineView& view, const PictureLayout& layout,
                Places& places) {
  for (std::size_t b = 0; b < view.brokers.size(); ++b) {
    if (view.brokers[b].id == broker) places.add(layout.brokers[b].area);
  }
}

float size_of(const Rect& area) {
  return area.width() * area.height();
}

}  // namespace

std::vector<PointedThing> pointed_things(const ViewerState& state) {
  std::vector<PointedThing> things;
  const auto open = open_question(state);
  if (!open) return things;
  const sim::Scenario& scenario = state.scenario();
  const sim::Question& question = scenario.questions[*open];
  for (std::size_t i = 0; i < question.choices.size(); ++i) {
    const auto thing = sim::thing_pointed_at(scenario, question, question.choices[i]);
    if (!thing) continue;
    for (const Selection& what : selections_of(scenario, *thing)) things.push_back({what, i});
  }
  const std::vector<PointedThing> all = things;
  std::erase_if(things, [&all](const PointedThing& thing) {
    return std::ranges::any_of(all, [&thing](const PointedThing& other) {
      return other.what == thing.what && other.choice != thing.choice;
    });
  });
  return things;
}

std::vector<PointedPlace> pointed_places(const PipelineView& view, const PictureLayout& layout) {
  std::vector<PointedPlace> all;
  for (const PointedThing& thing : view.pointed) {
    Places places{thing.choice, all};
    if (const auto* batch = std::get_if<BatchRef>(&thing.what)) {
      add_batch(*batch, view, layout, places);
    } else if (const auto* lane = std::get_if<LaneRef>(&thing.what)) {
      add_lane(*lane, view, layout, places);
    } else if (const auto* request = std::get_if<RequestRef>(&thing.what)) {
      add_request(*request, view, layout, places);
    } else if (const auto* broker = std::get_if<core::NodeId>(&thing.what)) {
      add_broker(*broker, view, layout, places);
    } else if (const auto* thread = std::get_if<core::ThreadId>(&thing.what)) {
      add_thread(*thread, view, layout, places);
    }
  }
  return all;
}

std::optional<std::size_t> choice_at(const std::vector<PointedPlace>& places, Point at) {
  const PointedPlace* smallest = nullptr;
  for (const PointedPlace& place : places) {
    if (!place.area.contains(at)) continue;
    if (smallest == nullptr || size_of(place.area) < size_of(smallest->area)) smallest = &place;
  }
  if (smallest == nullptr) return std::nullopt;
  return smallest->choice;
}

}  // namespace linger::viz
