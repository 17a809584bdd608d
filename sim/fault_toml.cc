#include "sim/fault_toml.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "sim/fault_words.h"
#include "sim/toml_text.h"
#include "sim/units.h"

namespace linger::sim {

namespace {

using core::NodeId;

std::string value_of(NodeId broker) {
  return fmt::format("{}", broker.value());
}
std::string value_of(std::int32_t number) {
  return fmt::format("{}", number);
}
std::string value_of(bool truth) {
  return truth ? "true" : "false";
}
std::string value_of(Duration time) {
  return toml_quoted(duration_text(time));
}
std::string value_of(const PartitionName& partition) {
  return toml_quoted(partition_text(partition));
}
std::string value_of(const std::string& text) {
  return toml_quoted(text);
}
std::string value_of(const TopicName& topic) {
  return toml_quoted(topic.name);
}
std::string value_of(const ProducerName& producer) {
  return toml_quoted(producer.name);
}
std::string value_of(Bytes size) {
  const std::string text = size_text(size);
  const bool has_unit = text.back() < '0' || text.back() > '9';
  return has_unit ? toml_quoted(text) : text;
}
std::string value_of(Bandwidth bandwidth) {
  return toml_quoted(size_text(bandwidth.each_second) + "/s");
}
std::string value_of(core::ErrorCode error) {
  return toml_quoted(core::name(error));
}
template <class Word, class = std::enable_if_t<std::is_enum_v<Word>>>
std::string value_of(Word word) {
  return toml_quoted(fault_word(word));
}
template <class T>
std::string value_of(const std::optional<T>& value) {
  return value ? value_of(*value) : toml_quoted("none");
}

// The fields that must be there, and those that are not as usual.
class FieldWriter {
 public:
  template <class Kind>
  static FaultToml written(const Kind& fault) {
    FieldWriter usual;
    Kind::visit(static_cast<const Kind&>(Kind{}), usual);
    FieldWriter writer;
    writer.usual_ = &usual.values_;
    Kind::visit(fault, writer);
    const bool stands_alone = writer.count_ == 1;
    return {std::string{Kind::kInfo.key},
            stands_alone ? writer.values_.front() : writer.table_.in_line()};
  }

  template <class T>
  void must(const FieldInfo& field, const T& value) {
    add(field, value_of(value), true);
  }
  template <class T>
  void may(const FieldInfo& field, const T& value) {
    add(field, value_of(value), false);
  }

 private:
  void add(const FieldInfo& field, std::string value, bool is_required) {
    const bool is_usual = usual_ == nullptr || (*usual_)[values_.size()] == value;
    if (is_required || !is_usual) {
      table_.add(field.key, value);
      ++count_;
    }
    values_.push_back(std::move(value));
  }

  const std::vector<std::string>* usual_ = nullptr;
  std::vector<std::string> values_;
  TomlTable table_;
  int count_ = 0;
};

}  // namespace

FaultToml fault_toml(const Fault& fault) {
  return std::visit([](const auto& one) { return FieldWriter::written(one); }, fault);
}

}  // namespace linger::sim
