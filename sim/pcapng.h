// The file format of captures: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"

namespace linger::sim {

// The blocks of a file, one after another: the header first, which has everything that is known
// before the first packet, then the packets.
struct PcapngHeader {
  std::string comment;                                                       // on the whole
  std::string interface_name;                                                // where it was taken
  std::vector<std::pair<std::array<std::uint8_t, 4>, std::string>> names{};  // of IPv4 addresses
};
std::string pcapng_header(const PcapngHeader& header);

// An Ethernet frame, so many microseconds after the beginning of 1970.
std::string pcapng_packet(std::int64_t epoch_us, core::ByteSpan frame);

}  // namespace linger::sim
