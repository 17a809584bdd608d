#include "core/network_receive.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "core/bytes.h"

namespace linger::core::network_receive_test {
namespace {

ByteVector frame(std::string_view body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  ByteVector bytes{static_cast<Byte>(size >> 24), static_cast<Byte>(size >> 16),
                   static_cast<Byte>(size >> 8), static_cast<Byte>(size)};
  const ByteSpan content = bytes_of(body);
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

TEST(NetworkReceive, IsCompleteOnlyWithTheLastByte) {
  NetworkReceive receive;
  const ByteVector bytes = frame("kafka");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(receive.is_complete());
    EXPECT_EQ(receive.bytes_read(), Bytes{static_cast<std::int64_t>(i)});
    EXPECT_EQ(receive.read_from(ByteSpan{bytes}.subspan(i, 1)).taken, 1u);
  }
  ASSERT_TRUE(receive.is_complete());
  EXPECT_EQ(text_of(receive.payload()), "kafka");
}

TEST(NetworkReceive, LeavesTheNextFrameWhereItIs) {
  NetworkReceive receive;
  ByteVector bytes = frame("one");
  const ByteVector next = frame("two");
  bytes.insert(bytes.end(), next.begin(), next.end());

  EXPECT_EQ(receive.read_from(bytes).taken, 7u);

  ASSERT_TRUE(receive.is_complete());
  EXPECT_EQ(text_of(receive.payload()), "one");
}

TEST(NetworkReceive, AnEmptyFrameIsCompleteWithItsSize) {
  NetworkReceive receive;
  EXPECT_FALSE(receive.has_begun());
  receive.read_from(ByteVector{0, 0, 0});
  EXPECT_FALSE(receive.is_complete());
  EXPECT_TRUE(receive.has_begun());
  receive.read_from(ByteVector{0});
  ASSERT_TRUE(receive.is_complete());
  EXPECT_TRUE(receive.payload().empty());
}

TEST(NetworkReceive, ANegativeSizeIsAnError) {
  NetworkReceive receive;
  const auto read = receive.read_from(ByteVector{0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(read.error, "Invalid receive (size = -1)");
}

TEST(NetworkReceive, ASizeBeyondTheLimitIsAnError) {
  NetworkReceive at_the_limit{100};
  EXPECT_FALSE(at_the_limit.read_from(ByteVector{0, 0, 0, 100}).error);
  NetworkReceive beyond{100};
  EXPECT_EQ(beyond.read_from(ByteVector{0, 0, 0, 101}).error,
            "Invalid receive (size = 101 larger than 100)");
}

TEST(NetworkReceive, WithoutALimitAnySizeMayBeAnnounced) {
  NetworkReceive receive;
  EXPECT_FALSE(receive.read_from(ByteVector{0x7f, 0xff, 0xff, 0xff}).error);
  EXPECT_FALSE(receive.is_complete());
}

}  // namespace
}  // namespace linger::core::network_receive_test
