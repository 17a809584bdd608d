// Why: what was decided about the thing that is selected, decision by decision, and what it waits
// for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viz/batch_view.h"
#include "viz/readiness_view.h"
#include "viz/scene.h"

namespace linger::viz {

enum class WhyTone { Good, Bad, Waits, Plain };

// One question and its answer.
struct WhySection {
  std::string question;  // "why was it retried?"
  std::string answer;    // "it goes back into its deque: …"
  WhyTone tone = WhyTone::Plain;
  std::vector<Term> terms;           // what the answer was made of
  std::optional<std::int64_t> step;  // in which it was decided: SeekStep{step + 1}
  std::string at;                    // "12.000 ms"; empty if it is so just now
  std::optional<Remaining> until;    // until when it is so, at most
  friend bool operator==(const WhySection&, const WhySection&) = default;
};

struct WhyView {
  std::string title;  // "batch 3 of orders-0"; empty if nothing is selected that has an own answer
  std::vector<WhySection> sections;
  friend bool operator==(const WhyView&, const WhyView&) = default;
};

// Of a batch, a record's batch, a thread, a sender's thread, a request, a broker. A partition's
// answer is its readiness, see readiness_view.h. With what is behind it, if that is known.
struct WhyDetails;
WhyView why_view(const Scene& scene, const WhyDetails* details = nullptr);

}  // namespace linger::viz
