// Every row of every Why, in all lessons: it says where it is decided, which setting or change of
// Kafka it is about, and leads to the event that last changed it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lesson_files.h"
#include "viz/readiness_view.h"
#include "viz/why_details.h"
#include "viz/why_view.h"

namespace linger::viz {
namespace {

constexpr std::int64_t kSteps = 2'500;
constexpr int kInstants = 8;

// Rows that no setting, KIP or issue is about, and why.
const std::map<std::string, std::string> kOfNoSetting = {
    {"empty deque", "nothing was sent"},
    {"no leader", "the cluster's affair"},
    {"node already ready", "another partition's affair"},
    {"closed", "the application's call"},
    {"flushing", "the application's call"},
    {"nothing ready for its node", "the readiness of all its partitions"},
    {"node takes no data", "has rows of its own"},
    {"a node is ready", "has rows of its own"},
    {"next expiry", "before KIP-91"},
    {"channel ready", "before KIP-601"},
    {"first in line", "the order in which calls came"},
    {"no batch is incomplete", "the application's call"},
    {"the record's fate is known", "the application's call"},
    {"the sender has stopped", "the application's call"},
    {"the user's code has returned", "the user's affair"},
    {"given to the selector", "a stage"},
    {"written to the socket", "a stage"},
    {"with the broker", "a stage"},
    {"answered", "a stage"},
    {"the answer is here", "a stage"},
    {"head of the deque", "the order of sending"},
    {"retriable", "the nature of the error"},
    {"its error", "what the application is told"},
};

// What changes a row, by the names of the events; a row that has no event here must always lead
// somewhere.
using Kinds = std::set<std::string>;
const std::map<std::string, Kinds> kChangedBy = {
    {"empty deque",
     {"batch_opened", "batch_drained", "batch_retried", "batch_split", "batch_expired",
      "batch_completed"}},
    {"no leader", {"metadata_updated", "leader_learned"}},
    {"node already ready", {"readiness"}},
    {"muted", {"partition_muted"}},
    {"exhausted", {"call_blocked", "call_resumed"}},
    {"closed", {"close_started"}},
    {"flushing", {"flush_started", "flush_ended"}},
    {"completing", {"transaction_state"}},
    {"nothing ready for its node", {"readiness"}},
    {"not ready itself", {"readiness"}},
    {"node takes no data", {"node_readiness"}},
    {"request full", {"batch_drained"}},
    {"transaction in the way", {"transaction_state"}},
    {"no producer id", {"producer_id_set"}},
    {"old epoch in flight", {"producer_id_set", "sequences_reset"}},
    {"sequence unresolved", {"sequence_unresolved"}},
    {"earlier sequence in flight", {"batch_drained", "batch_retried"}},
    {"no metadata due", {"metadata_updated", "metadata_update_requested"}},
    {"connection ready", {"connection_changed"}},
    {"channel ready", {"connection_changed"}},
    {"not throttled", {"node_throttled"}},
    {"can send more", {"request_sent", "request_completed", "request_written"}},
    {"a node is ready", {"node_readiness"}},
    {"next ready check", {"readiness"}},
    {"not ready delay", {"node_readiness"}},
    {"next expiry", {"batch_opened", "batch_completed"}},
    {"the topic is known", {"metadata_updated"}},
    {"the partition is known", {"metadata_updated"}},
    {"the coordinator has answered",
     {"transactional_call_started", "transaction_request", "transaction_response"}},
    {"done already", {"batch_expired", "batch_completed"}},
    {"attempts left", {"batch_retried"}},
};
// Of these an event of the kind concerns the row whatever it is about.
const std::set<std::string> kOfTheProducer = {"closed",
                                              "flushing",
                                              "completing",
                                              "no producer id",
                                              "no metadata due",
                                              "next ready check",
                                              "not ready delay",
                                              "next expiry",
                                              "a node is ready",
                                              "the topic is known",
                                              "the partition is known"};

std::string kind_of(const sim::TraceEvent& event) {
  return sim::visit_event(event, [](const auto& one) { return std::string{one.kName}; });
}

struct SeenRow {
  std::string what;  // "batch", "partition", "thread: memory", …
  std::string row;
  auto operator<=>(const SeenRow&) const = default;
};

// Looks at everything there is at one instant of a lesson.
class RowReader {
 public:
  RowReader(const sim::Timeline& run, const TraceIndex& index, std::set<SeenRow>& seen)
      : run_{run},
        scene_{run, index, {}, run.world().now, 1, 0, 0, sim::names_of(run.scenario())},
        seen_{seen} {}

