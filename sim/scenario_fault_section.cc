#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include <fmt/format.h>

#include "sim/fault_words.h"
#include "sim/scenario_sections.h"
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

void read_value(const TomlNode& node, const FieldInfo&, Duration& time, Reading& reading) {
  time = duration_of(node, reading.mistakes).value_or(time);
}

void read_value(const TomlNode& node, const FieldInfo&, std::string& text, Reading& reading) {
  text = text_of(node, reading.mistakes).value_or(text);
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

Fault read_fault(TableReader& table, Reading& reading) {
  std::vector<Fault> found;
  for (const Fault& kind : fault_vocabulary()) {
    const TomlNode* value = table.find(info(kind).key);
    if (value == nullptr) continue;
    found.push_back(kind);
    std::visit([&](auto& fault) { read_fault(*value, fault, reading); }, found.back());
  }
  if (found.empty()) {
    reading.mistakes.add(table.at(), "this fault does nothing", "such as disconnect = 0");
    return Disconnect{};
  }
  if (found.size() > 1) {
    reading.mistakes.add(table.at(), "these are several faults",
                         "give each a [[fault]] table of its own");
  }
  return found.front();
}

void read_faults(TableReader& file, Reading& reading) {
  for (const TomlNode* node : file.tables("fault")) {
    TableReader table{*node, "[[fault]]", reading.mistakes};
    ScheduledFault scheduled{read_moment(table, reading), Disconnect{}, node->at.line};
    scheduled.fault = read_fault(table, reading);
    table.finish();
    reading.scenario.faults.push_back(std::move(scheduled));
  }
}

}  // namespace linger::sim
