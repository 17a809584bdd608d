#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "sim/fault_words.h"
#include "sim/random_faults.h"
#include "sim/scenario_parser.h"
#include "sim/scenario_sections.h"
#include "sim/toml_tree.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

// --- What a field can be ---

void read_value(const TomlNode& node, const FieldInfo&, NodeId& broker, Reading& reading) {
  broker = broker_of(node, reading).value_or(broker);
}

// A broker, or "none".
void read_value(const TomlNode& node, const FieldInfo&, std::optional<NodeId>& broker,
                Reading& reading) {
  const bool is_none = node.kind == TomlNode::Kind::Text && node.text == "none";
  broker = is_none ? std::nullopt : broker_of(node, reading);
}

void read_value(const TomlNode& node, const FieldInfo&, PartitionName& partition,
                Reading& reading) {
  partition = partition_of(node, reading).value_or(partition);
}

void read_value(const TomlNode& node, const FieldInfo&, TopicName& topic, Reading& reading) {
  topic.name = topic_of(node, reading).value_or(topic.name);
}

void read_value(const TomlNode& node, const FieldInfo&, Duration& time, Reading& reading) {
  time = duration_of(node, reading.mistakes).value_or(time);
}

void read_value(const TomlNode& node, const FieldInfo& field, Bytes& size, Reading& reading) {
  const auto value = size_of(node, reading.mistakes);
  if (value && value->count() < field.least) {
    reading.mistakes.add(node.at, fmt::format("'{}' is too small", field.key),
                         fmt::format("at least {}", field.least));
  }
  size = value.value_or(size);
}

void read_value(const TomlNode& node, const FieldInfo&, Bandwidth& bandwidth, Reading& reading) {
  const auto text = text_of(node, reading.mistakes);
  if (!text) return;
  const auto parsed = parse_bandwidth(*text);
  if (const auto* error = std::get_if<UnitError>(&parsed)) {
    reading.mistakes.add(node.at, error->message, error->fix);
  } else if (std::get<Bytes>(parsed) == Bytes{0}) {
    reading.mistakes.add(node.at, "nothing would ever arrive", "such as \"1MB/s\"");
  } else {
    bandwidth.each_second = std::get<Bytes>(parsed);
  }
}

void read_value(const TomlNode& node, const FieldInfo&, std::string& text, Reading& reading) {
  text = text_of(node, reading.mistakes).value_or(text);
}

void read_value(const TomlNode& node, const FieldInfo&, ProducerName& producer, Reading& reading) {
  const auto name = text_of(node, reading.mistakes);
  if (!name) return;
  check_known(node, *name, "producer", producer_names(reading.scenario), reading.mistakes);
  producer.name = *name;
}

void read_value(const TomlNode& node, const FieldInfo&, bool& truth, Reading& reading) {
  truth = boolean_of(node, reading.mistakes).value_or(truth);
}

void read_value(const TomlNode& node, const FieldInfo& field, std::int32_t& number,
                Reading& reading) {
  const IntegerRange range{field.least, std::numeric_limits<std::int32_t>::max()};
  const auto value = integer_of(node, range, reading.mistakes);
  if (value) number = static_cast<std::int32_t>(*value);
}

void read_value(const TomlNode& node, const FieldInfo&, core::ErrorCode& error, Reading& reading) {
  const auto name = text_of(node, reading.mistakes);
  if (!name) return;
  const auto found = core::find_error_code(*name);
  if (found && *found != core::ErrorCode::None) {
    error = *found;
    return;
  }
  std::vector<std::string> names;
  for (const core::ErrorCodeInfo& known : core::error_codes()) names.emplace_back(known.name);
  check_known(node, *name == "NONE" ? "" : *name, "error of the protocol", names, reading.mistakes);
}

template <class Word, class = std::enable_if_t<std::is_enum_v<Word>>>
void read_value(const TomlNode& node, const FieldInfo& field, Word& word, Reading& reading) {
  const auto text = text_of(node, reading.mistakes);
  if (!text) return;
  const auto words = words_of(word);
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) {
    word = static_cast<Word>(found - words.begin());
    return;
  }
  check_known(node, *text, fmt::format("'{}'", field.key), {words.begin(), words.end()},
              reading.mistakes);
}

