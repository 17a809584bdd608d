#include "viz/comparison_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/readable.h"
#include "sim/trace_text.h"
#include "viz/keys.h"
#include "viz/language.h"
#include "viz/text.h"
#include "viz/viewer_branches.h"
#include "viz/viewer_language.h"

namespace linger::viz {
namespace {

core::Duration waited(const sim::BlockedSummary& blocked) {
  return blocked.metadata + blocked.memory + blocked.flush + blocked.future + blocked.close +
         blocked.transaction;
}

// Seconds where there are some: the columns are narrow.
std::string short_duration(core::Duration duration) {
  constexpr std::int64_t kSecond = 1'000'000;
  const std::int64_t us = duration.count();
  if (us < kSecond) return sim::readable_duration(duration);
  return fmt::format("{}.{:03} s", us / kSecond, us % kSecond / 1'000);
}

std::string latency_text(const sim::LatencySummary& latency, core::Duration percentile) {
  return latency.count == 0 ? "–" : short_duration(percentile);
}

class Numbers {
 public:
  Numbers(const RunSoFar& base, const RunSoFar& fork) : base_{base}, fork_{fork} {}

  template <class Text>
  void add(std::string_view name, Text text) {
    ComparedNumber number{std::string{name}, text(base_), text(fork_), false};
    number.differs = number.base != number.fork;
    numbers_.push_back(std::move(number));
  }
  template <class Count>
  void count(std::string_view name, Count count) {
    add(name, [&count](const RunSoFar& run) { return number_text(count(run)); });
  }
  std::vector<ComparedNumber> take() { return std::move(numbers_); }

 private:
  const RunSoFar& base_;
  const RunSoFar& fork_;
  std::vector<ComparedNumber> numbers_;
};

std::vector<ComparedNumber> numbers_of(const RunSoFar& base, const RunSoFar& fork) {
  Numbers numbers{base, fork};
  using Run = const RunSoFar&;
  numbers.count(tr("produce requests"), [](Run run) { return run.summary().requests.produce; });
  numbers.add(tr("records per batch"), [](Run run) {
    return sim::quotient_text(run.summary().batches.records, run.summary().batches.sent);
  });
  numbers.count(tr("retries"), [](Run run) { return run.summary().batches.retries; });
  numbers.add(tr("threads waited"),
              [](Run run) { return short_duration(waited(run.summary().blocked)); });
  numbers.add(tr("latency, median"), [](Run run) {
    return latency_text(run.summary().acknowledged, run.summary().acknowledged.median);
  });
  numbers.add(tr("latency, 99th percentile"), [](Run run) {
    return latency_text(run.summary().acknowledged, run.summary().acknowledged.ninety_ninth);
  });
  numbers.count(tr("acknowledged"), [](Run run) { return run.summary().records.acknowledged; });
  numbers.count(tr("failed or refused"), [](Run run) {
    return run.summary().records.failed + run.summary().records.refused;
  });
  numbers.count(tr("lost: in no log"), [](Run run) { return run.lost(); });
  numbers.count(tr("duplicates in logs"), [](Run run) { return run.summary().logs.duplicates; });
  numbers.count(tr("reordered partitions"), [](Run run) {
    return static_cast<std::int64_t>(run.summary().logs.out_of_order.size());
  });
  return numbers.take();
}

ComparedRun run_of(const ViewerState& state, std::size_t index, std::optional<std::size_t> parts,
                   std::int64_t events) {
  const Branch& branch = state.branches[index];
  ComparedRun run{.name = branch_name(state, index),
                  .branch = index,
                  .is_shown = index == state.branch,
                  .is_over = branch.timeline.is_over(),
                  .events = {}};
  const Scene now = scene_of(state, index);
  const std::int64_t total = event_count(now, state.streams);
  const std::int64_t first = std::max<std::int64_t>(total - events, 0);
  for (const EventRow& row : event_list_view(now, state.streams, {first, events}).rows) {
    run.events.push_back(
        {.time = row.time,
         .text = row.subject.empty() ? row.text : tr("{}: {}", row.subject, row.text),
         .step = row.step,
         .parts = parts == row.position,
         .is_after = parts && row.position > *parts});
  }
  return run;
}

}  // namespace

ComparisonView comparison_view(const ViewerState& state, std::int64_t events) {
  ComparisonView view;
  const auto pair = compared_branches(state);
  if (!pair) {
    view.hint =
        tr("One run so far. A what-if of the lesson ({}) or a fault by hand ({}) makes another, to "
           "be seen beside it.",
           key_text(TogglePanel{Panel::Lesson}), key_text(TogglePanel{Panel::Faults}));
    return view;
  }
  const Branch& base = state.branches[pair->base];
  const Branch& fork = state.branches[pair->fork];
  view.at = sim::instant_text(state.shown_at);
  if (base.so_far.is_known() && fork.so_far.is_known()) {
    view.numbers = numbers_of(base.so_far, fork.so_far);
  }
  const FirstDifference none{.at = core::Instant::max(), .base = {}, .fork = {}};
  const FirstDifference parted = fork.parted.value_or(none);
  view.base = run_of(state, pair->base, parted.base, events);
  view.fork = run_of(state, pair->fork, parted.fork, events);
  view.has_parted = fork.parted.has_value();
  view.parted = fork.parted ? tr("the runs part at {}", sim::instant_text(parted.at))
                            : tr("the runs are the same so far");
  return view;
}

std::vector<ComparedNumber> numbers_that_fit(std::vector<ComparedNumber> numbers,
                                             std::size_t most) {
  const auto drop_last = [&](auto&& is_spared) {
    for (std::size_t i = numbers.size(); i-- > 0 && numbers.size() > most;) {
      if (is_spared(numbers[i])) numbers.erase(numbers.begin() + static_cast<std::ptrdiff_t>(i));
    }
  };
  drop_last([](const ComparedNumber& one) { return !one.differs && one.base == "0"; });
  drop_last([](const ComparedNumber& one) { return !one.differs; });
  drop_last([](const ComparedNumber&) { return true; });
  return numbers;
}

}  // namespace linger::viz
