#include "core/selector.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/buffer_store.h"
#include "core/check.h"

namespace linger::core::selector_test {
namespace {

constexpr NodeId kNode{0};
constexpr NodeId kOther{1};
constexpr Millis kStart{Milliseconds{1'000'000}};
constexpr Bytes kRoom{1000};

ByteVector frame(std::string_view body) {
  ByteVector bytes{0, 0, 0, static_cast<Byte>(body.size())};
  const ByteSpan content = bytes_of(body);
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

class SelectorTest : public ::testing::Test {
 protected:
  void poll(Milliseconds later = 0ms) { selector_.poll(kStart + later, store_, journal_); }

  void connect(NodeId node, Milliseconds later = 0ms) {
    selector_.connect(node, "host", 9092, kStart + later);
    selector_.on_connected(node);
    selector_.on_writable(node, kRoom);
    poll(later);
  }
  void send(NodeId node, std::string_view body) {
    selector_.send(node, NetworkSend{frame(body)}, store_);
  }
  std::vector<std::string> received() const {
    std::vector<std::string> bodies;
    for (const auto& receive : selector_.completed_receives()) {
      bodies.push_back(text_of(receive.payload));
    }
    return bodies;
  }
  bool is_reported_as(NodeId node, ChannelState state) const {
    const auto at = selector_.disconnected().find(node);
    return at != selector_.disconnected().end() && at->second.state == state;
  }

  Selector selector_{{}, kStart};
  BufferStore store_;
  Journal journal_;
};

using Bodies = std::vector<std::string>;

TEST_F(SelectorTest, AConnectIsAskedForAndReportedWhenItIsFinished) {
  selector_.connect(kNode, "broker", 9092, kStart);
  EXPECT_EQ(selector_.take_connection_intents(),
            (std::vector<ConnectionIntent>{ConnectIntent{kNode, "broker", 9092}}));
  poll();
  EXPECT_TRUE(selector_.connected().empty());
  EXPECT_FALSE(selector_.is_channel_ready(kNode));

  selector_.on_connected(kNode);
  EXPECT_FALSE(selector_.is_channel_ready(kNode));  // until the selector looks
  EXPECT_TRUE(selector_.has_ready_events());
  poll();

  EXPECT_EQ(selector_.connected(), (std::vector{kNode}));
  EXPECT_TRUE(selector_.is_channel_ready(kNode));
  poll();
  EXPECT_TRUE(selector_.connected().empty());
}

TEST_F(SelectorTest, ARefusedConnectIsReportedAsNotConnected) {
  selector_.connect(kNode, "broker", 9092, kStart);
  selector_.on_connect_failed(kNode);
  EXPECT_TRUE(selector_.has_ready_events());
  poll();
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::NotConnected));
  EXPECT_TRUE(selector_.connected().empty());
  EXPECT_FALSE(selector_.has_channel(kNode));
}

TEST_F(SelectorTest, ANodeIsConnectedOnce) {
  connect(kNode);
  EXPECT_THROW(selector_.connect(kNode, "broker", 9092, kStart), CheckFailure);
}

TEST_F(SelectorTest, SendingWithoutAConnectionIsAMistake) {
  EXPECT_THROW(send(kNode, "x"), CheckFailure);
}

TEST_F(SelectorTest, AFrameIsSentInOnePollIfThereIsRoom) {
  connect(kNode);
  EXPECT_FALSE(selector_.has_ready_events());
  send(kNode, "hello");
  EXPECT_TRUE(selector_.has_ready_events());
  EXPECT_TRUE(selector_.take_written(kNode).empty());

  poll();

  EXPECT_EQ(selector_.completed_sends(), (std::vector{kNode}));
  EXPECT_EQ(selector_.nodes_with_written(), (std::vector{kNode}));
  EXPECT_EQ(selector_.take_written(kNode), frame("hello"));
  EXPECT_TRUE(selector_.take_written(kNode).empty());
  poll();
  EXPECT_TRUE(selector_.completed_sends().empty());
}

TEST_F(SelectorTest, AFrameLargerThanTheRoomIsSentInPieces) {
  selector_.connect(kNode, "host", 9092, kStart);
  selector_.on_connected(kNode);
  poll();
  send(kNode, "hello");
  EXPECT_FALSE(selector_.has_ready_events());  // no room
  ByteVector socket;
  for (int i = 0; i < 3; ++i) {
    selector_.on_writable(kNode, Bytes{3});
    poll();
    const ByteVector part = selector_.take_written(kNode);
    EXPECT_EQ(part.size(), 3u);
    socket.insert(socket.end(), part.begin(), part.end());
    EXPECT_EQ(selector_.completed_sends().size(), i == 2 ? 1u : 0u);
  }
  EXPECT_EQ(socket, frame("hello"));
}

TEST_F(SelectorTest, ASecondSendBeforeTheFirstIsWrittenLosesTheConnection) {
  connect(kNode);
  send(kNode, "one");
  EXPECT_EQ(selector_.send(kNode, NetworkSend{frame("two")}, store_),
            Selector::SendOutcome::PriorSendInProgress);
  EXPECT_FALSE(selector_.has_channel(kNode));
  poll();
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::FailedSend));
  EXPECT_TRUE(selector_.take_written(kNode).empty());
}

