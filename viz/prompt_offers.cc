#include "viz/prompt_offers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "sim/trace_text.h"
#include "viz/fault_view.h"
#include "viz/hand_view.h"
#include "viz/language.h"
#include "viz/lesson_view.h"
#include "viz/moves_view.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"
#include "viz/viewer_language.h"
#include "viz/viewer_moves.h"

namespace linger::viz {
namespace {

// More than these are not listed, unless by their number.
constexpr std::size_t kMany = 200;

// A name in the language in use, and in English.
struct Name {
  std::string said;
  std::string english;
};
Name named(const char* english) {
  return {tr(english), english};
}
template <class... Args>
requires(sizeof...(Args) > 0) Name
    named(fmt::format_string<const Args&...> english, const Args&... args) {
  return {tr(english, args...), fmt::format(english, args...)};
}

// The first number in what was typed.
std::optional<std::int64_t> number_in(std::string_view typed) {
  const std::size_t at = typed.find_first_of("0123456789");
  if (at == std::string_view::npos) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(typed.data() + at, typed.data() + typed.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

class Offers {
 public:
  Offers(const ViewerState& state, std::string_view typed)
      : state_{state}, now_{scene(state)}, number_{number_in(typed)} {}

  std::vector<PromptOffer> all() {
    add_answers();
    for (std::size_t i = 0; i < now_.world().processes.size(); ++i) add_producer(i);
    add_brokers();
    add_record();
    add_what_ifs();
    add_faults();
    add_deeds();
    add_moves();
    add_runs();
    add_settings();
    add_lessons();
    return std::move(offers_);
  }

 private:
  void add(Name name, std::string detail, ViewerCommand command) {
    offers_.push_back({{std::move(name.said), std::move(detail), "", std::move(command), false},
                       std::move(name.english)});
  }
  void add_selection(Name name, const Selection& what) {
    add(std::move(name), tr("Selects it, as a click in the picture does."), Select{what});
  }
  bool is_meant(std::size_t count, std::int64_t number) const {
    return count <= kMany || number_ == number;
  }
  // "", or which of several producers it is: " of producer B".
  Name of_producer(std::size_t producer) const {
    if (now_.names.producers.size() < 2) return {};
    return named(" of producer {}", now_.names.producers[producer]);
  }
  template <class Text>
  void add_thing(std::size_t producer, const Text& text, const Selection& what) {
    const Name of = of_producer(producer);
    Name name = text();
    name.said += of.said;
    name.english += of.english;
    add_selection(std::move(name), what);
  }

  // --- Things of the picture ---

  void add_producer(std::size_t number) {
    const core::ProducerIndex producer{static_cast<std::int32_t>(number)};
    for (const ThreadBox& thread : thread_boxes(now_, producer)) {
      add_selection(named("select thread {}", thread.name), thread.id);
    }
    add_thing(
        number, [] { return named("select the sender"); }, sim::sender_thread_of(number));
    const std::vector<Lane> all = lanes(now_, producer);
    for (const Lane& lane : all) {
      if (!is_meant(all.size(), lane.ref.partition.partition)) continue;
      add_thing(
          number, [&lane] { return named("select partition {}", lane.name); }, lane.ref);
    }
    add_batches(number, producer);
    for (const ConnectionBox& connection : connection_boxes(now_, producer)) {
      for (const RequestBox& request : connection.in_flight) {
        add_thing(
            number,
            [&] {
              return named("select request {} ({})", request.correlation.value(), request.label);
            },
            RequestRef{producer, request.correlation});
      }
    }
  }
  void add_batches(std::size_t number, core::ProducerIndex producer) {
    const auto incomplete = accumulator_of(now_, producer).incomplete();
    const auto text = [](std::int64_t batch) { return named("select batch {}", batch); };
    bool is_listed = false;
    for (const core::BatchId batch : incomplete) {
      if (!is_meant(incomplete.size(), batch.value())) continue;
      is_listed = is_listed || number_ == batch.value();
      add_thing(
          number, [&] { return text(batch.value()); }, BatchRef{producer, batch});
    }
    const auto known = static_cast<std::int64_t>(process_of(now_, producer).batches.size());
    if (is_listed || !number_ || *number_ >= known) return;
    add_thing(
        number, [&] { return text(*number_); }, BatchRef{producer, core::BatchId{*number_}});
  }
  void add_brokers() {
    for (const core::NodeId broker : now_.world().servers.cluster().brokers()) {
      add_selection(named("select broker {}", broker.value()), broker);
      add(named("faults on broker {}", broker.value()), tr("What can go wrong with it."),
          AimFaults{broker});
    }
    if (std::holds_alternative<std::monostate>(state_.selection)) return;
    add(named("faults on what is selected"), tr("What can go wrong with it."),
        AimFaults{state_.selection});
  }
  void add_record() {
    const auto known = static_cast<std::int64_t>(now_.world().records.size());
    if (number_ && *number_ < known) {
      add_selection(named("select record {}", *number_), core::RecordId{*number_});
    }
  }

  // --- What the panels offer ---

  void add_answers() {
    if (!open_question(state_)) return;
    const LessonView lesson = lesson_view(state_);
    for (const ChoiceView& choice : lesson.question->choices) {
      const auto index = static_cast<std::size_t>(choice.number - 1);
      if (!lesson.is_teaching) {
        add(named("answer {}: {}", choice.number, choice.text), "", AnswerQuestion{index});
        continue;
      }
      add(named("one hand more for {}: {}", choice.number, choice.text), "",
          CountHand{index, Hand::Raised});
      add(named("one hand less for {}: {}", choice.number, choice.text), "",
          CountHand{index, Hand::TakenBack});
    }
  }
  void add_what_ifs() {
    const std::vector<sim::WhatIfTexts>& what_ifs = lesson_texts(state_).what_ifs;
    for (std::size_t i = 0; i < what_ifs.size(); ++i) {
      if (!is_offered(state_.lesson, i)) continue;
      add(named("what if: {}", what_ifs[i].text), tr("Runs it so, beside the run as written."),
          OpenWhatIf{i});
    }
  }
  void add_faults() {
    if (state_.timeline().is_over()) return;
    for (const FaultButton& button : every_fault(state_)) {
      add(named("fault: {}", button.what), button.why, InjectFault{button.fault});
    }
  }
  void add_deeds() {
    for (const HandButton& button : hand_view(state_).buttons) {
      add(named("by hand: {}", button.name), button.what,
          ActByHand{button.action, button.producer});
    }
  }
  void add_moves() {
    for (const MoveRow& row : moves_view(state_).rows) {
      add(named("take move: {}", row.words), row.when, TakeMove{row.index});
    }
  }
  void add_runs() {
    for (std::size_t i = 0; i < state_.branches.size(); ++i) {
      if (i == state_.branch) continue;
      add(named("show run: {}", branch_name(state_, i)), tr("Shows the same instant in it."),
          ShowBranch{i});
    }
    for (std::size_t i = 0; i < state_.bookmarks.size(); ++i) {
      const Bookmark& mark = state_.bookmarks[i];
      add(named("go to bookmark {}: {}", i + 1, sim::instant_text(mark.at)),
          branch_name(state_, mark.branch), ToBookmark{i});
    }
  }
  void add_settings() {
    for (const double speed : kSpeeds) {
      add(named("play at {}", speed_text(speed)), tr("Virtual time, for each second on the wall."),
          SetSpeed{speed});
    }
    for (int i = 0; i <= static_cast<int>(RecordFilter::OfSelection); ++i) {
      const auto filter = static_cast<RecordFilter>(i);
      add(named("list records: {}", word(filter)), tr("Which records the ledger lists."),
          SetRecordFilter{filter});
    }
    add(named("read the lesson's file again"), tr("If another program has changed it."),
        ReloadLesson{});
  }
  void add_lessons() {
    for (const LessonFile& lesson : state_.lessons) {
      const bool is_chinese = language() == Language::Chinese && !lesson.chinese_title.empty();
      Name name = named("open lesson: {}", lesson.title);
      if (is_chinese) name.said = tr("open lesson: {}", lesson.chinese_title);
      add(std::move(name), lesson.topic, OpenScenario{lesson.file});
    }
  }

  const ViewerState& state_;
  Scene now_;
  std::optional<std::int64_t> number_;
  std::vector<PromptOffer> offers_;
};

}  // namespace

std::vector<PromptOffer> prompt_offers(const ViewerState& state, std::string_view typed) {
  if (typed.empty()) return {};
  return Offers{state, typed}.all();
}

}  // namespace linger::viz
