// One TCP segment as it would lie on an Ethernet: headers, checksums, payload.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"

namespace linger::sim {

struct TcpEndpoint {
  std::array<std::uint8_t, 4> address{};  // IPv4
  std::uint16_t port = 0;
  friend bool operator==(const TcpEndpoint&, const TcpEndpoint&) = default;
};

struct TcpSegment {
  TcpEndpoint from;
  TcpEndpoint to;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledges = 0;  // with `ack`
  bool syn = false;
  bool ack = false;
  bool push = false;
  bool fin = false;
  bool reset = false;
  core::ByteSpan payload;  // at most kLargestPayload
};

// What an IPv4 packet holds, less both headers.
inline constexpr std::size_t kLargestPayload = 65'535 - 20 - 20;

// The window is as large as can be said: whoever receives takes all there is. The hardware
// addresses are made of the IP addresses.
core::ByteVector ethernet_frame(const TcpSegment& segment);

}  // namespace linger::sim