template <class T>
void read_value(const TomlNode& node, const FieldInfo& field, std::optional<T>& value,
                Reading& reading) {
  T read{};
  read_value(node, field, read, reading);
  value = std::move(read);
}

// --- A fault ---

// Of a table: each field by its key.
class TableFields {
 public:
  TableFields(TableReader& table, Reading& reading) : table_{table}, reading_{reading} {}

  template <class T>
  void must(const FieldInfo& field, T& value) {
    const TomlNode* node = table_.require(field.key, field.example);
    if (node != nullptr) read_value(*node, field, value, reading_);
  }
  template <class T>
  void may(const FieldInfo& field, T& value) {
    const TomlNode* node = table_.find(field.key);
    if (node != nullptr) read_value(*node, field, value, reading_);
  }

 private:
  TableReader& table_;
  Reading& reading_;
};

// Of anything else: the first field, where no other must be there.
class LoneField {
 public:
  LoneField(const TomlNode& node, Reading& reading) : node_{node}, reading_{reading} {}

  template <class T>
  void must(const FieldInfo& field, T& value) {
    if (count_++ == 0) read_value(node_, field, value, reading_);
  }
  template <class T>
  void may(const FieldInfo&, T&) {}

 private:
  const TomlNode& node_;
  Reading& reading_;
  int count_ = 0;
};

// The fields that must be there, as an example of the table.
class Example {
 public:
  template <class T>
  void must(const FieldInfo& field, const T&) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", field.key, field.example);
    ++count;
  }
  template <class T>
  void may(const FieldInfo&, const T&) {}

  std::string text;
  int count = 0;
};

template <class Kind>
void read_fault(const TomlNode& node, Kind& fault, Reading& reading) {
  constexpr FaultInfo info = Kind::kInfo;
  Example example;
  Kind::visit(static_cast<const Kind&>(fault), example);
  if (node.kind == TomlNode::Kind::Table) {
    TableReader table{node, fmt::format("'{}'", info.key), reading.mistakes};
    TableFields fields{table, reading};
    Kind::visit(fault, fields);
    table.finish();
  } else if (example.count > 1) {
    reading.mistakes.add(node.at, fmt::format("'{}' is a table", info.key),
                         fmt::format("such as {} = {{ {} }}", info.key, example.text));
  } else {
    LoneField field{node, reading};
    Kind::visit(fault, field);
  }
}

}  // namespace

std::optional<Fault> find_fault(TableReader& table, Reading& reading) {
  std::vector<Fault> found;
  for (const Fault& kind : fault_vocabulary()) {
    const TomlNode* value = table.find(info(kind).key);
    if (value == nullptr) continue;
    found.push_back(kind);
    std::visit([&](auto& fault) { read_fault(*value, fault, reading); }, found.back());
  }
  if (found.empty()) return std::nullopt;
  if (found.size() > 1) {
    reading.mistakes.add(table.at(), "these are several faults",
                         fmt::format("give each a {} table of its own", table.name()));
  }
  return found.front();
}

Fault read_fault(TableReader& table, Reading& reading) {
  auto found = find_fault(table, reading);
  if (found) return std::move(*found);
  reading.mistakes.add(table.at(), "this fault does nothing", "such as disconnect = 0");
  return Disconnect{};
}

namespace {

ScheduledFault read_scheduled(const TomlNode& node, Reading& reading) {
  TableReader table{node, "[[fault]]", reading.mistakes};
  ScheduledFault scheduled{read_moment(table, reading), Disconnect{}, node.at.line};
  scheduled.fault = read_fault(table, reading);
  table.finish();
  return scheduled;
}

}  // namespace

void read_faults(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("fault")) {
    reading.scenario.faults.push_back(read_scheduled(*node, reading));
  }
}

