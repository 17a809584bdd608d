#include "viz/sequence_view.h"

#include <algorithm>
#include <utility>

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/said.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

using Line = sim::SequenceLine;

class Diagram {
 public:
  explicit Diagram(const Scene& scene) : scene_{scene}, sequence_{scene.index.sequence()} {
    for (std::size_t i = 0; i < scene.names.producers.size(); ++i) {
      lifelines_.push_back({.name = scene.names.producers[i],
                            .producer = core::ProducerIndex{static_cast<std::int32_t>(i)}});
    }
    for (const core::NodeId broker : scene.world().servers.cluster().brokers()) {
      brokers_.push_back(broker);
      lifelines_.push_back({.name = broker_label(broker), .producer = {}});
    }
  }

  SequenceView view(Window window) const {
    SequenceView view;
    const std::vector<Line>& lines = sequence_.lines();
    const auto end = std::partition_point(lines.begin(), lines.end(), [this](const Line& line) {
      return line.position < scene_.position();
    });
    view.total = end - lines.begin();
    view.first = std::clamp<std::int64_t>(window.first, 0, view.total);
    const std::int64_t last = std::min(view.first + window.count, view.total);
    for (std::int64_t i = view.first; i < last; ++i) {
      view.rows.push_back(row(lines, static_cast<std::size_t>(i), i == view.first));
    }
    for (const std::size_t message : sequence_.messages_in(static_cast<std::size_t>(view.first),
                                                           static_cast<std::size_t>(last))) {
      view.arrows.push_back(arrow(sequence_.messages()[message], view.total));
    }
    view.lifelines = lifelines_;
    return view;
  }

 private:
  SequenceRow row(const std::vector<Line>& lines, std::size_t at, bool is_first) const {
    const Line& line = lines[at];
    SequenceRow row;
    row.step = line.step;
    const bool is_same_time = !is_first && lines[at - 1].at == line.at;
    if (!is_same_time) row.time = sim::instant_text(line.at);
    row.kind = line.kind;
    row.lifeline = lifeline_of(line.producer);
    if (sim::is_of_a_message(line.kind)) {
      const sim::Message& message = sequence_.messages()[line.message];
      const bool is_at_broker = (line.kind == Line::Kind::Sent) != message.is_request();
      if (is_at_broker) row.lifeline = lifeline_of(message.broker);
    } else {
      row.text = tr_said(sim::line_text(line, sequence_.messages()));
    }
    return row;
  }

  SequenceArrow arrow(const sim::Message& message, std::int64_t total) const {
    SequenceArrow arrow;
    arrow.request = {message.producer, message.correlation};
    arrow.is_answer = !message.is_request();
    arrow.from = lifeline_of(message.producer);
    arrow.to = lifeline_of(message.broker);
    if (arrow.is_answer) std::swap(arrow.from, arrow.to);
    arrow.from_row = static_cast<std::int64_t>(message.sent);
    arrow.to_row = total;
    const bool is_over = message.over && static_cast<std::int64_t>(*message.over) < total;
    if (is_over) {
      arrow.to_row = static_cast<std::int64_t>(*message.over);
      arrow.end = message.is_lost ? ArrowEnd::Lost : ArrowEnd::Arrived;
    }
    arrow.is_refused = !message.refused.empty();
    arrow.label = tr_said(sim::message_text(message));
    arrow.text = text(message, arrow);
    arrow.is_selected = is_selected(scene_, arrow.request);
    return arrow;
  }

  std::string text(const sim::Message& message, const SequenceArrow& arrow) const {
    const std::vector<Line>& lines = sequence_.lines();
    std::string text = tr("{}\n{}, sent at {}", arrow.label, bytes_text(message.bytes),
                          sim::instant_text(lines[message.sent].at));
    switch (arrow.end) {
      case ArrowEnd::OnItsWay:
        return tr("{}\non its way", text);
      case ArrowEnd::Arrived:
        return tr("{}\narrived at {}", text, sim::instant_text(lines[*message.over].at));
      case ArrowEnd::Lost:
        return tr("{}\nlost at {}", text, sim::instant_text(lines[*message.over].at));
    }
    return text;
  }

  std::size_t lifeline_of(core::ProducerIndex producer) const {
    return static_cast<std::size_t>(std::max(producer.value(), 0));
  }
  std::size_t lifeline_of(core::NodeId broker) const {
    const auto found = std::find(brokers_.begin(), brokers_.end(), broker);
    const auto place = found == brokers_.end() ? 0 : found - brokers_.begin();
    return lifelines_.size() - brokers_.size() + static_cast<std::size_t>(place);
  }

  const Scene& scene_;
  const sim::MessageSequence& sequence_;
  std::vector<Lifeline> lifelines_;
  std::vector<core::NodeId> brokers_;
};

}  // namespace

SequenceView sequence_view(const Scene& scene, Window window) {
  return Diagram{scene}.view(window);
}

}  // namespace linger::viz
