// In every lesson, somebody who goes to and fro, forks and comes back sees what a fresh run shows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <memory>
#include <string>

#include "core/random.h"
#include "screen_fixture.h"
#include "viz/batch_chart_view.h"
#include "viz/event_list_view.h"
#include "viz/future_view.h"
#include "viz/inspector_view.h"
#include "viz/ledger_view.h"
#include "viz/lesson_path.h"
#include "viz/pipeline_view.h"
#include "viz/plots_view.h"
#include "viz/readiness_view.h"
#include "viz/record_bytes_view.h"
#include "viz/replica_view.h"
#include "viz/sequence_view.h"
#include "viz/why_view.h"

namespace linger::viz {
namespace {

constexpr int kWalks = 3;
constexpr int kMovesInAWalk = 5;

class EveryWalk : public testing::TestWithParam<std::string> {
 protected:
  void move_at_random(ViewerState& state) {
    const std::int64_t steps = std::max<std::int64_t>(state.timeline().frontier(), 1);
    switch (random_.uniform(0, 11)) {
      case 0:
        return handle(state, SeekStep{random_.uniform(0, steps)});
      case 1:
        return handle(state, SeekFraction{static_cast<double>(random_.uniform(0, 100)) / 100});
      case 2:
        return handle(state, StepEvent{Way::Back});
      case 3:
        return handle(state, StepPass{Way::Forward});
      case 4:
        return handle(state, InjectNumbered{static_cast<int>(random_.uniform(1, 9))});
      case 5:
        return handle(state, ForkWith{"linger.ms=" + std::to_string(random_.uniform(0, 30))});
      case 6:
        return handle(state, ShowBranch{static_cast<std::size_t>(random_.uniform(0, 3))});
      case 7:
        return handle(state, ActByHand{send_by_hand(state)});
      case 8:
        return handle(state, UndoByHand{});
      case 9:
        return handle(state, SelectNextBatch{});
      case 10:
        return handle(state, CloseBranch{});
      default:
        return handle(state, TakeBack{});
    }
  }

  static sim::SendAction send_by_hand(const ViewerState& state) {
    sim::SendAction send;
    send.topic = state.scenario().cluster.topics.front().name;
    return send;
  }

  core::Random random_{23, core::RandomStream::Applications};
};

// The scenario of the run that is shown, with all that was done to it by hand.
std::shared_ptr<const sim::Scenario> scenario_of_run(const ViewerState& state) {
  sim::Timeline whole = state.timeline();
  whole.seek(whole.frontier());
  return whole.world().scenario;
}

void expect_what_a_fresh_run_shows(const ViewerState& state) {
  sim::Timeline fresh{scenario_of_run(state)};
  fresh.seek(state.timeline().frontier());  // the charts show what is known of the run
  TraceIndex index;
  index.extend(fresh);
  fresh.seek(state.timeline().cursor());
  const Scene walked = scene(state);
  const Scene now{fresh,
                  index,
                  state.selection,
                  state.shown_at,
                  state.speed,
                  walked.still_for,
                  state.fresh_from,
                  walked.names};
  ASSERT_EQ(fresh.world().now, state.world().now);
  ASSERT_EQ(fresh.past().size(), state.timeline().past().size());
  const auto expect_the_same = [&](const char* what, const auto& look) {
    EXPECT_TRUE(look(now) == look(walked)) << what;
  };
  using S = const Scene&;
  EXPECT_EQ(pipeline_view(now), pipeline_view(walked));
  EXPECT_EQ(record_ledger_view(now, RecordFilter::All, {}),
            record_ledger_view(walked, RecordFilter::All, {}));
  expect_the_same("why", [](S s) { return why_view(s); });
  expect_the_same("inspector", [](S s) { return batch_inspector_view(s); });
  expect_the_same("events", [](S s) { return event_list_view(s, kAllStreams, {}); });
  expect_the_same("what is due", [](S s) { return future_view(s); });
  expect_the_same("replicas", [](S s) { return replicas_views(s); });
  expect_the_same("batches over time", [](S s) { return batch_chart_view(s, {}, {}, 200); });
  expect_the_same("sequence", [](S s) { return sequence_view(s, {}); });
  expect_the_same("plots", [](S s) { return plots_view(s, {}, 200, Future::Hidden); });
  expect_the_same("a record's bytes", [](S s) { return record_bytes_view(s); });
  for (const core::TopicPartition partition : partitions(state.world())) {
    expect_the_same("consumer", [=](S s) { return consumer_log_view(s, partition, {}); });
  }
  for (std::size_t i = 0; i < state.world().processes.size(); ++i) {
    const core::ProducerIndex producer{static_cast<std::int32_t>(i)};
    EXPECT_EQ(sleep_view(now, producer), sleep_view(walked, producer));
    EXPECT_EQ(node_views(now, producer), node_views(walked, producer));
  }
}

TEST_P(EveryWalk, ShowsWhatAFreshRunShows) {
  ViewerState state = opened(GetParam());
  state.lesson.asks = false;
  for (int walk = 0; walk < kWalks; ++walk) {
    for (int i = 0; i < kMovesInAWalk; ++i) move_at_random(state);
    ASSERT_EQ(state.error, "");
    expect_what_a_fresh_run_shows(state);
    if (HasFailure()) {
      FAIL() << state.current().name << ", step " << state.timeline().cursor();
    }
  }
}

std::string walk_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = lesson_key(info.param);
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Lessons, EveryWalk, testing::ValuesIn(scenario_files()), walk_name);

}  // namespace
}  // namespace linger::viz
