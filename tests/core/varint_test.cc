#include "core/varint.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>

#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "core/bytes.h"

namespace linger::core::varint_test {
namespace {

constexpr std::int32_t kSmallest = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kLargest = std::numeric_limits<std::int32_t>::max();

ByteVector varint(std::int32_t value) {
  ByteVector bytes;
  ByteWriter{bytes}.varint(value);
  return bytes;
}

ByteVector varlong(std::int64_t value) {
  ByteVector bytes;
  ByteWriter{bytes}.varlong(value);
  return bytes;
}

ByteVector unsigned_varint(std::uint32_t value) {
  ByteVector bytes;
  ByteWriter{bytes}.unsigned_varint(value);
  return bytes;
}

TEST(Varint, SmallNumbersOfEitherSignTakeOneByte) {
  EXPECT_EQ(varint(0), (ByteVector{0x00}));
  EXPECT_EQ(varint(-1), (ByteVector{0x01}));
  EXPECT_EQ(varint(1), (ByteVector{0x02}));
  EXPECT_EQ(varint(63), (ByteVector{0x7E}));
  EXPECT_EQ(varint(-64), (ByteVector{0x7F}));
}

TEST(Varint, TheLeastSignificantBitsComeFirst) {
  EXPECT_EQ(varint(64), (ByteVector{0x80, 0x01}));
  EXPECT_EQ(varint(300), (ByteVector{0xD8, 0x04}));
  EXPECT_EQ(varint(kLargest), (ByteVector{0xFE, 0xFF, 0xFF, 0xFF, 0x0F}));
  EXPECT_EQ(varint(kSmallest), (ByteVector{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}));
}

TEST(Varint, UnsignedOnesAreNotFolded) {
  EXPECT_EQ(unsigned_varint(0), (ByteVector{0x00}));
  EXPECT_EQ(unsigned_varint(127), (ByteVector{0x7F}));
  EXPECT_EQ(unsigned_varint(300), (ByteVector{0xAC, 0x02}));
  EXPECT_EQ(unsigned_varint(0xFFFF'FFFF), (ByteVector{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}));
}

TEST(Varint, AByteMoreIsNeededFromEachSevenBits) {
  struct Boundary {
    std::int64_t last_positive;
    std::int64_t last_negative;
    int size;
  };
  constexpr std::array kBoundaries{
      Boundary{63, -64, 1}, Boundary{8191, -8192, 2}, Boundary{1'048'575, -1'048'576, 3},
      Boundary{134'217'727, -134'217'728, 4}, Boundary{17'179'869'183, -17'179'869'184, 5}};
  for (const Boundary& boundary : kBoundaries) {
    EXPECT_EQ(varlong_size(boundary.last_positive), boundary.size);
    EXPECT_EQ(varlong_size(boundary.last_negative), boundary.size);
    EXPECT_EQ(varlong_size(boundary.last_positive + 1), boundary.size + 1);
    EXPECT_EQ(varlong_size(boundary.last_negative - 1), boundary.size + 1);
  }
  EXPECT_EQ(varint_size(kSmallest), kMaxVarintSize);
  EXPECT_EQ(varint_size(kLargest), kMaxVarintSize);
  EXPECT_EQ(varlong_size(std::numeric_limits<std::int64_t>::min()), kMaxVarlongSize);
  EXPECT_EQ(varlong_size(std::numeric_limits<std::int64_t>::max()), kMaxVarlongSize);
}

TEST(Varint, WhatIsWrittenIsReadBackAndHasTheSizeForetold) {
  for (int bit = 0; bit < 64; ++bit) {
    for (const std::int64_t off : {-1, 0, 1}) {
      const auto power = static_cast<std::int64_t>(std::uint64_t{1} << bit);
      const auto value = static_cast<std::int64_t>(static_cast<std::uint64_t>(power) +
                                                   static_cast<std::uint64_t>(off));
      const ByteVector bytes = varlong(value);
      EXPECT_EQ(bytes.size(), static_cast<std::size_t>(varlong_size(value)));
      ByteReader reader{bytes};
      EXPECT_EQ(reader.varlong(), value);
      EXPECT_EQ(reader.remaining(), 0u);

      const auto narrow = static_cast<std::int32_t>(value);
      const ByteVector narrow_bytes = varint(narrow);
      EXPECT_EQ(narrow_bytes.size(), static_cast<std::size_t>(varint_size(narrow)));
      EXPECT_EQ(ByteReader{narrow_bytes}.varint(), narrow);
    }
  }
}

TEST(Varint, OneWithoutAnEndIsAnError) {
  const ByteVector bytes{0x80, 0x80};
  ByteReader reader{bytes};
  EXPECT_EQ(reader.varint(), 0);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().text(), "the bytes end within a number at byte 2");
}

TEST(Varint, OneOfTooManyBitsIsAnError) {
  const ByteVector sixth_byte{0xFF, 0xFF, 0xFF, 0xFF, 0x8F, 0x00};
  const ByteVector bit_33{0xFF, 0xFF, 0xFF, 0xFF, 0x1F};
  const ByteVector bit_65{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02};
  for (const ByteVector& bytes : {sixth_byte, bit_33}) {
    ByteReader reader{bytes};
    reader.varint();
    EXPECT_FALSE(reader.ok());
  }
  ByteReader reader{bit_65};
  reader.varlong();
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().what, "a number of more bits than it may have");
}

}  // namespace
}  // namespace linger::core::varint_test