  void read() {
    for (std::size_t i = 0; i < run_.world().processes.size(); ++i) {
      producer_ = core::ProducerIndex{static_cast<std::int32_t>(i)};
      read_partitions();
      read_batches();
      read_requests();
      select("sender", sim::sender_thread_of(i));
    }
    for (const sim::AppThread& thread : run_.world().threads) {
      producer_ = core::ProducerIndex{static_cast<std::int32_t>(thread.producer)};
      const int on = thread.blocked_on ? static_cast<int>(*thread.blocked_on) : -1;
      select("thread " + std::to_string(on), thread.id);
    }
    producer_ = core::ProducerIndex{0};
    if (run_.world().processes.size() > 1) return;
    for (const core::NodeId broker : run_.world().servers.cluster().brokers()) {
      select("node", broker);
    }
  }

 private:
  void read_partitions() {
    const auto partitions = accumulator_of(scene_, producer_).partitions();
    for (std::size_t i = 0; i < std::min<std::size_t>(partitions.size(), 3); ++i) {
      const LaneRef lane{producer_, partitions[i]};
      scene_.selection = lane;
      const WhyDetails details = why_details(scene_, 0, lane);
      ReadinessView view = readiness_view(scene_, lane);
      add_details(details, view);
      rows("partition", view.guards);
      rows("partition", view.terms);
      DrainView drain = drain_view(scene_, lane);
      add_details(details, drain);
      rows("drain", drain.terms);
    }
  }
  void read_batches() {
    const auto& books = run_.world().processes[static_cast<std::size_t>(producer_.value())].batches;
    const std::size_t some = std::min<std::size_t>(books.size(), 4);
    for (std::size_t i = books.size() - some; i < books.size(); ++i) {
      select("batch", BatchRef{producer_, core::BatchId{static_cast<std::int64_t>(i)}});
    }
  }
  void read_requests() {
    const auto sent = scene_.index.kinds().of<core::RequestSent>(producer_);
    auto event = std::lower_bound(sent.begin(), sent.end(), scene_.position());
    for (int i = 0; i < 3 && event != sent.begin(); ++i) {
      const auto& request = *run_.trace()[*--event].as<core::RequestSent>();
      select("request", RequestRef{producer_, request.correlation});
    }
  }
  void select(const std::string& what, const Selection& selection) {
    scene_.selection = selection;
    const auto lane = lane_to_explain(scene_);
    if (!lane) return;
    const WhyDetails details = why_details(scene_, 0, *lane);
    const WhyView view = why_view(scene_, &details);
    for (const WhySection& section : view.sections) {
      const bool is_error = section.question == "what became of it?" && what == "batch";
      rows(what, section.terms, is_error ? "its error" : "");
    }
  }

