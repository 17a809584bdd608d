#include "core/network_send.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/buffer_store.h"
#include "core/bytes.h"

namespace linger::core::network_send_test {
namespace {

ByteVector bytes_from(std::string_view text) {
  const ByteSpan span = bytes_of(text);
  return {span.begin(), span.end()};
}

BufferId buffer_with(BufferStore& store, std::string_view text) {
  const BufferId buffer = store.create();
  store.write(buffer) = bytes_from(text);
  return buffer;
}

NetworkSend held(std::string_view own, std::vector<BufferSlice> slices, BufferStore& store) {
  NetworkSend send{bytes_from(own), std::move(slices)};
  send.hold_buffers(store);
  return send;
}

TEST(NetworkSend, RecordsLeaveWhereTheyStandInTheFrame) {
  BufferStore store;
  const BufferId records = buffer_with(store, "records");
  NetworkSend send = held("<>", {{records, Bytes{7}, 1}}, store);
  EXPECT_EQ(send.size(), Bytes{9});

  ByteVector socket;
  EXPECT_EQ(send.write_to(socket, Bytes{100}, store), Bytes{9});

  EXPECT_EQ(text_of(socket), "<records>");
  EXPECT_TRUE(send.is_complete());
}

TEST(NetworkSend, WritesNoMoreThanThereIsRoomFor) {
  BufferStore store;
  const BufferId records = buffer_with(store, "abcdef");
  NetworkSend send = held("12", {{records, Bytes{6}, 2}}, store);
  ByteVector socket;

  EXPECT_EQ(send.write_to(socket, Bytes{5}, store), Bytes{5});
  EXPECT_EQ(text_of(socket), "12abc");
  EXPECT_EQ(send.remaining(), Bytes{3});
  EXPECT_FALSE(send.is_complete());

  EXPECT_EQ(send.write_to(socket, Bytes{3}, store), Bytes{3});
  EXPECT_EQ(text_of(socket), "12abcdef");
  EXPECT_TRUE(send.is_complete());
}

TEST(NetworkSend, ReadsABufferAtTheMomentOfWriting) {
  BufferStore store;
  const BufferId records = buffer_with(store, "mine");
  NetworkSend send = held("", {{records, Bytes{4}}}, store);
  ByteVector socket;
  send.write_to(socket, Bytes{2}, store);

  store.write(records) = bytes_from("your");  // used again too early (KAFKA-19012)
  send.write_to(socket, Bytes{2}, store);

  EXPECT_EQ(text_of(socket), "miur");
}

TEST(NetworkSend, WhatABufferDoesNotHoldAnyMoreIsZeros) {
  BufferStore store;
  const BufferId records = buffer_with(store, "abcd");
  NetworkSend send = held("", {{records, Bytes{4}}}, store);
  store.write(records) = bytes_from("x");
  ByteVector socket;

  send.write_to(socket, Bytes{3}, store);
  send.write_to(socket, Bytes{3}, store);

  EXPECT_EQ(text_of(socket), (std::string{'x', '\0', '\0', '\0'}));
}

TEST(NetworkSend, HoldsItsBuffersUntilTheLastByteIsWritten) {
  BufferStore store;
  const BufferId records = buffer_with(store, "abc");
  NetworkSend send = held("!", {{records, Bytes{3}}}, store);
  ByteVector socket;

  send.write_to(socket, Bytes{3}, store);
  EXPECT_TRUE(store.has_readers(records));
  send.write_to(socket, Bytes{1}, store);
  EXPECT_FALSE(store.has_readers(records));
}

TEST(NetworkSend, LetsItsBuffersGoWhenItIsCancelled) {
  BufferStore store;
  const BufferId records = buffer_with(store, "abc");
  NetworkSend send = held("", {{records, Bytes{3}}}, store);
  ByteVector socket;
  send.write_to(socket, Bytes{1}, store);

  send.cancel(store);

  EXPECT_FALSE(store.has_readers(records));
}

}  // namespace
}  // namespace linger::core::network_send_test
