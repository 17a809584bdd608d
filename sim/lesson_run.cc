#include "sim/lesson_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/query_evaluator.h"
#include "sim/runner.h"
#include "sim/scenario_overrides.h"
#include "sim/world.h"

namespace linger::sim {

namespace {

// As a person reads it: texts without quotes.
std::string shown(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr) return *text;
  const auto* truth = std::get_if<bool>(&value);
  if (truth != nullptr) return *truth ? "yes" : "no";
  return value_text(value);
}

std::string mistake_text(const EvalError& error) {
  return error.message + (error.fix.empty() ? "" : "; " + error.fix);
}

// Waits for a moment of a run.
class Watch {
 public:
  explicit Watch(const Moment& moment) : moment_{moment} {}

  const std::optional<Place>& reached() const { return reached_; }
  bool is_at_end() const { return !moment_.at && !moment_.when; }

  void take_in(const TraceEvent& event, const core::TopicNames& topics) {
    if (moment_.when) remember(*moment_.when, event, topics, memory_);
  }
  // What happens next, at `due`, has not happened: at a time, the moment is before all that happens
  // then.
  void before(const World& world, Instant due) {
    if (!reached_ && moment_.at && due >= *moment_.at) reached_ = {world.steps, *moment_.at};
  }
  std::optional<EvalError> after_step(const World& world) {
    const auto now = holds_now(world);
    if (const auto* error = std::get_if<EvalError>(&now)) return *error;
    if (std::get<bool>(now) && !reached_) reached_ = {world.steps, world.now};
    return std::nullopt;
  }
  void at_end(const World& world) {
    if (!reached_ && is_at_end()) reached_ = {world.steps, world.now};
  }

 private:
  std::variant<bool, EvalError> holds_now(const World& world) const {
    if (!moment_.when) return false;
    return holds(*moment_.when, {lookup_in(world), {}, &memory_, world.scenario->topics});
  }

  const Moment& moment_;
  QueryMemory memory_;
  std::optional<Place> reached_;
};

// Follows one question through a run.
class Follower {
 public:
  explicit Follower(const Question& question)
      : question_{question}, asked_{question.moment}, known_{question.known} {}

  void take_in(const TraceEvent& event, const core::TopicNames& topics) {
    asked_.take_in(event, topics);
    known_.take_in(event, topics);
  }

  void before(const World& world, Instant due, std::span<const TraceEvent> trace) {
    asked_.before(world, due);
    known_.before(world, due);
    tell_if_known(world, trace);
  }
  void after_step(const World& world, std::span<const TraceEvent> trace) {
    for (Watch* watch : {&asked_, &known_}) {
      if (const auto error = watch->after_step(world)) note(mistake_text(*error));
    }
    tell_if_known(world, trace);
  }
  QuestionOutcome at_end(const World& world, std::span<const TraceEvent> trace) {
    if (!asked_.reached()) note("the run never comes to where this is asked");
    known_.at_end(world);
    if (!known_.reached()) note("the run never comes to where this is known");
    tell_if_known(world, trace);
    outcome_.asked = asked_.reached();
    outcome_.known = known_.reached();
    return outcome_;
  }

 private:
  // With the world as it is in that moment.
  void tell_if_known(const World& world, std::span<const TraceEvent> trace) {
    if (is_told_ || !known_.reached()) return;
    is_told_ = true;
    if (!asked_.reached() || asked_.reached() == known_.reached()) {
      note("its answer is known before it is asked");
    }
    const QueryContext context{lookup_in(world), trace, nullptr, world.scenario->topics};
    if (question_.answer) outcome_.answer = value_of(*question_.answer, context);
    for (const Choice& choice : question_.choices) {
      const std::string value = choice.value ? value_of(*choice.value, context) : "";
      outcome_.choices.push_back({filled_in(choice.text, value), is_right(choice, context), value});
    }
    check_choices();
  }

  std::string value_of(const Query& query, const QueryContext& context) {
    const LookupResult result = evaluate(query, context);
    if (const auto* value = std::get_if<Value>(&result)) return shown(*value);
    note(mistake_text(std::get<EvalError>(result)));
    return "";
  }
  bool is_right(const Choice& choice, const QueryContext& context) {
    const auto result = holds(choice.right, context);
    if (const auto* error = std::get_if<EvalError>(&result)) {
      note(mistake_text(*error));
      return false;
    }
    return std::get<bool>(result);
  }

  void check_choices() {
    std::string right;
    std::size_t count = 0;
    for (const ChoiceOutcome& choice : outcome_.choices) {
      if (!choice.is_right) continue;
      ++count;
      right += (count == 1 ? "" : ", ") + choice.text;
    }
    const std::string answer =
        outcome_.answer.empty() ? "" : fmt::format(": the answer is {}", outcome_.answer);
    if (count == 0) note("none of its choices is right" + answer);
    if (count > 1) note(fmt::format("{} of its choices are right: {}", count, right));
  }

  // The first mistake is told; others may follow from it.
  void note(std::string mistake) {
    if (outcome_.mistake.empty()) outcome_.mistake = std::move(mistake);
  }