  void rows(const std::string& what, const std::vector<Term>& terms,
            const std::string& called = "") {
    for (const Term& term : terms) {
      const std::string name = called.empty() ? term.name : called;
      seen_.insert({what, name});
      const std::string where = run_.scenario().file + " at step " + std::to_string(run_.cursor()) +
                                ", " + what + ": " + name;
      EXPECT_FALSE(term.source.empty()) << where;
      const bool has_setting = !term.setting.empty() || !term.rule.empty();
      EXPECT_TRUE(has_setting || kOfNoSetting.contains(name)) << where;
      expect_link(term, what, name, where);
    }
  }
  void expect_link(const Term& term, const std::string& what, const std::string& name,
                   const std::string& where) {
    const auto known = kChangedBy.find(name);
    if (!term.changed_in) {
      if (known == kChangedBy.end()) {
        // Only of what was not asked nothing is told.
        EXPECT_EQ(term.value, Truth::NotEvaluated) << where;
      } else if (kOfTheProducer.contains(name) && what != "batch") {
        // A batch's decisions are of earlier.
        EXPECT_FALSE(has_happened(known->second)) << where;
      }
      return;
    }
    EXPECT_FALSE(term.changed.empty()) << where;
    ASSERT_LT(*term.changed_in, run_.cursor()) << where;
    if (known == kChangedBy.end()) return;
    const auto events = run_.events_of(*term.changed_in);
    EXPECT_TRUE(std::ranges::any_of(
        events,
        [&](const sim::TraceEvent& event) { return known->second.contains(kind_of(event)); }))
        << where << ": " << term.changed;
  }
  bool has_happened(const Kinds& kinds) const {
    return std::ranges::any_of(run_.past(), [&](const sim::TraceEvent& event) {
      return event.producer == producer_ && kinds.contains(kind_of(event));
    });
  }

  const sim::Timeline& run_;
  Scene scene_;
  std::set<SeenRow>& seen_;
  core::ProducerIndex producer_;
};

// The steps that are looked at: some all over the run, and the first of each kind of wait.
std::vector<std::int64_t> steps_to_look_at(const sim::Timeline& run) {
  std::set<std::int64_t> steps;
  for (int i = 1; i <= kInstants; ++i) steps.insert(run.frontier() * i / kInstants);
  std::set<core::BlockedOn> waits;
  for (const sim::TraceEvent& event : run.trace()) {
    if (const auto* blocked = event.as<core::CallBlocked>()) {
      if (waits.insert(blocked->on).second) steps.insert(event.step + 1);
    }
    if (event.as<core::UserCallStarted>() != nullptr) {
      if (waits.insert(core::BlockedOn::UserCode).second) steps.insert(event.step + 1);
    }
  }
  return {steps.begin(), steps.end()};
}

std::set<SeenRow> read_rows(const std::string& file) {
  std::set<SeenRow> seen;
  sim::Timeline run = run_of_lesson(file, kSteps);
  TraceIndex index;
  index.extend(run);
  for (const std::int64_t step : steps_to_look_at(run)) {
    run.seek(step);
    RowReader{run, index, seen}.read();
  }
  return seen;
}

class EveryRow : public testing::TestWithParam<std::string> {};

TEST_P(EveryRow, SaysWhereItIsDecidedAndLeadsToWhatChangedIt) {
  EXPECT_FALSE(read_rows(GetParam()).empty());
}

INSTANTIATE_TEST_SUITE_P(Lessons, EveryRow, testing::ValuesIn(lesson_files()), test_name_of);

// One run of each release that a lesson is written for would be too much: these have them all.
TEST(EveryRowThereIs, IsSeenInSomeLesson) {
  std::set<std::string> rows;
  for (const char* file :
       {"memory/the_poisoned_waiting_line", "metadata/not_present_in_metadata",
        "closing/flush_and_close", "batching/get_in_a_loop", "transactions/commit",
        "retries/backoff", "expiry/delivery_timeout", "draining/round_robin"}) {
    const std::string path = std::string{LINGER_SOURCE_DIR} + "/scenarios/" + file + ".toml";
    for (const SeenRow& one : read_rows(path)) rows.insert(one.row);
  }
  for (const char* row : {"empty deque",
                          "muted",
                          "full",
                          "expired",
                          "request full",
                          "can send more",
                          "next ready check",
                          "first in line",
                          "memory is free",
                          "the topic is known",
                          "no batch is incomplete",
                          "the record's fate is known",
                          "the sender has stopped",
                          "the coordinator has answered",
                          "its time is up",
                          "answered",
                          "request timeout",
                          "delivery timeout passed",
                          "attempts left",
                          "its error"}) {
    EXPECT_TRUE(rows.contains(row)) << row;
  }
}

}  // namespace
}  // namespace linger::viz
