#include "sim/timeline.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/check.h"
#include "sim/hand.h"

namespace linger::sim {

namespace {

// When there are more, every other one goes, and the steps between them double.
constexpr std::size_t kMostCheckpoints = 512;

}  // namespace

Timeline::Timeline(std::shared_ptr<const Scenario> scenario) : world_{std::move(scenario)} {
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
    adopt_choice(world);
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
  adopt_choice(world_);
  note_adopted();
  step(world_, sink);
  adopt_injections(world_);
  if (!is_new) return;
  step_begin_.push_back(trace_.size());
  step_at_.push_back(world_.now);
  for (TraceEvent& event : sink.events) trace_.push_back(std::move(event));
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
  const auto is_to_come = [this](const Injection& one) {
    return one.step > cursor() || (one.step == cursor() && one.choice() != nullptr);
  };
  while (!injections_.empty() && is_to_come(injections_.back())) injections_.pop_back();
}

Timeline Timeline::fork() const {
  Timeline branch = *this;
  branch.forget_future();
  return branch;
}

void Timeline::inject(Fault fault, Instant at) {
  add({cursor(), at, std::move(fault), nullptr});
}

void Timeline::act(AppAction action, std::size_t producer, Instant at) {
  add({cursor(), at, Act{std::move(action), producer}, nullptr});
}

void Timeline::add(Injection injection) {
  forget_future();
  const Instant soonest = world_.now + Duration{1};
  injection.at = std::max(soonest, injection.at);
  injections_.push_back(std::move(injection));
  adopt_injections(world_);
  note_adopted();
}

void Timeline::choose(ChosenMove choice) {
  CHECK(!is_over());
  forget_future();
  Chosen chosen{std::move(choice), {}};
  if (chosen.choice.fault) chosen.instant = order_of_this_instant();
  injections_.push_back({cursor(), world_.now, std::move(chosen), nullptr});
}

std::vector<OrderEntry> Timeline::order_of_this_instant() {
  const std::int64_t here = cursor();
  std::int64_t first = here;
  while (first > 0 && step_at(first - 1) == world_.now) --first;
  std::vector<OrderEntry> order;
  for (seek(first); cursor() < here; advance()) {
    adopt_choice(world_);
    if (const auto lane = next_lane(world_)) order.push_back({cursor(), *lane});
  }
  return order;
}

const ChosenMove* Timeline::Injection::choice() const {
  const auto* chosen = std::get_if<Chosen>(&what);
  return chosen == nullptr ? nullptr : &chosen->choice;
}

const ChosenMove* Timeline::choice_at(std::int64_t step) const {
  for (const Injection& injection : injections_) {
    if (injection.step == step && injection.choice() != nullptr) return injection.choice();
  }
  return nullptr;
}

bool Timeline::has_same_past(const Timeline& other, std::int64_t step) const {
  if (checkpoints_.front().scenario != other.checkpoints_.front().scenario) return false;
  const auto past_of = [step](const Timeline& timeline) {
    std::vector<std::shared_ptr<const Scenario>> scenarios;
    for (const Injection& one : timeline.injections_) {
      const bool is_past = one.step < step || (one.step == step && one.choice() == nullptr);
      if (is_past) scenarios.push_back(one.scenario);
    }
    return scenarios;
  };
  return step <= frontier() && step <= other.frontier() && past_of(*this) == past_of(other);
}

std::optional<Instant> Timeline::next_at() const {
  if (cursor() < frontier()) return step_at(cursor());
  return next_due(world_);
}

bool Timeline::take_back() {
  if (injections_.empty()) return false;
  const std::int64_t step = injections_.back().step;
  seek(step);
  injections_.pop_back();
  forget_future();
  // The world at hand may know of it; the checkpoints that are left do not.
  world_ = checkpoints_.back();
  adopt_injections(world_);
  while (cursor() < step) advance();
  return true;
}

std::optional<Instant> Timeline::last_done_at() const {
  if (injections_.empty()) return std::nullopt;
  return injections_.back().at;
}

std::optional<std::int64_t> Timeline::last_choice() const {
  if (injections_.empty() || injections_.back().choice() == nullptr) return std::nullopt;
  return injections_.back().step;
}

// A choice that was not made yet is not known.
std::shared_ptr<const Scenario> Timeline::whole_scenario() const {
  const auto known =
      std::find_if(injections_.rbegin(), injections_.rend(),
                   [](const Injection& injection) { return injection.scenario != nullptr; });
  return known == injections_.rend() ? checkpoints_.front().scenario : known->scenario;
}

std::size_t Timeline::adopted(const World& world) const {
  const auto last = std::find_if(
      injections_.rbegin(), injections_.rend(),
      [&](const Injection& injection) { return injection.scenario == world.scenario; });
  return static_cast<std::size_t>(injections_.rend() - last);
}

void Timeline::adopt_injections(World& world) const {
  for (std::size_t known = adopted(world); known < injections_.size(); ++known) {
    const Injection& next = injections_[known];
    const bool is_past =
        next.step < world.steps || (next.step == world.steps && next.choice() == nullptr);
    if (!is_past) return;
    adopt(next, world);
  }
}

void Timeline::adopt_choice(World& world) const {
  const std::size_t known = adopted(world);
  if (known == injections_.size() || injections_[known].step != world.steps) return;
  adopt(injections_[known], world);
}

// Each time it comes to the same: then its scenario is the same one.
void Timeline::adopt(const Injection& injection, World& world) const {
  if (const auto* fault = std::get_if<Fault>(&injection.what)) {
    sim::inject(world, *fault, injection.at);
  } else if (const auto* deed = std::get_if<Act>(&injection.what)) {
    sim::act(world, deed->action, deed->producer, injection.at);
  } else {
    const Chosen& chosen = std::get<Chosen>(injection.what);
    sim::choose(world, chosen.choice, chosen.instant);
  }
  if (injection.scenario) world.scenario = injection.scenario;
}

// The last one that the world at hand has adopted, if that was for the first time.
void Timeline::note_adopted() {
  const auto is_new = [this](const Injection& one) {
    return !one.scenario && one.step == cursor();
  };
  const auto last = std::find_if(injections_.begin(), injections_.end(), is_new);
  if (last != injections_.end()) last->scenario = world_.scenario;
}

}  // namespace linger::sim