TEST_F(SelectorTest, AtMostOneFrameOfAConnectionIsReceivedInAPoll) {
  connect(kNode);
  connect(kOther);
  for (const char* body : {"a", "b"}) selector_.on_bytes(kNode, frame(body));
  selector_.on_bytes(kOther, frame("c"));

  poll();
  EXPECT_EQ(received(), (Bodies{"a", "c"}));
  EXPECT_TRUE(selector_.has_ready_events());
  poll();
  EXPECT_EQ(received(), (Bodies{"b"}));
  EXPECT_FALSE(selector_.has_ready_events());
  poll();
  EXPECT_EQ(received(), (Bodies{}));
}

TEST_F(SelectorTest, BytesThatComeWithTheConnectAreReadInTheNextPoll) {
  selector_.connect(kNode, "host", 9092, kStart);
  selector_.on_connected(kNode);
  selector_.on_bytes(kNode, frame("a"));
  poll();
  EXPECT_EQ(received(), (Bodies{}));
  poll();
  EXPECT_EQ(received(), (Bodies{"a"}));
}

TEST_F(SelectorTest, ConnectionsAreLookedAtByAscendingNode) {
  connect(kOther);
  connect(kNode);
  selector_.on_bytes(kOther, frame("other"));
  selector_.on_bytes(kNode, frame("node"));
  poll();
  EXPECT_EQ(received(), (Bodies{"node", "other"}));
}

TEST_F(SelectorTest, FramesBeforeTheEndOfTheStreamAreDeliveredOnePerPoll) {
  connect(kNode);
  for (int i = 0; i < 5; ++i) selector_.on_bytes(kNode, frame("x"));
  selector_.on_end_of_stream(kNode);
  for (int i = 0; i < 5; ++i) {
    poll();
    EXPECT_EQ(received(), (Bodies{"x"}));
    EXPECT_TRUE(selector_.disconnected().empty());
  }
  poll();
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::Ready));
}

TEST_F(SelectorTest, APartOfAFrameBeforeTheEndOfTheStreamIsDropped) {
  connect(kNode);
  selector_.on_bytes(kNode, ByteVector{0, 0, 0, 9, 'x'});
  selector_.on_end_of_stream(kNode);
  poll();
  poll();
  EXPECT_EQ(received(), (Bodies{}));
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::Ready));
}

TEST_F(SelectorTest, AResetIsReportedAndTheNodeCanBeConnectedAgain) {
  connect(kNode);
  selector_.on_bytes(kNode, frame("lost"));
  selector_.on_reset(kNode);
  poll();
  EXPECT_EQ(received(), (Bodies{}));
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::Ready));

  connect(kNode);
  EXPECT_TRUE(selector_.is_channel_ready(kNode));
}

TEST_F(SelectorTest, ASizeThatCannotBeLosesTheConnection) {
  connect(kNode);
  selector_.on_bytes(kNode, ByteVector{0xff, 0xff, 0xff, 0xff});
  poll();
  ASSERT_TRUE(is_reported_as(kNode, ChannelState::Ready));
  EXPECT_EQ(selector_.disconnected().at(kNode).why, "Invalid receive (size = -1)");
}

TEST_F(SelectorTest, AMutedConnectionIsHeldUntilItIsUnmuted) {
  connect(kNode);
  connect(kOther);
  selector_.on_bytes(kNode, frame("node"));
  selector_.on_bytes(kOther, frame("other"));
  selector_.mute(kNode);
  poll();
  EXPECT_EQ(received(), (Bodies{"other"}));
  EXPECT_FALSE(selector_.has_ready_events());
  EXPECT_EQ(selector_.unread(kNode), Bytes{8});

  selector_.unmute(kNode);
  EXPECT_TRUE(selector_.has_ready_events());
  poll();
  EXPECT_EQ(received(), (Bodies{"node"}));
}

TEST_F(SelectorTest, ALocalCloseIsNotReported) {
  connect(kNode);
  selector_.take_connection_intents();
  send(kNode, "x");
  selector_.close(kNode, store_);
  EXPECT_EQ(selector_.take_connection_intents(),
            (std::vector<ConnectionIntent>{CloseIntent{kNode}}));
  poll();
  EXPECT_TRUE(selector_.disconnected().empty());
  EXPECT_TRUE(selector_.completed_sends().empty());
}

TEST_F(SelectorTest, ClosingTakesNothingFromWhatThePollReceived) {
  connect(kNode);
  connect(kOther);
  selector_.on_bytes(kNode, frame("node"));
  selector_.on_bytes(kOther, frame("other"));
  poll();
  for (const NodeId node : {kNode, kOther}) selector_.close(node, store_);
  EXPECT_EQ(received(), (Bodies{"node", "other"}));
}

