// Frames and the connections they travel on: nothing depends on how bytes are cut.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "core/buffer_store.h"
#include "core/byte_writer.h"
#include "core/bytes.h"
#include "core/network_receive.h"
#include "core/network_send.h"
#include "core/selector.h"

namespace linger::core {
namespace {

ByteVector frame(const ByteVector& body) {
  ByteVector bytes;
  ByteWriter writer{bytes};
  writer.bytes(LengthPrefix::Int32, body);
  return bytes;
}

void append(ByteVector& to, const ByteVector& bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

RC_GTEST_PROP(FramingProperties, AnySegmentationGivesTheSameFrames,
              (const std::vector<ByteVector>& bodies)) {
  ByteVector stream;
  for (const ByteVector& body : bodies) append(stream, frame(body));

  std::vector<ByteVector> received;
  NetworkReceive receive;
  std::size_t at = 0;
  while (at < stream.size()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, stream.size() - at + 1);
    ByteSpan segment = ByteSpan{stream}.subspan(at, size);
    at += size;
    while (!segment.empty()) {
      const NetworkReceive::Read read = receive.read_from(segment);
      RC_ASSERT(!read.error);
      RC_ASSERT(read.taken > 0u);
      segment = segment.subspan(read.taken);
      if (!receive.is_complete()) continue;
      received.push_back(receive.payload());
      receive = NetworkReceive{};
    }
  }
  RC_ASSERT(received == bodies);
  RC_ASSERT(!receive.has_begun());
}

RC_GTEST_PROP(FramingProperties, AnyPartialWritesGiveTheSameBytes,
              (const std::vector<std::pair<bool, ByteVector>>& parts)) {
  BufferStore store;
  ByteVector own;
  std::vector<BufferSlice> slices;
  std::vector<BufferId> buffers;
  ByteVector expected;
  for (const auto& [in_buffer, bytes] : parts) {
    append(expected, bytes);
    if (in_buffer) {
      buffers.push_back(store.create());
      store.write(buffers.back()) = bytes;
      slices.push_back(
          {buffers.back(), Bytes{static_cast<std::int64_t>(bytes.size())}, own.size()});
    } else {
      append(own, bytes);
    }
  }
  RC_PRE(!expected.empty());
  NetworkSend send{own, slices};
  send.hold_buffers(store);

  ByteVector socket;
  while (!send.is_complete()) {
    for (const BufferId buffer : buffers) RC_ASSERT(store.has_readers(buffer));
    const Bytes room{*rc::gen::inRange<std::int64_t>(1, send.remaining().count() + 10)};
    const Bytes written = send.write_to(socket, room, store);
    RC_ASSERT(written > Bytes{0} && written <= room);
  }
  RC_ASSERT(socket == expected);
  for (const BufferId buffer : buffers) RC_ASSERT(!store.has_readers(buffer));
}

// --- A selector with two connections ---

constexpr int kConnections = 2;
constexpr Millis kNow{Milliseconds{1'000'000}};

struct ConnectionModel {
  ByteVector stream;                    // all the peer ever sends
  std::vector<std::size_t> frame_ends;  // in it
  std::size_t arrived = 0;
  std::size_t read = 0;
  std::int64_t room = 0;
  std::int64_t unwritten = 0;  // of the pending send

  // What one read takes: the rest of the current frame, as far as it is there.
  std::size_t read_by_next_poll() const {
    const auto end = std::upper_bound(frame_ends.begin(), frame_ends.end(), read);
    return end == frame_ends.end() ? read : std::min(arrived, *end);
  }
  bool is_readable() const { return arrived > read; }
  bool is_writable() const { return unwritten > 0 && room > 0; }
};

struct SelectorModel {
  std::vector<ConnectionModel> connections{kConnections};
};

struct SelectorRig {
  SelectorRig() {
    for (int i = 0; i < kConnections; ++i) selector.assume_connected(NodeId{i}, kNow);
  }
  Selector selector{{}, kNow};
  BufferStore store;
  Journal journal{Journal::Mode::Off};
  bool received_two_at_once = false;
  bool wrote_in_part = false;
};

using SelectorCommand = rc::state::Command<SelectorModel, SelectorRig>;

std::size_t any_connection() {
  return *rc::gen::inRange<std::size_t>(0, kConnections);
}
NodeId node_of(std::size_t connection) {
  return NodeId{static_cast<std::int32_t>(connection)};
}

// The peer sends a frame; nothing of it arrives yet.
struct PeerSends : SelectorCommand {
  std::size_t connection = any_connection();
  ByteVector body = *rc::gen::resize(8, rc::gen::arbitrary<ByteVector>());

  void apply(SelectorModel& model) const override {
    ConnectionModel& of = model.connections[connection];
    append(of.stream, frame(body));
    of.frame_ends.push_back(of.stream.size());
  }
  void run(const SelectorModel&, SelectorRig&) const override {}
  void show(std::ostream& os) const override {
    os << "PeerSends(" << connection << ", " << body.size() << " bytes)";
  }
};

struct Arrive : SelectorCommand {
  std::size_t connection = any_connection();
  std::size_t count = *rc::gen::inRange<std::size_t>(1, 20);

