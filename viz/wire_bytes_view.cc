#include "viz/wire_bytes_view.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

constexpr std::int64_t kSizeOfSize = 4;
constexpr const char* kUnknownByte = "··";

std::string hex_of(core::Byte byte) {
  constexpr const char* kDigits = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 0xF]};
}

// One direction of a connection, as it is at the instant.
class WireReader {
 public:
  WireReader(const Scene& scene, const sim::WireTap* tap, const WireKey& key,
             const WireStream& stream)
      : scene_{scene}, tap_{tap}, key_{key}, stream_{stream} {
    const auto& segments = stream_.segments;
    left_ = std::partition_point(segments.begin(), segments.end(),
                                 [&scene](const WireStream::Segment& segment) {
                                   return segment.position < scene.position();
                                 });
    if (stream_.cut_at && *stream_.cut_at < scene.position()) {
      cut_at_ = scene.timeline.trace()[*stream_.cut_at].at;
    }
  }

  FrameRow row(const WireStream::Frame& frame) const {
    FrameRow row;
    row.request = {stream_.producer, frame.correlation};
    row.direction = key_.direction;
    row.label = key_.direction == sim::Direction::ToBroker
                    ? request_label(frame.api, frame.correlation)
                    : tr("answer to {}", frame.correlation.value());
    row.size = frame.end - frame.begin;
    row.is_selected = is_selected(scene_, row.request);
    add_parts(frame, row);
    for (const FramePart& part : row.parts) {
      if (part.state == ByteState::Arrived) row.arrived += part.end - part.begin;
    }
    row.size_is_known = row.arrived >= kSizeOfSize;
    for (std::int64_t i = 0; i < kSizeOfSize; ++i) {
      row.size_bytes[static_cast<std::size_t>(i)] = size_byte(frame.begin + i, row, i);
    }
    return row;
  }

 private:
  using Segments = std::vector<WireStream::Segment>;

  ByteState state_of(const WireStream::Segment& segment) const {
    if (segment.arrives <= (cut_at_ ? std::min(*cut_at_, scene_.at) : scene_.at)) {
      return ByteState::Arrived;
    }
    return cut_at_ ? ByteState::Lost : ByteState::OnTheWire;
  }
  void add_parts(const WireStream::Frame& frame, FrameRow& row) const {
    auto segment = std::partition_point(
        stream_.segments.begin(), left_,
        [&frame](const WireStream::Segment& of) { return of.end <= frame.begin; });
    std::int64_t at = frame.begin;
    for (; segment != left_ && segment->begin < frame.end; ++segment) {
      FramePart part;
      part.begin = at - frame.begin;
      at = std::min(segment->end, frame.end);
      part.end = at - frame.begin;
      part.state = state_of(*segment);
      part.segment = segment - stream_.segments.begin();
      part.text = part_text(part, *segment);
      row.parts.push_back(std::move(part));
    }
    if (at == frame.end) return;
    FramePart rest;
    rest.begin = at - frame.begin;
    rest.end = frame.end - frame.begin;
    rest.state = cut_at_ ? ByteState::Lost : ByteState::Waiting;
    rest.text = range_text(rest) + ": " + std::string{word(rest.state)};
    row.parts.push_back(std::move(rest));
  }
  static std::string range_text(const FramePart& part) {
    return tr("bytes {} to {}", number_text(part.begin), number_text(part.end - 1));
  }
  static std::string part_text(const FramePart& part, const WireStream::Segment& segment) {
    return tr("{}: {}\nsegment {}, {}\nleft at {}\narrives at {}", range_text(part),
              word(part.state), part.segment, bytes_text(core::Bytes{segment.end - segment.begin}),
              sim::instant_text(segment.left), sim::instant_text(segment.arrives));
  }

  SizeByte size_byte(std::int64_t at, const FrameRow& row, std::int64_t in_frame) const {
    SizeByte byte;
    byte.hex = kUnknownByte;
    const auto part = std::find_if(row.parts.begin(), row.parts.end(),
                                   [in_frame](const FramePart& of) { return in_frame < of.end; });
    if (part == row.parts.end()) return byte;
    byte.state = part->state;
    if (part->segment < 0 || tap_ == nullptr) return byte;
    const auto segments = tap_->segments(key_.connection, key_.direction);
    const auto segment = static_cast<std::size_t>(part->segment);
    if (segment >= segments.size()) return byte;
    const std::int64_t place = at - stream_.segments[segment].begin;
    if (place < segments[segment].size().count()) {
      byte.hex = hex_of(segments[segment].span()[static_cast<std::size_t>(place)]);
    }
    return byte;
  }

  const Scene& scene_;
  const sim::WireTap* tap_;
  WireKey key_;
  const WireStream& stream_;
  Segments::const_iterator left_;  // behind the last that has left
  std::optional<core::Instant> cut_at_;
};

using Frames = std::vector<WireStream::Frame>;

std::size_t frames_handed_over(const Scene& scene, const WireStream& stream) {
  const auto end = std::partition_point(
      stream.frames.begin(), stream.frames.end(),
      [&scene](const WireStream::Frame& frame) { return frame.position < scene.position(); });
  return static_cast<std::size_t>(end - stream.frames.begin());
}

// Both directions of a connection.
struct Wire {
  sim::ConnectionId connection;
  const WireStream* to_broker = nullptr;
  const WireStream* to_client = nullptr;
  std::size_t requests = 0;  // handed over
  std::size_t answers = 0;
};

