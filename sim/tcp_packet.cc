#include "sim/tcp_packet.h"

#include "core/check.h"

namespace linger::sim {
namespace {

using core::ByteVector;

constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint8_t kTcp = 6;
constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kTcpHeader = 20;

void put8(ByteVector& out, std::uint8_t value) {
  out.push_back(value);
}
void put16(ByteVector& out, std::uint16_t value) {
  put8(out, static_cast<std::uint8_t>(value >> 8));
  put8(out, static_cast<std::uint8_t>(value & 0xFF));
}
void put32(ByteVector& out, std::uint32_t value) {
  put16(out, static_cast<std::uint16_t>(value >> 16));
  put16(out, static_cast<std::uint16_t>(value & 0xFFFF));
}
void put_address(ByteVector& out, const TcpEndpoint& endpoint) {
  out.insert(out.end(), endpoint.address.begin(), endpoint.address.end());
}
// Locally administered.
void put_hardware_address(ByteVector& out, const TcpEndpoint& endpoint) {
  put16(out, 0x0200);
  put_address(out, endpoint);
}

// The sum of 16-bit words that IP and TCP protect their headers with.
class Checksum {
 public:
  void add(core::ByteSpan bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      sum_ += i % 2 == 0 ? std::uint64_t{bytes[i]} << 8 : bytes[i];
    }
  }
  std::uint16_t value() const {
    std::uint64_t folded = sum_;
    while (folded > 0xFFFF) folded = (folded & 0xFFFF) + (folded >> 16);
    return static_cast<std::uint16_t>(~folded);
  }

 private:
  std::uint64_t sum_ = 0;
};

void set16(ByteVector& out, std::size_t at, std::uint16_t value) {
  out[at] = static_cast<core::Byte>(value >> 8);
  out[at + 1] = static_cast<core::Byte>(value & 0xFF);
}

std::uint8_t flags_of(const TcpSegment& segment) {
  return static_cast<std::uint8_t>((segment.fin ? 0x01 : 0) | (segment.syn ? 0x02 : 0) |
                                   (segment.reset ? 0x04 : 0) | (segment.push ? 0x08 : 0) |
                                   (segment.ack ? 0x10 : 0));
}

// Largest segment, and windows in units of 2^14 bytes: said in a SYN, heeded from then on.
ByteVector options_of(const TcpSegment& segment) {
  if (!segment.syn) return {};
  return {2, 4, 0xFF, 0xD7, 1, 3, 3, 14};
}

ByteVector tcp_of(const TcpSegment& segment) {
  const ByteVector options = options_of(segment);
  const std::size_t header = kTcpHeader + options.size();
  ByteVector tcp;
  tcp.reserve(header + segment.payload.size());
  put16(tcp, segment.from.port);
  put16(tcp, segment.to.port);
  put32(tcp, segment.sequence);
  put32(tcp, segment.ack ? segment.acknowledges : 0);
  put8(tcp, static_cast<std::uint8_t>(header / 4 << 4));
  put8(tcp, flags_of(segment));
  put16(tcp, 0xFFFF);  // window
  put16(tcp, 0);       // checksum
  put16(tcp, 0);       // urgent
  tcp.insert(tcp.end(), options.begin(), options.end());
  tcp.insert(tcp.end(), segment.payload.begin(), segment.payload.end());

  ByteVector pseudo_header;
  put_address(pseudo_header, segment.from);
  put_address(pseudo_header, segment.to);
  put16(pseudo_header, kTcp);
  put16(pseudo_header, static_cast<std::uint16_t>(tcp.size()));
  Checksum checksum;
  checksum.add(pseudo_header);
  checksum.add(tcp);
  set16(tcp, 16, checksum.value());
  return tcp;
}

}  // namespace

ByteVector ethernet_frame(const TcpSegment& segment) {
  CHECK(segment.payload.size() <= kLargestPayload);
  const ByteVector tcp = tcp_of(segment);
  ByteVector frame;
  frame.reserve(kEthernetHeader + kIpHeader + tcp.size());
  put_hardware_address(frame, segment.to);
  put_hardware_address(frame, segment.from);
  put16(frame, kIpv4);

  put16(frame, 0x4500);  // version 4, a header of five words
  put16(frame, static_cast<std::uint16_t>(kIpHeader + tcp.size()));
  put16(frame, 0);       // identification: none is needed,
  put16(frame, 0x4000);  // since nothing is ever cut in pieces
  put8(frame, 64);       // time to live
  put8(frame, kTcp);
  put16(frame, 0);  // checksum
  put_address(frame, segment.from);
  put_address(frame, segment.to);
  Checksum checksum;
  checksum.add(core::ByteSpan{frame}.subspan(kEthernetHeader));
  set16(frame, kEthernetHeader + 10, checksum.value());

  frame.insert(frame.end(), tcp.begin(), tcp.end());
  return frame;
}

}  // namespace linger::sim