  const Question& question_;
  Watch asked_;
  Watch known_;
  bool is_told_ = false;
  QuestionOutcome outcome_;
};

RunResult run_what_if(Scenario scenario) {
  return run(std::make_shared<const Scenario>(std::move(scenario)),
             {.until = std::nullopt, .checks_laws = true});
}

std::string broken_text(const RunResult& result) {
  for (const BrokenLaw& law : result.broken_laws) {
    return fmt::format("breaks a law: {}: {}", law.name, law.what);
  }
  for (const Verdict& verdict : result.verdicts) {
    if (verdict.holds) continue;
    return fmt::format("does not come to what it says: {}", verdict.values);
  }
  return "";
}

std::string mistake_in(const Scenario& scenario, const WhatIf& what_if) {
  auto forked = with_what_if(scenario, what_if);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&forked)) return text(*errors);
  Scenario as_written = scenario;
  as_written.expectations = std::get<Scenario>(forked).expectations;
  const RunResult result = run_what_if(std::get<Scenario>(std::move(forked)));
  if (const std::string broken = broken_text(result); !broken.empty()) return broken;
  const RunResult usual = run_what_if(std::move(as_written));
  const bool is_otherwise = std::none_of(usual.verdicts.begin(), usual.verdicts.end(),
                                         [](const Verdict& verdict) { return verdict.holds; });
  if (is_otherwise) return "";
  return fmt::format("makes no difference: {} holds in the run as written, too",
                     what_if.then.text());
}

}  // namespace

std::optional<std::size_t> QuestionOutcome::right_choice() const {
  const auto right = std::find_if(choices.begin(), choices.end(),
                                  [](const ChoiceOutcome& choice) { return choice.is_right; });
  if (right == choices.end()) return std::nullopt;
  return static_cast<std::size_t>(right - choices.begin());
}

std::optional<PictureThing> thing_pointed_at(const Scenario& scenario, const Question& question,
                                             const Choice& choice) {
  if (choice.points_at) return choice.points_at;
  if (!question.answer || !choice.value) return std::nullopt;
  return named_thing(*question.answer, *choice.value, scenario.producers.size() == 1);
}

std::string filled_in(const std::string& text, const std::string& value) {
  constexpr std::string_view kPlace = "{value}";
  if (text.empty()) return value;
  std::string filled = text;
  const auto at = filled.find(kPlace);
  if (at != std::string::npos) filled.replace(at, kPlace.size(), value);
  return filled;
}

LessonOutcome lesson_outcome(std::shared_ptr<const Scenario> scenario) {
  if (scenario->questions.empty() && scenario->what_ifs.empty()) return {};
  const core::TopicNames& topics = scenario->topics;
  std::vector<Follower> followers(scenario->questions.begin(), scenario->questions.end());
  std::vector<Watch> offers;
  for (const WhatIf& what_if : scenario->what_ifs) offers.emplace_back(what_if.moment);
  World world{scenario};
  TraceSink sink;
  std::vector<TraceEvent> trace;
  while (const auto due = next_due(world)) {
    for (Follower& follower : followers) follower.before(world, *due, trace);
    for (Watch& offer : offers) offer.before(world, *due);
    step(world, sink);
    for (TraceEvent& event : sink.events) {
      for (Follower& follower : followers) follower.take_in(event, topics);
      for (Watch& offer : offers) offer.take_in(event, topics);
      trace.push_back(std::move(event));
    }
    sink.events.clear();
    for (Follower& follower : followers) follower.after_step(world, trace);
    for (Watch& offer : offers) offer.after_step(world);
  }
  LessonOutcome outcome;
  for (Follower& follower : followers) {
    outcome.questions.push_back(follower.at_end(world, trace));
  }
  for (Watch& offer : offers) {
    offer.at_end(world);
    outcome.what_ifs.push_back(offer.reached());
  }
  return outcome;
}

std::variant<Scenario, std::vector<ParseError>> with_what_if(const Scenario& scenario,
                                                             const WhatIf& what_if) {
  Scenario fork = scenario;
  fork.narration.clear();
  fork.questions.clear();
  fork.what_ifs.clear();
  fork.expectations = {{what_if.then, what_if.because, what_if.line}};
  if (what_if.fault) fork.faults.push_back({what_if.moment, *what_if.fault, what_if.line});
  auto changed = with_overrides(std::move(fork), what_if.changes);
  if (auto* errors = std::get_if<std::vector<ParseError>>(&changed)) return std::move(*errors);
  return std::get<Overridden>(std::move(changed)).scenario;
}

std::vector<LessonMistake> check_lesson(const std::shared_ptr<const Scenario>& scenario) {
  std::vector<LessonMistake> mistakes;
  const LessonOutcome outcome = lesson_outcome(scenario);
  for (std::size_t i = 0; i < outcome.questions.size(); ++i) {
    const std::string& mistake = outcome.questions[i].mistake;
    if (!mistake.empty()) mistakes.push_back({scenario->questions[i].line, "question: " + mistake});
  }
  for (std::size_t i = 0; i < outcome.what_ifs.size(); ++i) {
    const WhatIf& what_if = scenario->what_ifs[i];
    std::string mistake = outcome.what_ifs[i] ? mistake_in(*scenario, what_if)
                                              : "the run never comes to where this is offered";
    if (!mistake.empty()) mistakes.push_back({what_if.line, "what-if: " + mistake});
  }
  return mistakes;
}

}  // namespace linger::sim