// The scenario is known to be good: only the fault can be wrong.
namespace {

std::vector<std::string> topic_names_of(const Scenario& scenario) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scenario.topics.size(); ++i) {
    names.push_back(scenario.topics.name(core::TopicId{static_cast<core::TopicId::rep>(i)}));
  }
  return names;
}

}  // namespace

std::variant<ScheduledFault, std::vector<ParseError>> parse_fault(std::string_view text,
                                                                  const std::string& place,
                                                                  const Scenario& scenario) {
  const bool has_braces = text.find_first_not_of(' ') == text.find('{');
  const std::string braced =
      has_braces && !text.empty() ? std::string{text} : fmt::format("{{ {} }}", text);
  const auto document = read_toml("fault = " + braced, place);
  if (const auto* error = std::get_if<ParseError>(&document)) {
    return std::vector<ParseError>{{place, 0, 0, error->message, "such as 'disconnect = 1'"}};
  }
  Reading reading{scenario, Mistakes{place}, topic_names_of(scenario), {}, {}};
  const TomlNode& node = std::get<TomlNode>(document).entries.front().node;
  ScheduledFault fault = read_scheduled(node, reading);
  if (reading.mistakes.empty()) {
    fault.line = 0;
    return fault;
  }
  std::vector<ParseError> errors = reading.mistakes.sorted();
  for (ParseError& error : errors) error.line = error.column = 0;
  return errors;
}

// --- Faults by chance ---

namespace {

// "2/s", "30/m", "1/h": so many in a second, a minute or an hour.
void read_rate(const TomlNode& node, RandomFaults& random, Reading& reading) {
  const auto text = text_of(node, reading.mistakes);
  if (!text) return;
  const std::size_t slash = text->find('/');
  const std::string number = text->substr(0, slash);
  const auto within = slash == std::string::npos ? std::variant<Duration, UnitError>{UnitError{}}
                                                 : parse_duration("1" + text->substr(slash + 1));
  const auto [end, failure] =
      std::from_chars(number.data(), number.data() + number.size(), random.count);
  const bool is_number = failure == std::errc{} && end == number.data() + number.size();
  if (!is_number || random.count < 1 || !std::holds_alternative<Duration>(within)) {
    random.count = 1;
    reading.mistakes.add(node.at, fmt::format("'{}' is no rate", *text),
                         "so many in a time, such as \"2/s\", \"30/m\" or \"1/h\"");
    return;
  }
  random.within = std::get<Duration>(within);
}

void read_choices(TableReader& table, RandomFaults& random, Reading& reading) {
  const TomlNode* list = table.require("of", "[{ disconnect = 0 }, { refuse = 1 }]");
  if (list == nullptr) return;
  if (list->kind != TomlNode::Kind::Array || list->items.empty()) {
    reading.mistakes.add(list->at, "'of' is a list of faults", "such as of = [{ disconnect = 0 }]");
    return;
  }
  for (const TomlNode& item : list->items) {
    if (item.kind != TomlNode::Kind::Table) {
      reading.mistakes.add(item.at, "this is no fault", "such as { disconnect = 0 }");
      continue;
    }
    TableReader choice{item, "a fault", reading.mistakes};
    random.of.push_back(read_fault(choice, reading));
    choice.finish();
  }
}

}  // namespace

void read_random_faults(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("random_fault")) {
    TableReader table{*node, "[[random_fault]]", reading.mistakes};
    RandomFaults random;
    random.line = node->at.line;
    if (const TomlNode* rate = table.require("rate", "\"2/s\"")) {
      read_rate(*rate, random, reading);
    }
    table.read("from", random.from);
    table.require("until", "\"10s\"");
    table.read("until", random.until);
    read_choices(table, random, reading);
    table.finish();
    const Duration length = random.until - random.from;
    if (length.count() / random.within.count() * random.count > kMostRandomFaults) {
      reading.mistakes.add(
          node->at, "these are more faults than a run can hold",
          fmt::format("at most {}: a lower rate, or less time", kMostRandomFaults));
    }
    reading.scenario.random_faults.push_back(std::move(random));
  }
}

}  // namespace linger::sim
