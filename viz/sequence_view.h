// The conversation between producers and brokers, as a sequence diagram.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/message_sequence.h"
#include "viz/scene.h"

namespace linger::viz {

// A line from the top to the bottom: a producer, or a broker.
struct Lifeline {
  std::string name;
  std::optional<core::ProducerIndex> producer;  // else it is a broker
  friend bool operator==(const Lifeline&, const Lifeline&) = default;
};

struct SequenceRow {
  std::int64_t step = 0;  // to go there: SeekStep{step + 1}
  std::string time;       // empty where it is that of the row above
  sim::SequenceLine::Kind kind = sim::SequenceLine::Kind::Sent;
  std::size_t lifeline = 0;  // beside which the text stands
  std::string text;          // empty for what an arrow tells
  friend bool operator==(const SequenceRow&, const SequenceRow&) = default;
};

enum class ArrowEnd { OnItsWay, Arrived, Lost };

struct SequenceArrow {
  RequestRef request;
  bool is_answer = false;
  std::size_t from = 0;  // lifelines
  std::size_t to = 0;
  std::int64_t from_row = 0;
  std::int64_t to_row = 0;  // of one on its way: behind the last
  ArrowEnd end = ArrowEnd::OnItsWay;
  bool is_refused = false;
  std::string label;
  std::string text;  // all there is to say
  bool is_selected = false;
  friend bool operator==(const SequenceArrow&, const SequenceArrow&) = default;
};

struct SequenceView {
  std::vector<Lifeline> lifelines;
  std::int64_t total = 0;  // rows there are
  std::int64_t first = 0;
  std::vector<SequenceRow> rows;
  std::vector<SequenceArrow> arrows;  // that are in sight, if only in part
  friend bool operator==(const SequenceView&, const SequenceView&) = default;
};

// What has happened until the cursor.
SequenceView sequence_view(const Scene& scene, Window window);

}  // namespace linger::viz
