#include "sim/capture.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "core/byte_reader.h"
#include "support/small_world.h"

namespace linger::sim {
namespace {

using core::ByteSpan;
using core::ByteVector;

// One packet, as its headers say.
struct Packet {
  std::int64_t at_us = 0;
  std::uint16_t from = 0;
  std::uint16_t to = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledges = 0;
  std::uint8_t flags = 0;
  ByteVector payload;

  bool is(std::uint8_t bits) const { return flags == bits; }
  bool to_broker() const { return to >= 9092 && to < 9192; }
};
constexpr std::uint8_t kFin = 1, kSyn = 2, kReset = 4, kPush = 8, kAck = 16;

std::uint32_t little32(const std::string& file, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(file[at + i]);
  return value;
}

Packet packet_of(ByteSpan frame, std::int64_t at_us) {
  const ByteSpan tcp = frame.subspan(14 + 20);
  Packet packet;
  packet.at_us = at_us;
  packet.from = core::load<std::uint16_t>(tcp.data());
  packet.to = core::load<std::uint16_t>(tcp.data() + 2);
  packet.sequence = core::load<std::uint32_t>(tcp.data() + 4);
  packet.acknowledges = core::load<std::uint32_t>(tcp.data() + 8);
  packet.flags = tcp[13];
  const ByteSpan payload = tcp.subspan(std::size_t{tcp[12]} / 16 * 4);
  packet.payload = {payload.begin(), payload.end()};
  return packet;
}

// The enhanced packet blocks of a pcapng file.
std::vector<Packet> packets_in(const std::string& file) {
  std::vector<Packet> packets;
  for (std::size_t at = 0; at < file.size(); at += little32(file, at + 4)) {
    if (little32(file, at) != 6) continue;
    const auto time = static_cast<std::int64_t>(std::uint64_t{little32(file, at + 12)} << 32 |
                                                little32(file, at + 16));
    const auto* bytes = reinterpret_cast<const core::Byte*>(file.data() + at + 28);
    packets.push_back(packet_of({bytes, little32(file, at + 20)}, time));
  }
  return packets;
}

std::string captured(const SmallScenario& small) {
  const auto scenario = small.shared();
  World world{scenario};
  TraceSink sink;
  sink.keeps_traffic = true;
  Capture capture{*scenario};
  while (step(world, sink)) capture.add(world, sink.take_traffic());
  return capture.take();
}

TEST(Capture, AConnectionBeginsWithAHandshakeAtItsVirtualTimes) {
  const auto packets =
      packets_in(captured({.link = link({.latency = 2ms}), .programs = {{send()}}, .warm = false}));
  ASSERT_GE(packets.size(), 4u);
  EXPECT_TRUE(packets[0].is(kSyn));
  EXPECT_TRUE(packets[1].is(kSyn | kAck));
  EXPECT_TRUE(packets[2].is(kAck));
  EXPECT_EQ(packets[1].at_us - packets[0].at_us, 4000);
  EXPECT_EQ(packets[1].acknowledges, packets[0].sequence + 1);
  EXPECT_EQ(packets[2].acknowledges, packets[1].sequence + 1);
  EXPECT_EQ(packets[0].at_us / 1000, 1'700'000'000'000);
  EXPECT_EQ(packets[0].to, 9092);
}

// In each direction the next packet begins where the last one ended, and nothing is acknowledged
// that was not sent.
void expect_sound(const std::vector<Packet>& packets) {
  std::map<std::uint16_t, std::uint32_t> next_of_client;
  std::map<std::uint16_t, std::uint32_t> next_of_broker;
  for (const Packet& packet : packets) {
    const std::uint16_t client = packet.to_broker() ? packet.from : packet.to;
    auto& own = packet.to_broker() ? next_of_client : next_of_broker;
    const auto& other = packet.to_broker() ? next_of_broker : next_of_client;
    if (own.contains(client)) {
      EXPECT_EQ(packet.sequence, own[client]);
    }
    own[client] = packet.sequence + static_cast<std::uint32_t>(packet.payload.size()) +
                  ((packet.flags & (kSyn | kFin)) != 0 ? 1 : 0);
    if ((packet.flags & kAck) != 0 && other.contains(client)) {
      EXPECT_LE(packet.acknowledges, other.at(client));
    }
  }
}

ByteVector stream_to_broker(const std::vector<Packet>& packets) {
  ByteVector stream;
  for (const Packet& packet : packets) {
    if (!packet.to_broker()) continue;
    stream.insert(stream.end(), packet.payload.begin(), packet.payload.end());
  }
  return stream;
}

TEST(Capture, SegmentsArePacketsAndTheirBytesTheStream) {
  const auto whole = packets_in(captured({.programs = {{send()}}}));
  const auto pieces = packets_in(captured({.link = link({.segment = 50}), .programs = {{send()}}}));
  expect_sound(whole);
  expect_sound(pieces);
  EXPECT_GT(pieces.size(), whole.size());
  EXPECT_EQ(stream_to_broker(pieces), stream_to_broker(whole));
  for (const Packet& packet : pieces) EXPECT_LE(packet.payload.size(), 50u);
}

TEST(Capture, ASegmentThatIpDoesNotTakeIsSeveralPackets) {
  const auto packets =
      packets_in(captured({.settings = {{"batch.size", "200000"}, {"linger.ms", "5"}},
                           .link = link({.segment = 1'000'000}),
                           .programs = {{send({.size = 150'000})}}}));
  expect_sound(packets);
  EXPECT_GT(stream_to_broker(packets).size(), 150'000u);
  for (const Packet& packet : packets) EXPECT_LE(packet.payload.size(), kLargestPayload);
}

TEST(Capture, AConnectionEndsWithFinOrWithReset) {
  const auto closed = packets_in(captured({.programs = {{send(), CloseAction{}}}}));
  EXPECT_TRUE(closed.back().is(kFin | kAck));
  EXPECT_TRUE(closed.back().to_broker());
  const auto broken = packets_in(
      captured({.programs = {{send()}}, .faults = {{Duration{10ms}, Disconnect{NodeId{0}}}}}));
  bool was_reset = false;
  for (const Packet& packet : broken) was_reset |= (packet.flags & kReset) != 0;
  EXPECT_TRUE(was_reset);
  expect_sound(broken);
}

TEST(Capture, ARefusedConnectionIsAnsweredWithReset) {
  const auto packets =
      packets_in(captured({.programs = {{send()}},
                           .faults = {{Duration{0}, RefuseConnections{NodeId{0}, Duration{5ms}}}},
                           .warm = false}));
  ASSERT_GE(packets.size(), 2u);
  EXPECT_TRUE(packets[0].is(kSyn));
  EXPECT_TRUE(packets[1].is(kReset | kAck));
  EXPECT_EQ(packets[1].acknowledges, packets[0].sequence + 1);
}

TEST(Capture, IsTheSameEveryTime) {
  const SmallScenario small{.link = link({.latency = 1ms, .jitter = 1ms}),
                            .programs = {{send({.count = 20, .every = 1ms})}},
                            .warm = false};
  EXPECT_TRUE(captured(small) == captured(small));
}

}  // namespace
}  // namespace linger::sim
