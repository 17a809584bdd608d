#include "sim/timeline.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "core/check.h"
#include "sim/hand.h"

namespace linger::sim {

namespace {

// When there are more, every other one goes, and the steps between them double.
constexpr std::size_t kMostCheckpoints = 512;

}  // namespace

Timeline::Timeline(std::shared_ptr<const Scenario> scenario)
    : world_{std::move(scenario)},
      written_faults_{world_.scenario->faults.size()},
      written_threads_{world_.scenario->threads.size()} {
  checkpoints_.push_back(world_);
}

bool Timeline::step_forward() {
  if (is_over()) return false;
  advance();
  return true;
}

bool Timeline::step_back() {
  if (cursor() == 0) return false;
  seek(cursor() - 1);
  return true;
}

const World& Timeline::checkpoint_before(std::int64_t target) const {
  const auto after = std::upper_bound(
      checkpoints_.begin(), checkpoints_.end(), target,
      [](std::int64_t step, const World& checkpoint) { return step < checkpoint.steps; });
  return *std::prev(after);
}

World Timeline::world_at(std::int64_t target) const {
  CHECK(target >= 0 && target < frontier());
  World world = checkpoint_before(target);
  adopt_injections(world);
  TraceSink off;
  off.is_on = false;
  while (world.steps < target) {
    step(world, off);
    adopt_injections(world);
  }
  return world;
}

void Timeline::seek(std::int64_t target) {
  CHECK(target >= 0);
  const World& nearest = checkpoint_before(target);
  if (target < cursor() || nearest.steps > cursor()) {
    world_ = nearest;
    adopt_injections(world_);
  }
  while (cursor() < target && !is_over()) advance();
}

void Timeline::seek_time(Instant at) {
  if (frontier() > 0 && step_at_.back() > at) {
    const auto later = std::upper_bound(step_at_.begin(), step_at_.end(), at);
    seek(later - step_at_.begin());
    return;
  }
  seek(frontier());
  while (!is_over() && *next_due(world_) <= at) advance();
}

void Timeline::run_to_end() {
  seek(frontier());
  while (!is_over()) advance();
}

void Timeline::advance() {
  const bool is_new = cursor() == frontier();
  TraceSink sink;
  sink.is_on = is_new;
  step(world_, sink);
  adopt_injections(world_);
  if (!is_new) return;
  step_begin_.push_back(trace_.size());
  step_at_.push_back(world_.now);
  std::move(sink.events.begin(), sink.events.end(), std::back_inserter(trace_));
  keep_checkpoint();
}

void Timeline::keep_checkpoint() {
  if (cursor() < checkpoints_.back().steps + stride_) return;
  checkpoints_.push_back(world_);
  if (checkpoints_.size() <= kMostCheckpoints) return;
  std::vector<World> kept;
  for (std::size_t i = 0; i < checkpoints_.size(); i += 2) {
    kept.push_back(std::move(checkpoints_[i]));
  }
  checkpoints_ = std::move(kept);
  stride_ *= 2;
}

std::span<const TraceEvent> Timeline::past() const {
  const std::size_t end =
      cursor() == frontier() ? trace_.size() : step_begin_[static_cast<std::size_t>(cursor())];
  return std::span{trace_}.first(end);
}

std::span<const TraceEvent> Timeline::events_of(std::int64_t step) const {
  CHECK(step >= 0 && step < frontier());
  const std::size_t begin = step_begin_[static_cast<std::size_t>(step)];
  const std::size_t end =
      step + 1 == frontier() ? trace_.size() : step_begin_[static_cast<std::size_t>(step) + 1];
  return std::span{trace_}.subspan(begin, end - begin);
}

void Timeline::forget_future() {
  trace_.erase(trace_.begin() + static_cast<std::ptrdiff_t>(past().size()), trace_.end());
  step_begin_.resize(static_cast<std::size_t>(cursor()));
  step_at_.resize(static_cast<std::size_t>(cursor()));
  while (checkpoints_.back().steps > cursor()) checkpoints_.pop_back();
  while (!injections_.empty() && injections_.back().step > cursor()) injections_.pop_back();
}

Timeline Timeline::fork() const {
  Timeline branch = *this;
  branch.forget_future();
  return branch;
}

void Timeline::inject(Fault fault, Instant at) {
  add({cursor(), at, std::move(fault)});
}

void Timeline::act(AppAction action, std::size_t producer, Instant at) {
  add({cursor(), at, Act{std::move(action), producer}});
}

void Timeline::add(Injection injection) {
  forget_future();
  const Instant soonest = world_.now + Duration{1};
  injection.at = std::max(soonest, injection.at);
  injections_.push_back(std::move(injection));
  adopt_injections(world_);
}

bool Timeline::take_back() {
  if (injections_.empty()) return false;
  const std::int64_t step = injections_.back().step;
  seek(step);
  forget_future();
  injections_.pop_back();
  // The world at hand knows of it; the checkpoints that are left do not.
  world_ = checkpoints_.back();
  adopt_injections(world_);
  while (cursor() < step) advance();
  return true;
}

std::optional<Instant> Timeline::last_done_at() const {
  if (injections_.empty()) return std::nullopt;
  return injections_.back().at;
}

std::size_t Timeline::adopted(const World& world) const {
  return world.scenario->faults.size() - written_faults_ + world.scenario->threads.size() -
         written_threads_;
}

void Timeline::adopt_injections(World& world) const {
  for (std::size_t known = adopted(world);
       known < injections_.size() && injections_[known].step <= world.steps; ++known) {
    const Injection& next = injections_[known];
    if (const auto* fault = std::get_if<Fault>(&next.what)) {
      sim::inject(world, *fault, next.at);
    } else {
      const Act& deed = std::get<Act>(next.what);
      sim::act(world, deed.action, deed.producer, next.at);
    }
  }
}

}  // namespace linger::sim
