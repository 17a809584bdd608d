// What the selector did before KAFKA-7639: it reads ahead, and stages what it read.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/buffer_store.h"
#include "core/selector.h"

namespace linger::core::selector_staging_test {
namespace {

constexpr NodeId kNode{0};
constexpr Millis kStart{Milliseconds{1'000'000}};

using Bodies = std::vector<std::string>;

ByteVector frame(std::string_view body) {
  ByteVector bytes{0, 0, 0, static_cast<Byte>(body.size())};
  const ByteSpan content = bytes_of(body);
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

class StagedReceives : public ::testing::Test {
 protected:
  StagedReceives() {
    selector_.assume_connected(kNode, kStart);
    selector_.on_writable(kNode, Bytes{1'000});
  }
  Bodies poll() {
    selector_.poll(kStart, store_, journal_);
    Bodies bodies;
    for (const auto& receive : selector_.completed_receives()) {
      bodies.push_back(text_of(receive.payload));
    }
    return bodies;
  }
  void receive(std::initializer_list<std::string_view> bodies) {
    for (const std::string_view body : bodies) selector_.on_bytes(kNode, frame(body));
  }
  bool is_reported() const { return selector_.disconnected().contains(kNode); }

  Selector selector_{{.reads_ahead = true}, kStart};
  BufferStore store_;
  Journal journal_;
};

TEST_F(StagedReceives, AreReadAtOnceAndHandedOutOneAPoll) {
  receive({"a", "b", "c"});
  EXPECT_EQ(poll(), Bodies{"a"});
  EXPECT_EQ(selector_.unread(kNode), Bytes{0});
  EXPECT_TRUE(selector_.has_ready_events());
  EXPECT_EQ(poll(), Bodies{"b"});
  EXPECT_EQ(poll(), Bodies{"c"});
  EXPECT_FALSE(selector_.has_ready_events());
  EXPECT_EQ(poll(), Bodies{});
}

TEST_F(StagedReceives, KeepTheSocketFromBeingRead) {
  receive({"a", "b"});
  poll();
  receive({"c"});
  EXPECT_EQ(poll(), Bodies{"b"});
  EXPECT_EQ(selector_.unread(kNode), Bytes{5});
  EXPECT_EQ(poll(), Bodies{"c"});
}

TEST_F(StagedReceives, APartOfAFrameIsReadTooAndCompletedLater) {
  receive({"a"});
  selector_.on_bytes(kNode, ByteVector{0, 0, 0, 2, 'b'});
  EXPECT_EQ(poll(), Bodies{"a"});
  EXPECT_EQ(selector_.unread(kNode), Bytes{0});
  selector_.on_bytes(kNode, ByteVector{'c'});
  EXPECT_EQ(poll(), Bodies{"bc"});
}

TEST_F(StagedReceives, OutliveAReset) {
  receive({"a", "b"});
  poll();
  selector_.on_reset(kNode);
  EXPECT_EQ(poll(), Bodies{"b"});
  EXPECT_FALSE(is_reported());
  EXPECT_EQ(poll(), Bodies{});
  EXPECT_TRUE(is_reported());
}

TEST_F(StagedReceives, OfAStreamThatEndsComeTwoAtOnceAndTheLossAfterTheLast) {
  receive({"a", "b", "c"});
  selector_.on_end_of_stream(kNode);
  EXPECT_EQ(poll(), (Bodies{"a", "b"})) << "one when the end is seen, and that of the poll";
  EXPECT_FALSE(selector_.is_channel_ready(kNode));
  EXPECT_FALSE(is_reported());
  EXPECT_TRUE(selector_.has_ready_events());
  EXPECT_EQ(poll(), Bodies{"c"});
  EXPECT_FALSE(is_reported());
  EXPECT_FALSE(selector_.has_ready_events()) << "nothing hurries the report of the loss";
  EXPECT_EQ(poll(), Bodies{});
  EXPECT_TRUE(is_reported());
}

TEST_F(StagedReceives, AreHeldWhileTheChannelIsMuted) {
  receive({"a", "b"});
  poll();
  selector_.mute(kNode);
  EXPECT_FALSE(selector_.has_ready_events());
  EXPECT_EQ(poll(), Bodies{});
  selector_.unmute(kNode);
  EXPECT_TRUE(selector_.has_ready_events());
  EXPECT_EQ(poll(), Bodies{"b"});
}

TEST_F(StagedReceives, GoWithAConnectionThatTheClientCloses) {
  receive({"a", "b"});
  poll();
  selector_.close(kNode, store_);
  EXPECT_EQ(poll(), Bodies{});
  EXPECT_FALSE(is_reported());
}

}  // namespace
}  // namespace linger::core::selector_staging_test
