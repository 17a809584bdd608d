#include "sim/trace_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/ascii.h"
#include "sim/event_text.h"
#include "sim/trace_words.h"

namespace linger::sim {

namespace {

// The name at an index, or the noun and the index.
std::string name_at(std::int64_t index, const std::vector<std::string>& names,
                    std::string_view noun) {
  if (index >= 0 && static_cast<std::size_t>(index) < names.size()) {
    return names[static_cast<std::size_t>(index)];
  }
  return fmt::format("{} {}", noun, index);
}

// As the client's log has it: "WARN  [Producer clientId=producer-1] Got error …".
EventText log_line(const core::Logged& event, const TraceEvent& where, const TraceNames& names) {
  const std::int64_t producer = where.producer ? where.producer->value() : 0;
  return {"log", fmt::format("{:<5} [Producer clientId={}] {}", core::upper_case(word(event.level)),
                             name_at(producer, names.client_ids, "producer"), event.text)};
}

// Columns of UTF-8 text: bytes that go on with a character take no room.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++width;
  }
  return width;
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t taken = width_of(text);
  if (taken < width) text.append(width - taken, ' ');
  return text;
}

}  // namespace

EventText describe(const TraceEvent& event, const TraceNames& names) {
  if (const auto* logged = event.as<core::Logged>()) return log_line(*logged, event, names);
  return visit_event(event, [&](const auto& what) { return words(what, names); });
}

std::string instant_text(Instant at) {
  const std::int64_t count = at.time_since_epoch().count();
  return fmt::format("{}.{:03} ms", count / 1'000, count % 1'000);
}

std::string trace_line(const TraceEvent& event, const TraceNames& names) {
  constexpr std::size_t kSubjectWidth = 12;
  const EventText text = describe(event, names);
  std::string line = fmt::format("{:>13}  ", instant_text(event.at));
  if (names.producers.size() > 1) {
    std::size_t widest = 0;
    for (const std::string& name : names.producers) widest = std::max(widest, width_of(name));
    const std::string producer =
        event.producer ? name_at(event.producer->value(), names.producers, "producer") : "";
    line += padded(producer, widest) + "  ";
  }
  return line + padded(text.subject, kSubjectWidth) + "  " + text.sentence;
}

// --- Phrases ---

std::string partition_words(core::TopicPartition partition, const TraceNames& names) {
  if (partition.partition < 0) return names.topics.name(partition.topic);
  return names.topics.text(partition);
}

std::string broker_words(std::optional<core::NodeId> node) {
  if (!node || *node == core::kNoNode) return "no broker";
  if (node->value() < 0) return fmt::format("bootstrap {}", -node->value());
  return fmt::format("broker {}", node->value());
}

// The threads of senders are numbered downwards from -1.
std::string thread_words(core::ThreadId thread, const TraceNames& names) {
  if (thread.value() < 0) return "the sender";
  return name_at(thread.value(), names.threads, "thread");
}

std::string bytes_words(core::Bytes bytes) {
  return count_words(bytes.count(), "byte");
}

std::string count_words(std::int64_t count, std::string_view noun) {
  if (count == 1) return fmt::format("1 {}", noun);
  const bool takes_es = noun.ends_with("ch") || noun.ends_with("s");  // batches, passes
  return fmt::format("{} {}{}", count, noun, takes_es ? "es" : "s");
}

std::string time_words(core::Milliseconds time) {
  if (time == core::kForever) return "without limit";
  return fmt::format("{} ms", time.count());
}

std::string batch_words(const std::vector<core::BatchId>& batches) {
  std::vector<std::int64_t> ids;
  for (const core::BatchId batch : batches) ids.push_back(batch.value());
  if (ids.empty()) return "no batch";
  return fmt::format("{} {}", ids.size() == 1 ? "batch" : "batches", fmt::join(ids, ", "));
}

}  // namespace linger::sim
