#include "sim/digest.h"

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "core/random.h"
#include "sim/event_text.h"

namespace linger::sim {

namespace {

// Absorbs 64-bit words, each of which moves every bit of the state. A text is its length and then
// its bytes, eight to a word, the first one lowest; a value that may be absent says first whether
// it is there. So two different runs of fields never make the same words.
class Hasher {
 public:
  explicit Hasher(std::uint64_t state) : state_{state} {}
  std::uint64_t state() const { return state_; }

  void word(std::uint64_t value) {
    constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;
    state_ = core::mixed((state_ ^ value) + kGoldenGamma);
  }
  void integer(std::int64_t value) { word(static_cast<std::uint64_t>(value)); }
  void text(std::string_view text) {
    word(text.size());
    for (; text.size() >= kPacked; text.remove_prefix(kPacked)) word(packed<kPacked>(text));
    if (!text.empty()) word(packed(text, text.size()));
  }

  // A field, as an event's visit() tells it.
  void operator()(std::string_view name, const auto& value) {
    text(name);
    add(value);
  }

 private:
  static constexpr std::size_t kPacked = 8;  // bytes of a text in a word

  static std::uint64_t packed(std::string_view text, std::size_t count) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
    }
    return word;
  }
  // So many bytes that a compiler knows of: one load.
  template <std::size_t kCount>
  static std::uint64_t packed(std::string_view text) {
    return packed(text, kCount);
  }

  template <std::integral Integer>
  void add(Integer value) {
    integer(static_cast<std::int64_t>(value));
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void add(Enum value) { integer(static_cast<std::int64_t>(value)); }
  template <class Tag, class Rep>
  void add(core::Id<Tag, Rep> id) {
    integer(static_cast<std::int64_t>(id.value()));
  }
  void add(core::Bytes value) { integer(value.count()); }
  void add(core::Milliseconds value) { integer(value.count()); }
  void add(core::Instant value) { integer(value.time_since_epoch().count()); }
  void add(core::TopicPartition partition) {
    add(partition.topic);
    add(partition.partition);
  }
  void add(core::ProducerIdAndEpoch id) {
    add(id.producer_id);
    add(id.epoch);
  }
  void add(const std::string& value) { text(value); }
  // The class by its name: the numbers of the enum are nobody's but ours.
  void add(const core::ClientError& error) {
    text(sim::word(error.exception));
    text(error.message);
    add(error.cause.has_value());
    if (error.cause) text(sim::word(*error.cause));
  }
  template <class T>
  void add(const std::optional<T>& value) {
    add(value.has_value());
    if (value) add(*value);
  }
  template <class T>
  void add(const std::vector<T>& values) {
    word(values.size());
    for (const T& value : values) add(value);
  }

  std::uint64_t state_;
};

}  // namespace

void Digests::add(const TraceEvent& event) {
  visit_event(event, [&](const auto& what) {
    std::uint64_t& stream = streams_[static_cast<std::size_t>(what.kStream)];
    Hasher hasher{stream};
    hasher.text(what.kName);
    hasher.integer(event.at.time_since_epoch().count());
    hasher.integer(event.producer ? event.producer->value() : -1);
    what.visit(hasher);
    stream = hasher.state();
  });
  // The stream's digest tells all of the event; the step, and the order of the streams, are new.
  Hasher whole{whole_};
  visit_event(event, [&](const auto& what) { whole.word(of(what.kStream)); });
  whole.integer(event.step);
  whole_ = whole.state();
}

std::string digest_text(std::uint64_t digest) {
  return fmt::format("{:016x}", digest);
}

std::string text(const Digests& digests) {
  std::string lines;
  for (const core::Stream stream :
       {core::Stream::Application, core::Stream::Producer, core::Stream::Network,
        core::Stream::Brokers, core::Stream::Decisions}) {
    lines += fmt::format("{:<12} {}\n", word(stream), digest_text(digests.of(stream)));
  }
  return lines + fmt::format("{:<12} {}\n", "whole", digest_text(digests.whole()));
}

}  // namespace linger::sim
