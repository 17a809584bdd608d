#include "sim/trace_json.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sim/event_fields.h"
#include "sim/json_text.h"

namespace linger::sim {

namespace {

void append_integer(std::int64_t value, std::string& out) {
  const fmt::format_int digits{value};
  out.append(digits.data(), digits.size());
}

// The fields of an event as the members of an object that has begun.
class JsonFields {
 public:
  JsonFields(const core::TopicNames& topics, std::string& out) : topics_{topics}, out_{out} {}

  void boolean(FieldName name, bool value) {
    begin(name);
    out_ += value ? "true" : "false";
  }
  void integer(FieldName name, std::int64_t value) {
    begin(name);
    append_integer(value, out_);
  }
  // Words are ours or Kafka's: nothing in them needs escaping.
  void word(FieldName name, std::string_view value) {
    begin(name);
    out_ += '"';
    out_ += value;
    out_ += '"';
  }
  void text(FieldName name, std::string_view value) {
    begin(name);
    append_json_text(value, out_);
  }
  void topic(FieldName name, core::TopicId topic) { text(name, topics_.name(topic)); }
  void partition(FieldName name, core::TopicPartition partition) {
    text(name, topics_.name(partition.topic));
    out_.back() = '-';
    append_integer(partition.partition, out_);
    out_ += '"';
  }
  void milliseconds(FieldName name, core::Milliseconds value) {
    if (value != core::kForever) return integer(name, value.count());
    begin(name);
    out_ += "null";
  }
  void instant(FieldName name, core::Instant value) {
    integer(name, value.time_since_epoch().count());
  }
  void ids(FieldName name, const std::vector<core::BatchId>& ids) {
    begin(name);
    out_ += '[';
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i > 0) out_ += ',';
      append_integer(ids[i].value(), out_);
    }
    out_ += ']';
  }

 private:
  void begin(FieldName name) {
    out_ += ",\"";
    out_ += name.stem;
    out_ += name.suffix;
    out_ += "\":";
  }

  const core::TopicNames& topics_;
  std::string& out_;
};

}  // namespace

void append_json_line(const TraceEvent& event, const core::TopicNames& topics, std::string& out) {
  out += "{\"t\":";
  append_integer(event.at.time_since_epoch().count(), out);
  out += ",\"step\":";
  append_integer(event.step, out);
  JsonFields out_fields{topics, out};
  EventFields fields{out_fields};
  visit_event(event, [&](const auto& what) {
    out_fields.word({"stream"}, word(what.kStream));
    out_fields.word({"event"}, what.kName);
    if (event.producer) out_fields.integer({"producer"}, event.producer->value());
    what.visit(fields);
  });
  out += "}\n";
}

std::string trace_json(std::span<const TraceEvent> events, const core::TopicNames& topics) {
  std::string json;
  for (const TraceEvent& event : events) append_json_line(event, topics, json);
  return json;
}

}  // namespace linger::sim