  void checkPreconditions(const SelectorModel& model) const override {
    const ConnectionModel& of = model.connections[connection];
    RC_PRE(of.arrived + count <= of.stream.size());
  }
  void apply(SelectorModel& model) const override {
    model.connections[connection].arrived += count;
  }
  void run(const SelectorModel& before, SelectorRig& rig) const override {
    const ConnectionModel& of = before.connections[connection];
    rig.selector.on_bytes(node_of(connection), ByteSpan{of.stream}.subspan(of.arrived, count));
    RC_ASSERT(rig.selector.has_ready_events());
  }
  void show(std::ostream& os) const override {
    os << "Arrive(" << connection << ", " << count << ")";
  }
};

struct GiveRoom : SelectorCommand {
  std::size_t connection = any_connection();
  std::int64_t room = *rc::gen::inRange<std::int64_t>(1, 20);

  void apply(SelectorModel& model) const override { model.connections[connection].room += room; }
  void run(const SelectorModel&, SelectorRig& rig) const override {
    rig.selector.on_writable(node_of(connection), Bytes{room});
  }
  void show(std::ostream& os) const override {
    os << "GiveRoom(" << connection << ", " << room << ")";
  }
};

struct Send : SelectorCommand {
  std::size_t connection = any_connection();
  std::size_t size = *rc::gen::inRange<std::size_t>(1, 30);

  void checkPreconditions(const SelectorModel& model) const override {
    RC_PRE(model.connections[connection].unwritten == 0);
  }
  void apply(SelectorModel& model) const override {
    model.connections[connection].unwritten = static_cast<std::int64_t>(size);
  }
  void run(const SelectorModel&, SelectorRig& rig) const override {
    const auto outcome =
        rig.selector.send(node_of(connection), NetworkSend{ByteVector(size, Byte{7})}, rig.store);
    RC_ASSERT(outcome == Selector::SendOutcome::Queued);
  }
  void show(std::ostream& os) const override { os << "Send(" << connection << ", " << size << ")"; }
};

struct Poll : SelectorCommand {
  void apply(SelectorModel& model) const override {
    for (ConnectionModel& of : model.connections) {
      of.read = of.read_by_next_poll();
      const std::int64_t written = std::min(of.room, of.unwritten);
      of.room -= written;
      of.unwritten -= written;
    }
  }
  void run(const SelectorModel& before, SelectorRig& rig) const override {
    bool is_ready = false;
    for (const ConnectionModel& of : before.connections) {
      is_ready |= of.is_readable() || of.is_writable();
    }
    RC_ASSERT(rig.selector.has_ready_events() == is_ready);

    rig.selector.poll(kNow, rig.store, rig.journal);

    std::vector<Selector::CompletedReceive> received;
    std::vector<NodeId> sent;
    for (std::size_t i = 0; i < before.connections.size(); ++i) {
      const ConnectionModel& of = before.connections[i];
      if (auto payload = completed_by(of)) received.push_back({node_of(i), *payload});
      const std::int64_t written = std::min(of.room, of.unwritten);
      if (of.is_writable() && written == of.unwritten) sent.push_back(node_of(i));
      RC_ASSERT(rig.selector.take_written(node_of(i)).size() == static_cast<std::size_t>(written));
    }
    RC_ASSERT(rig.selector.completed_receives() == received);
    RC_ASSERT(rig.selector.completed_sends() == sent);
    RC_ASSERT(rig.selector.disconnected().empty());
    rig.received_two_at_once |= received.size() > 1;
    rig.wrote_in_part |= std::any_of(
        before.connections.begin(), before.connections.end(),
        [](const ConnectionModel& of) { return of.is_writable() && of.room < of.unwritten; });
  }
  void show(std::ostream& os) const override { os << "Poll"; }

 private:
  static std::optional<ByteVector> completed_by(const ConnectionModel& of) {
    const std::size_t end = of.read_by_next_poll();
    const auto at = std::find(of.frame_ends.begin(), of.frame_ends.end(), end);
    if (end == of.read || at == of.frame_ends.end()) return std::nullopt;
    const std::size_t begin = at == of.frame_ends.begin() ? 0 : *(at - 1);
    return ByteVector{of.stream.begin() + static_cast<std::ptrdiff_t>(begin + 4),
                      of.stream.begin() + static_cast<std::ptrdiff_t>(end)};
  }
};

RC_GTEST_PROP(SelectorProperties, EachPollMovesWhatTheModelSays, ()) {
  SelectorRig rig;
  rc::state::check(
      SelectorModel{}, rig,
      rc::state::gen::execOneOfWithArgs<PeerSends, Arrive, Arrive, GiveRoom, Send, Poll, Poll>());
  RC_CLASSIFY(rig.received_two_at_once);
  RC_CLASSIFY(rig.wrote_in_part);
}

}  // namespace
}  // namespace linger::core
