#include "sim/pcapng.h"

#include <cstddef>

namespace linger::sim {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kNameResolution = 4;
constexpr std::uint32_t kEnhancedPacket = 6;

constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kApplication = 4;    // of a section header
constexpr std::uint16_t kInterfaceName = 2;  // of an interface description
constexpr std::uint16_t kIpv4Name = 1;       // of name resolution
constexpr std::uint16_t kEthernet = 1;

// Numbers are little endian, as the byte order mark of the section says.
void put16(std::string& out, std::uint16_t value) {
  out += static_cast<char>(value & 0xFF);
  out += static_cast<char>(value >> 8);
}
void put32(std::string& out, std::uint32_t value) {
  put16(out, static_cast<std::uint16_t>(value & 0xFFFF));
  put16(out, static_cast<std::uint16_t>(value >> 16));
}
void pad(std::string& out) {
  while (out.size() % 4 != 0) out += '\0';
}

// Options and name records look the same; the last one is empty.
void put_option(std::string& out, std::uint16_t code, std::string_view value) {
  put16(out, code);
  put16(out, static_cast<std::uint16_t>(value.size()));
  out += value;
  pad(out);
}
void end_options(std::string& out) {
  put_option(out, 0, "");
}

std::string block(std::uint32_t type, std::string body) {
  pad(body);
  const auto size = static_cast<std::uint32_t>(body.size() + 12);
  std::string out;
  out.reserve(size);
  put32(out, type);
  put32(out, size);
  out += body;
  put32(out, size);
  return out;
}

std::string section(const PcapngHeader& header) {
  std::string body;
  put32(body, 0x1A2B3C4D);  // the byte order
  put16(body, 1);           // version 1.0
  put16(body, 0);
  put32(body, 0xFFFFFFFF);  // of unknown length
  put32(body, 0xFFFFFFFF);
  put_option(body, kComment, header.comment);
  put_option(body, kApplication, "linger");
  end_options(body);
  return block(kSectionHeader, std::move(body));
}

std::string interface_description(const PcapngHeader& header) {
  std::string body;
  put16(body, kEthernet);
  put16(body, 0);
  put32(body, 0);  // packets are whole, however long
  put_option(body, kInterfaceName, header.interface_name);
  end_options(body);
  return block(kInterfaceDescription, std::move(body));
}

std::string name_resolution(const PcapngHeader& header) {
  std::string body;
  for (const auto& [address, name] : header.names) {
    std::string record{address.begin(), address.end()};
    record += name;
    record += '\0';
    put_option(body, kIpv4Name, record);
  }
  end_options(body);
  return block(kNameResolution, std::move(body));
}

}  // namespace

std::string pcapng_header(const PcapngHeader& header) {
  return section(header) + interface_description(header) + name_resolution(header);
}

std::string pcapng_packet(std::int64_t epoch_us, core::ByteSpan frame) {
  const auto time = static_cast<std::uint64_t>(epoch_us);
  const auto size = static_cast<std::uint32_t>(frame.size());
  std::string body;
  body.reserve(frame.size() + 24);
  put32(body, 0);  // of the only interface
  put32(body, static_cast<std::uint32_t>(time >> 32));
  put32(body, static_cast<std::uint32_t>(time & 0xFFFFFFFF));
  put32(body, size);  // as captured
  put32(body, size);  // as it was
  body.append(frame.begin(), frame.end());
  return block(kEnhancedPacket, std::move(body));
}

}  // namespace linger::sim