TEST_F(SelectorTest, ClosingReleasesTheBuffersOfASendThatIsPending) {
  connect(kNode);
  const BufferId buffer = store_.create();
  store_.write(buffer) = frame("records");
  selector_.send(kNode, NetworkSend{{}, {{buffer, Bytes{11}}}}, store_);
  EXPECT_TRUE(store_.has_readers(buffer));
  selector_.close(kNode, store_);
  EXPECT_FALSE(store_.has_readers(buffer));
}

TEST_F(SelectorTest, ALostConnectionReleasesTheBuffersOfASendThatIsPending) {
  connect(kNode);
  const BufferId buffer = store_.create();
  selector_.send(kNode, NetworkSend{{}, {{buffer, kRoom + kRoom}}}, store_);
  selector_.on_reset(kNode);
  poll();
  EXPECT_FALSE(store_.has_readers(buffer));
}

TEST_F(SelectorTest, WhatIsToldOfAClosedConnectionIsNothing) {
  connect(kNode);
  selector_.close(kNode, store_);
  selector_.on_bytes(kNode, frame("late"));
  selector_.on_end_of_stream(kNode);
  selector_.on_writable(kNode, kRoom);
  EXPECT_FALSE(selector_.has_ready_events());
  poll();
  EXPECT_TRUE(selector_.disconnected().empty());
}

TEST_F(SelectorTest, AWakeupEndsOneSelectAndIsNothingElse) {
  selector_.wakeup();
  EXPECT_TRUE(selector_.has_ready_events());
  poll();
  EXPECT_FALSE(selector_.has_ready_events());
}

constexpr Milliseconds kIdle{540'000};

TEST_F(SelectorTest, AnIdleConnectionExpires) {
  connect(kNode);
  poll(kIdle);
  EXPECT_TRUE(selector_.has_channel(kNode));
  poll(kIdle + 1ms);
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::Expired));
  EXPECT_FALSE(selector_.has_channel(kNode));
}

TEST_F(SelectorTest, AnyEventKeepsAConnectionFromExpiring) {
  connect(kNode);
  selector_.on_bytes(kNode, ByteVector{0});
  poll(kIdle);
  poll(kIdle + kIdle);
  EXPECT_TRUE(selector_.has_channel(kNode));
  poll(kIdle + kIdle + 1ms);
  EXPECT_FALSE(selector_.has_channel(kNode));
}

TEST_F(SelectorTest, AConnectionWithoutAnyEventExpiresToo) {
  selector_.connect(kNode, "host", 9092, kStart);
  poll(kIdle + 1ms);
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::Expired));
}

TEST_F(SelectorTest, AtMostOneConnectionExpiresInAPollTheLongestIdleFirst) {
  connect(kOther);
  connect(kNode);
  poll(kIdle + 1ms);
  EXPECT_TRUE(is_reported_as(kOther, ChannelState::Expired));
  EXPECT_TRUE(selector_.has_channel(kNode));
  poll(kIdle + 2ms);
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::Expired));
}

TEST_F(SelectorTest, TheNextLookForIdleConnectionsIsWhenTheOldestMayExpire) {
  poll(kIdle + 1ms);  // no connections: look again when as much time has passed
  connect(kNode, kIdle + 2ms);
  poll(kIdle + kIdle + 2ms);
  EXPECT_TRUE(selector_.has_channel(kNode));
  poll(kIdle + kIdle + 3ms);
  EXPECT_FALSE(selector_.has_channel(kNode));
}

TEST_F(SelectorTest, AMutedConnectionWithPendingBytesExpiresOnce) {
  connect(kNode);
  selector_.mute(kNode);
  selector_.on_bytes(kNode, frame("x"));
  poll(kIdle + 1ms);
  EXPECT_TRUE(is_reported_as(kNode, ChannelState::Expired));
  poll(kIdle + 2ms);
  EXPECT_TRUE(selector_.disconnected().empty());
}

TEST_F(SelectorTest, ANegativeIdleTimeMeansNever) {
  Selector selector{{.connections_max_idle = -1ms}, kStart};
  selector.connect(kNode, "host", 9092, kStart);
  selector.poll(kNever, store_, journal_);
  EXPECT_TRUE(selector.has_channel(kNode));
}

TEST_F(SelectorTest, EveryConnectIsFollowedByOneClose) {
  connect(kNode);
  selector_.on_end_of_stream(kNode);
  poll();
  EXPECT_EQ(
      selector_.take_connection_intents(),
      (std::vector<ConnectionIntent>{ConnectIntent{kNode, "host", 9092}, CloseIntent{kNode}}));
}

TEST_F(SelectorTest, TheJournalTellsHowManyBytesMoved) {
  connect(kNode);
  send(kNode, "hello");
  selector_.on_bytes(kNode, frame("hi"));
  journal_.take();
  poll();
  const std::vector<Event> events = journal_.take();
  ASSERT_EQ(events.size(), 2u);
  const auto read = std::get<BytesMoved>(events[0]);
  EXPECT_FALSE(read.written);
  EXPECT_EQ(read.bytes, Bytes{6});
  const auto written = std::get<BytesMoved>(events[1]);
  EXPECT_TRUE(written.written);
  EXPECT_EQ(written.bytes, Bytes{9});
}

}  // namespace
}  // namespace linger::core::selector_test
