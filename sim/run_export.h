// A run, written down for other programs and for paper.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sim/scenario.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// What is written down: a world, and everything that happened until it came to be so.
struct FinishedRun {
  const World& world;
  std::span<const TraceEvent> trace;
};

// The conversation between producers and brokers as a sequence diagram, an SVG picture.
std::string sequence_svg(const FinishedRun& run);

// In the format of Chrome's trace viewer, which Perfetto opens: a track for each batch, each
// connection, each thread, and counters.
std::string perfetto_json(const FinishedRun& run);

// A line for each record: when it was sent, appended, found ready, drained, sent to a broker and
// done, in microseconds, and its fate. Of a batch that was tried again the first time counts; what
// never happened is empty.
std::string records_csv(const FinishedRun& run);

// What a handout says between the lesson's own texts.
struct HandoutWords {
  std::string_view narration;
  std::string_view questions;
  std::string_view before_instant, after_instant;  // of a question
  std::string_view what_ifs;
  std::string_view answers;
  std::string_view yes, no;
};
extern const HandoutWords kEnglishHandout;
extern const HandoutWords kChineseHandout;

// A lesson on paper, in Markdown: what it says and asks, and the answers at the end. Runs the
// scenario. For Chinese, give it the scenario with its Chinese texts (sim/lesson_texts.h), too.
std::string lesson_handout(const std::shared_ptr<const Scenario>& scenario,
                           const HandoutWords& words = kEnglishHandout);

}  // namespace linger::sim
