#include "core/crc32c.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "core/bytes.h"

namespace linger::core::crc32c_test {
namespace {

// Bytes without a pattern, the same in every run.
ByteVector noise(std::size_t size) {
  ByteVector bytes(size);
  std::uint32_t state = 1;
  for (Byte& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<Byte>(state >> 24);
  }
  return bytes;
}

// The definition: one bit at a time.
std::uint32_t by_definition(ByteSpan bytes) {
  std::uint32_t state = 0xFFFF'FFFF;
  for (const Byte byte : bytes) {
    state ^= byte;
    for (int bit = 0; bit < 8; ++bit) state = state >> 1 ^ (state & 1 ? 0x82F6'3B78u : 0);
  }
  return ~state;
}

TEST(Crc32c, GivesTheChecksumsOfRfc3720) {
  ByteVector ascending;
  ByteVector descending;
  for (int i = 0; i < 32; ++i) {
    ascending.push_back(static_cast<Byte>(i));
    descending.push_back(static_cast<Byte>(31 - i));
  }
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE306'9283);
  EXPECT_EQ(crc32c(ByteVector(32, 0x00)), 0x8A91'36AA);
  EXPECT_EQ(crc32c(ByteVector(32, 0xFF)), 0x62A8'AB43);
  EXPECT_EQ(crc32c(ascending), 0x46DD'794E);
  EXPECT_EQ(crc32c(descending), 0x113F'DB5C);
}

TEST(Crc32c, OfNothingIsZero) {
  EXPECT_EQ(crc32c({}), 0u);
}

TEST(Crc32c, IsTheSameWithAndWithoutTheInstruction) {
  const ByteVector bytes = noise(9'000);
  for (std::size_t size = 0; size < bytes.size(); size += size < 1'200 ? 1 : 61) {
    const ByteSpan part = ByteSpan{bytes}.subspan(size % 8, size - size % 8);
    const std::uint32_t expected = by_definition(part);
    ASSERT_EQ(crc32c(part), expected) << size;
    ASSERT_EQ(crc32c_extend_by_table(0, part), expected) << size;
  }
}

TEST(Crc32c, CanBeTakenInParts) {
  const ByteVector bytes = noise(5'000);
  const ByteSpan all{bytes};
  for (std::size_t cut = 0; cut <= all.size(); cut += 97) {
    const std::uint32_t first = crc32c(all.first(cut));
    ASSERT_EQ(crc32c_extend(first, all.subspan(cut)), crc32c(all)) << cut;
    ASSERT_EQ(crc32c_extend_by_table(first, all.subspan(cut)), crc32c(all)) << cut;
  }
}

}  // namespace
}  // namespace linger::core::crc32c_test
