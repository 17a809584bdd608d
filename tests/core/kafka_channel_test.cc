#include "core/kafka_channel.h"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

#include "core/buffer_store.h"
#include "core/check.h"

namespace linger::core::kafka_channel_test {
namespace {

ByteVector bytes_from(std::string_view text) {
  const ByteSpan span = bytes_of(text);
  return {span.begin(), span.end()};
}

NetworkSend send_of(std::string_view text) {
  return NetworkSend{bytes_from(text)};
}

KafkaChannel connected_with_room(Bytes room) {
  KafkaChannel channel = KafkaChannel::connected();
  channel.on_writable(room);
  return channel;
}

TEST(KafkaChannel, IsReadyOnlyWhenTheConnectIsFinished) {
  KafkaChannel channel;
  EXPECT_FALSE(channel.is_connectable());
  channel.on_connected();
  EXPECT_TRUE(channel.is_connectable());
  EXPECT_FALSE(channel.is_ready());

  EXPECT_FALSE(channel.finish_connect());

  EXPECT_TRUE(channel.is_ready());
  EXPECT_FALSE(channel.is_connectable());
  EXPECT_EQ(channel.state(), ChannelState::Ready);
}

TEST(KafkaChannel, AConnectThatFailedSaysSoWhenItIsFinished) {
  KafkaChannel channel;
  channel.on_connect_failed();
  EXPECT_TRUE(channel.is_connectable());
  EXPECT_TRUE(channel.finish_connect());
  EXPECT_EQ(channel.state(), ChannelState::NotConnected);
}

TEST(KafkaChannel, OneReadTakesOneFrame) {
  KafkaChannel channel = KafkaChannel::connected();
  channel.on_bytes(bytes_from({"\0\0\0\1a\0\0\0\1b", 10}));

  EXPECT_EQ(channel.read().read, Bytes{5});
  EXPECT_EQ(channel.take_completed_receive(), bytes_from("a"));
  EXPECT_EQ(channel.unread(), Bytes{5});

  EXPECT_EQ(channel.read().read, Bytes{5});
  EXPECT_EQ(channel.take_completed_receive(), bytes_from("b"));
  EXPECT_FALSE(channel.is_readable());
}

TEST(KafkaChannel, APartOfAFrameCompletesNothing) {
  KafkaChannel channel = KafkaChannel::connected();
  channel.on_bytes(bytes_from({"\0\0\0\2a", 5}));
  channel.read();
  EXPECT_FALSE(channel.take_completed_receive());
  channel.on_bytes(bytes_from("b"));
  channel.read();
  EXPECT_EQ(channel.take_completed_receive(), bytes_from("ab"));
}

TEST(KafkaChannel, TheEndOfTheStreamLiesBehindTheLastByte) {
  KafkaChannel channel = KafkaChannel::connected();
  channel.on_bytes(bytes_from({"\0\0\0\1a", 5}));
  channel.on_end_of_stream();
  EXPECT_FALSE(channel.read().failure);
  EXPECT_TRUE(channel.take_completed_receive());
  EXPECT_TRUE(channel.is_readable());
  EXPECT_EQ(channel.read().failure, "end of stream");
}

TEST(KafkaChannel, AResetLosesWhatWasNotRead) {
  KafkaChannel channel = KafkaChannel::connected();
  channel.on_bytes(bytes_from({"\0\0\0\1a", 5}));
  channel.on_reset();
  EXPECT_EQ(channel.unread(), Bytes{0});
  EXPECT_EQ(channel.read().failure, "Connection reset by peer");
}

TEST(KafkaChannel, AMutedChannelIsNotReadable) {
  KafkaChannel channel = KafkaChannel::connected();
  channel.on_bytes(bytes_from("x"));
  channel.mute();
  EXPECT_FALSE(channel.is_readable());
  channel.unmute();
  EXPECT_TRUE(channel.is_readable());
}

TEST(KafkaChannel, WritesWhatThereIsRoomFor) {
  BufferStore store;
  KafkaChannel channel = connected_with_room(Bytes{3});
  EXPECT_FALSE(channel.is_writable());  // nothing to write
  channel.set_send(send_of("abcde"), store);
  ByteVector socket;

  const auto first = channel.write(socket, store);
  EXPECT_EQ(first.written, Bytes{3});
  EXPECT_FALSE(first.completed);
  EXPECT_FALSE(channel.is_writable());  // no room

  channel.on_writable(Bytes{100});
  const auto second = channel.write(socket, store);
  EXPECT_EQ(second.written, Bytes{2});
  EXPECT_TRUE(second.completed);
  EXPECT_EQ(text_of(socket), "abcde");
  EXPECT_FALSE(channel.has_send());
  EXPECT_EQ(channel.room(), Bytes{98});
}

TEST(KafkaChannel, TakesNoSecondSendWhileOneIsPending) {
  BufferStore store;
  KafkaChannel channel = connected_with_room(Bytes{1});
  channel.set_send(send_of("ab"), store);
  EXPECT_THROW(channel.set_send(send_of("c"), store), CheckFailure);
}

TEST(KafkaChannel, AWriteAfterAResetFails) {
  BufferStore store;
  KafkaChannel channel = KafkaChannel::connected();
  channel.set_send(send_of("a"), store);
  channel.on_reset();
  ASSERT_TRUE(channel.is_writable());
  ByteVector socket;
  EXPECT_TRUE(channel.write(socket, store).failure);
  EXPECT_TRUE(socket.empty());
}

}  // namespace
}  // namespace linger::core::kafka_channel_test