std::vector<Wire> wires_in_use(const Scene& scene) {
  std::vector<Wire> wires;
  for (const auto& [key, stream] : scene.index.wires()) {
    if (key.direction != sim::Direction::ToBroker) continue;
    const auto back = scene.index.wires().find({key.connection, sim::Direction::ToClient});
    if (back == scene.index.wires().end()) continue;
    Wire wire{key.connection, &stream, &back->second, frames_handed_over(scene, stream),
              frames_handed_over(scene, back->second)};
    if (wire.requests > 0) wires.push_back(wire);
  }
  return wires;
}

bool has_carried(const Wire& wire, RequestRef request) {
  if (wire.to_broker->producer != request.producer) return false;
  const auto& frames = wire.to_broker->frames;
  const auto end = frames.begin() + static_cast<std::ptrdiff_t>(wire.requests);
  const auto found = std::partition_point(frames.begin(), end, [&](const WireStream::Frame& frame) {
    return frame.correlation < request.correlation;
  });
  return found != end && found->correlation == request.correlation;
}

// The request itself, or the last one that carried the selected batch.
std::optional<RequestRef> request_in_focus(const Scene& scene) {
  if (const auto* request = std::get_if<RequestRef>(&scene.selection)) return *request;
  const auto batch = selected_batch(scene);
  if (!batch) return std::nullopt;
  const std::span<const std::size_t> events = scene.index.events_of(*batch);
  for (auto at = events.rbegin(); at != events.rend(); ++at) {
    if (*at >= scene.position()) continue;
    const auto* sent = scene.timeline.trace()[*at].as<core::RequestSent>();
    if (sent != nullptr) return RequestRef{batch->producer, sent->correlation};
  }
  return std::nullopt;
}

std::size_t wire_in_focus(const Scene& scene, const std::vector<Wire>& wires) {
  if (const auto request = request_in_focus(scene)) {
    for (std::size_t i = 0; i < wires.size(); ++i) {
      if (has_carried(wires[i], *request)) return i;
    }
  }
  std::size_t latest = 0;
  const auto last_use = [](const Wire& wire) {
    return wire.to_broker->frames[wire.requests - 1].position;
  };
  for (std::size_t i = 1; i < wires.size(); ++i) {
    if (last_use(wires[i]) > last_use(wires[latest])) latest = i;
  }
  return latest;
}

WireChoice choice_of(const Scene& scene, const Wire& wire, bool is_shown) {
  WireChoice choice;
  choice.connection = wire.connection;
  choice.label = broker_label(wire.to_broker->broker);
  const auto producer = static_cast<std::size_t>(wire.to_broker->producer.value());
  if (scene.names.producers.size() > 1) {
    choice.label = scene.names.producers[producer] + " " + choice.label;
  }
  choice.last =
      RequestRef{wire.to_broker->producer, wire.to_broker->frames[wire.requests - 1].correlation};
  choice.is_shown = is_shown;
  return choice;
}

// How many of the first `count` frames of both directions, by position, are requests.
std::size_t requests_among(const Wire& wire, std::size_t count) {
  std::size_t low = count > wire.answers ? count - wire.answers : 0;
  std::size_t high = std::min(count, wire.requests);
  while (low < high) {
    const std::size_t middle = (low + high) / 2;  // requests; the others are answers
    const std::size_t answers = count - middle;
    const bool needs_more = answers > 0 && wire.to_broker->frames[middle].position <
                                               wire.to_client->frames[answers - 1].position;
    if (needs_more) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void add_rows(const Scene& scene, const sim::WireTap* tap, const Wire& wire, std::int64_t last,
              WireBytesView& view) {
  const WireReader requests{
      scene, tap, {wire.connection, sim::Direction::ToBroker}, *wire.to_broker};
  const WireReader answers{
      scene, tap, {wire.connection, sim::Direction::ToClient}, *wire.to_client};
  std::size_t request = requests_among(wire, static_cast<std::size_t>(view.first));
  std::size_t answer = static_cast<std::size_t>(view.first) - request;
  for (std::int64_t i = view.first; i < last; ++i) {
    const bool takes_request =
        answer == wire.answers ||
        (request < wire.requests &&
         wire.to_broker->frames[request].position < wire.to_client->frames[answer].position);
    view.rows.push_back(takes_request ? requests.row(wire.to_broker->frames[request++])
                                      : answers.row(wire.to_client->frames[answer++]));
  }
}

}  // namespace

std::string_view word(ByteState state) {
  switch (state) {
    case ByteState::Waiting:
      return tr("not on the wire yet");
    case ByteState::OnTheWire:
      return tr("on the wire");
    case ByteState::Arrived:
      return tr("arrived");
    case ByteState::Lost:
      return tr("lost");
  }
  return "";
}

WireBytesView wire_bytes_view(const Scene& scene, const sim::WireTap* tap, Window window) {
  WireBytesView view;
  const std::vector<Wire> wires = wires_in_use(scene);
  if (wires.empty()) return view;
  const std::size_t shown = wire_in_focus(scene, wires);
  for (std::size_t i = 0; i < wires.size(); ++i) {
    view.choices.push_back(choice_of(scene, wires[i], i == shown));
  }
  const Wire& wire = wires[shown];
  view.total = static_cast<std::int64_t>(wire.requests + wire.answers);
  view.first = std::clamp<std::int64_t>(window.first, 0, view.total);
  add_rows(scene, tap, wire, std::min(view.first + window.count, view.total), view);
  return view;
}

}  // namespace linger::viz
