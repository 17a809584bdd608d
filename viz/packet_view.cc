// What is on the wires at an exact instant.
#include <algorithm>
#include <iterator>
#include <string>

#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// How far a segment has come towards the other side, 0 to 1.
float share_of_way(const WireStream::Segment& segment, core::Instant at) {
  const auto way = static_cast<float>((segment.arrives - segment.left).count());
  if (way <= 0) return 1;
  return std::clamp(static_cast<float>((at - segment.left).count()) / way, 0.0F, 1.0F);
}

std::string part_text(const WireStream::Frame& frame, std::int64_t begin, std::int64_t end) {
  const core::Bytes size{end - begin};
  if (begin == frame.begin && end == frame.end) return bytes_text(size);
  return tr("{} of {}", bytes_text(size), bytes_text(core::Bytes{frame.end - frame.begin}));
}

class WirePainter {
 public:
  WirePainter(const Scene& scene, const WireKey& key, const WireStream& stream)
      : scene_{scene}, key_{key}, stream_{stream} {}

  // Those that have left and not arrived; the one in front first.
  void paint(std::vector<Packet>& packets) const {
    if (stream_.cut_at && *stream_.cut_at < scene_.position()) return;
    const auto& segments = stream_.segments;
    const auto known = std::lower_bound(
        segments.begin(), segments.end(), scene_.position(),
        [](const WireStream::Segment& segment, std::size_t end) { return segment.position < end; });
    auto first = known;
    while (first != segments.begin() && std::prev(first)->arrives > scene_.at) --first;
    for (; first != known; ++first) paint_segment(*first, packets);
  }

 private:
  void paint_segment(const WireStream::Segment& segment, std::vector<Packet>& packets) const {
    auto frame = std::upper_bound(
        stream_.frames.begin(), stream_.frames.end(), segment.begin,
        [](std::int64_t begin, const WireStream::Frame& of) { return begin < of.end; });
    std::int32_t place = 0;
    for (; frame != stream_.frames.end() && frame->begin < segment.end; ++frame) {
      packets.push_back(packet(segment, *frame, place++));
    }
  }

  Packet packet(const WireStream::Segment& segment, const WireStream::Frame& frame,
                std::int32_t place) const {
    const std::int64_t begin = std::max(segment.begin, frame.begin);
    const std::int64_t end = std::min(segment.end, frame.end);
    const auto size = static_cast<float>(frame.end - frame.begin);
    Packet packet;
    packet.producer = stream_.producer;
    packet.broker = stream_.broker;
    packet.connection = key_.connection;
    packet.direction = stream_.direction;
    packet.correlation = frame.correlation;
    packet.api = frame.api;
    packet.label = request_label(frame.api, frame.correlation);
    const float share = share_of_way(segment, scene_.at);
    packet.position = stream_.direction == sim::Direction::ToBroker ? share : 1 - share;
    packet.part_begin = static_cast<float>(begin - frame.begin) / size;
    packet.part_end = static_cast<float>(end - frame.begin) / size;
    packet.place = place;
    packet.bytes = core::Bytes{end - begin};
    packet.detail = part_text(frame, begin, end);
    for (const core::BatchId batch : frame.batches) {
      packet.batches.push_back({stream_.producer, batch});
      if (is_selected(scene_, packet.batches.back())) packet.is_selected = true;
    }
    return packet;
  }

  const Scene& scene_;
  const WireKey& key_;
  const WireStream& stream_;
};

}  // namespace

std::vector<Packet> packets(const Scene& scene) {
  std::vector<Packet> packets;
  for (const auto& [key, stream] : scene.index.wires()) {
    WirePainter{scene, key, stream}.paint(packets);
  }
  return packets;
}

}  // namespace linger::viz
