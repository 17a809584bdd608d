#include "sim/event_vocabulary.h"

#include <concepts>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/event_fields.h"

namespace linger::sim {

namespace {

// Tells the fields of an event by their types, also those that hold nothing.
class FieldTypes {
 public:
  void operator()(std::string_view name, const auto& value) { add(name, value); }
  std::vector<EventField> take() { return std::move(fields_); }

 private:
  void add(std::string_view name, bool) { add_field(name, ValueType::Boolean); }
  template <std::integral Integer>
  void add(std::string_view name, Integer) {
    add_field(name, ValueType::Integer);
  }
  void add(std::string_view name, core::Bytes) { add_field(name, ValueType::Integer); }
  template <class Tag, class Rep>
  void add(std::string_view name, core::Id<Tag, Rep>) {
    add_field(name, ValueType::Integer);
  }
  void add(std::string_view name, core::TopicId) { add_field(name, ValueType::Text); }
  void add(std::string_view name, core::TopicPartition) { add_field(name, ValueType::Text); }
  void add(std::string_view name, core::Milliseconds) { add_field(name, ValueType::Integer); }
  void add(std::string_view name, core::Instant) { add_field(name, ValueType::Integer); }
  void add(std::string_view name, const std::string&) { add_field(name, ValueType::Text); }
  void add(std::string_view name, const std::vector<core::BatchId>&) {
    fields_.push_back({std::string{name}, ValueType::Integer, true, {}});
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void add(std::string_view name, Enum) {
    fields_.push_back({std::string{name}, ValueType::Text, false, words_of<Enum>()});
  }
  void add(std::string_view name, core::ProducerIdAndEpoch) {
    add_field(fmt::format("{}_id", name), ValueType::Integer);
    add_field(fmt::format("{}_epoch", name), ValueType::Integer);
  }
  void add(std::string_view name, const core::ClientError& error) {
    add(name, error.exception);
    add_field(fmt::format("{}_message", name), ValueType::Text);
    add(fmt::format("{}_cause", name), error.exception);
  }
  template <class T>
  void add(std::string_view name, const std::optional<T>&) {
    add(name, T{});
  }
  void add_field(std::string_view name, ValueType type) {
    fields_.push_back({std::string{name}, type, false, {}});
  }

  std::vector<EventField> fields_;
};

template <class Event>
EventKind kind() {
  FieldTypes types;
  Event{}.visit(types);
  return {Event::kName, Event::kStream, types.take()};
}

template <class Variant, std::size_t... Index>
void append_kinds(std::vector<EventKind>& kinds, std::index_sequence<Index...>) {
  (kinds.push_back(kind<std::variant_alternative_t<Index, Variant>>()), ...);
}

// The durations that queries know beside the integers with a unit in their name.
struct NamedUnit {
  std::string_view suffix;
  Duration unit;
};
constexpr NamedUnit kNamedUnits[] = {{"_ms", std::chrono::milliseconds{1}},
                                     {"_us", std::chrono::microseconds{1}}};

// Looks for one field among those an event tells.
class FieldFinder {
 public:
  FieldFinder(std::string_view wanted, const core::TopicNames& topics)
      : wanted_{wanted}, topics_{topics} {}

  void boolean(FieldName name, bool value) { found(name, value); }
  void integer(FieldName name, std::int64_t value) { found(name, value); }
  void word(FieldName name, std::string_view value) { found(name, value); }
  void text(FieldName name, std::string_view value) { found(name, value); }
  void topic(FieldName name, core::TopicId topic) {
    if (name == wanted_) value_ = topics_.name(topic);
  }
  void partition(FieldName name, core::TopicPartition partition) {
    if (name == wanted_) value_ = topics_.text(partition);
  }
  void milliseconds(FieldName name, core::Milliseconds value) {
    found(name, std::int64_t{value.count()});
    if (!is_without_unit(name, "_ms")) return;
    constexpr auto kLongest = std::chrono::duration_cast<core::Milliseconds>(Duration::max());
    value_ = value > kLongest ? Duration::max() : Duration{value};
  }
  void instant(FieldName name, core::Instant value) {
    found(name, std::int64_t{value.time_since_epoch().count()});
    if (is_without_unit(name, "_us")) value_ = value.time_since_epoch();
  }
  void ids(FieldName, const std::vector<core::BatchId>&) {}

