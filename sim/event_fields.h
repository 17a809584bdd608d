// What the fields of events are, whatever C++ type they have: a few kinds of value, with the names
// that the JSON, the queries and the documentation have in common.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/bytes.h"
#include "core/client_error.h"
#include "core/error_code.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/event_text.h"

namespace linger::sim {

// The parts of a field that is more than one value: `error` and `error_message`. Made of literals,
// so that writing a trace allocates nothing for names.
struct FieldName {
  std::string_view stem;
  std::string_view suffix{};
  friend bool operator==(FieldName name, std::string_view text) {
    return text.size() == name.stem.size() + name.suffix.size() && text.starts_with(name.stem) &&
           text.ends_with(name.suffix);
  }
};

// Given to an event's visit(), it tells `out` each field by its kind:
//
//   out.boolean(name, bool)            out.word(name, string_view)    one of a few: an enum's
//   out.integer(name, int64)           out.text(name, string_view)    anything
//   out.partition(name, TopicPartition)                               out.topic(name, TopicId)
//   out.milliseconds(name, Milliseconds)                              out.instant(name, Instant)
//   out.ids(name, vector<BatchId>)
//
// What is not there is not told: an empty optional, no error (ErrorCode::None), no node (kNoNode).
template <class Out>
class EventFields {
 public:
  explicit EventFields(Out& out) : out_{out} {}

  void operator()(std::string_view name, bool value) { out_.boolean({name}, value); }
  template <std::integral Integer>
  void operator()(std::string_view name, Integer value) {
    out_.integer({name}, static_cast<std::int64_t>(value));
  }
  void operator()(std::string_view name, core::Bytes value) { out_.integer({name}, value.count()); }
  template <class Tag, class Rep>
  void operator()(std::string_view name, core::Id<Tag, Rep> id) {
    out_.integer({name}, static_cast<std::int64_t>(id.value()));
  }
  void operator()(std::string_view name, core::NodeId node) {
    if (node != core::kNoNode) out_.integer({name}, node.value());
  }
  void operator()(std::string_view name, core::TopicId topic) { out_.topic({name}, topic); }
  void operator()(std::string_view name, core::TopicPartition partition) {
    out_.partition({name}, partition);
  }
  void operator()(std::string_view name, core::Milliseconds value) {
    out_.milliseconds({name}, value);
  }
  void operator()(std::string_view name, core::Instant value) { out_.instant({name}, value); }
  void operator()(std::string_view name, const std::string& value) { out_.text({name}, value); }
  void operator()(std::string_view name, const std::vector<core::BatchId>& ids) {
    out_.ids({name}, ids);
  }
  void operator()(std::string_view name, core::ErrorCode error) {
    if (error != core::ErrorCode::None) out_.word({name}, word(error));
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void operator()(std::string_view name, Enum value) { out_.word({name}, word(value)); }
  void operator()(std::string_view name, core::ProducerIdAndEpoch id) {
    out_.integer({name, "_id"}, id.producer_id);
    out_.integer({name, "_epoch"}, id.epoch);
  }
  void operator()(std::string_view name, const core::ClientError& error) {
    out_.word({name}, word(error.exception));
    out_.text({name, "_message"}, error.message);
    if (error.cause) out_.word({name, "_cause"}, word(*error.cause));
  }
  template <class T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }

 private:
  Out& out_;
};

}  // namespace linger::sim