  Value take() { return std::move(value_); }

 private:
  template <class T>
  void found(FieldName name, T value) {
    if (!(name == wanted_)) return;
    if constexpr (std::same_as<T, std::string_view>) {
      value_ = std::string{value};
    } else {
      value_ = value;
    }
  }
  bool is_without_unit(FieldName name, std::string_view suffix) const {
    return name.stem.size() == wanted_.size() + suffix.size() && name.stem.starts_with(wanted_) &&
           name.stem.ends_with(suffix);
  }

  std::string_view wanted_;
  const core::TopicNames& topics_;
  Value value_;
};

// The names of Kafka's errors and exceptions are too many to list.
constexpr std::size_t kMostWordsToList = 12;

// " boolean": what stands behind a field's name. Integers, the most frequent, go without.
std::string type_text(const EventField& field) {
  if (field.is_list) return " list of integers";
  if (field.type == ValueType::Boolean) return " boolean";
  if (field.type == ValueType::Integer) return "";
  if (field.words.empty() || field.words.size() > kMostWordsToList) return " text";
  return fmt::format(" '{}'", fmt::join(field.words, "', '"));
}

}  // namespace

std::vector<EventKind> event_vocabulary() {
  std::vector<EventKind> kinds;
  append_kinds<core::EventKinds>(kinds,
                                 std::make_index_sequence<std::variant_size_v<core::EventKinds>>{});
  append_kinds<SimEventKinds>(kinds,
                              std::make_index_sequence<std::variant_size_v<SimEventKinds>>{});
  return kinds;
}

std::size_t kind_of(const TraceEvent& event) {
  if (const auto* of_core = std::get_if<core::Event>(&event.what)) return of_core->index();
  return std::variant_size_v<core::EventKinds> + std::get<SimEvent>(event.what).index();
}

Value field_value(const TraceEvent& event, std::string_view field, const core::TopicNames& topics) {
  if (field == "at") return event.at.time_since_epoch();
  if (field == "step") return event.step;
  if (field == "producer") {
    return event.producer ? Value{std::int64_t{event.producer->value()}} : Value{};
  }
  FieldFinder finder{field, topics};
  EventFields fields{finder};
  visit_event(event, [&](const auto& what) { what.visit(fields); });
  return finder.take();
}

std::vector<EventField> query_fields(const EventKind& kind) {
  std::vector<EventField> fields{{"at", ValueType::Time, false, {}},
                                 {"step", ValueType::Integer, false, {}},
                                 {"producer", ValueType::Integer, false, {}}};
  for (const EventField& field : kind.fields) {
    if (field.is_list) continue;
    fields.push_back(field);
    for (const NamedUnit& unit : kNamedUnits) {
      if (!field.name.ends_with(unit.suffix)) continue;
      const std::string stem = field.name.substr(0, field.name.size() - unit.suffix.size());
      fields.push_back({stem, ValueType::Time, false, {}});
    }
  }
  return fields;
}

std::string vocabulary_table() {
  std::string table = "| event | stream | fields |\n|---|---|---|\n";
  for (const EventKind& kind : event_vocabulary()) {
    std::vector<std::string> fields;
    for (const EventField& field : kind.fields) {
      fields.push_back(fmt::format("`{}`{}", field.name, type_text(field)));
    }
    table +=
        fmt::format("| `{}` | {} | {} |\n", kind.name, word(kind.stream), fmt::join(fields, ", "));
  }
  return table;
}

}  // namespace linger::sim
