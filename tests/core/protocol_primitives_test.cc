#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "core/bytes.h"
#include "core/check.h"

namespace linger::core::protocol_primitives_test {
namespace {

ByteVector length(LengthPrefix prefix, std::optional<std::size_t> length) {
  ByteVector bytes;
  ByteWriter{bytes}.length(prefix, length);
  return bytes;
}

bool ignore_tag(std::uint32_t, ByteReader&) {
  return false;
}

// What a reader says after reading the tagged fields in `bytes`; empty if all is well.
std::string complaint_about_tags(const ByteVector& bytes) {
  ByteReader reader{bytes};
  reader.tagged_fields(ignore_tag);
  reader.expect_end();
  return reader.ok() ? "" : reader.error().text();
}

TEST(ByteWriter, WritesIntegersBigEndian) {
  ByteVector bytes;
  ByteWriter writer{bytes};
  writer.integer(std::int8_t{-1});
  writer.integer(std::int16_t{0x0102});
  writer.integer(std::int32_t{-2});
  writer.integer(std::int64_t{0x0102'0304'0506'0708});
  EXPECT_EQ(bytes, (ByteVector{0xFF, 0x01, 0x02, 0xFF, 0xFF, 0xFF, 0xFE, 0x01, 0x02, 0x03, 0x04,
                               0x05, 0x06, 0x07, 0x08}));
}

TEST(ByteWriter, ALengthOfNullIsMinusOneOrInCompactFormZero) {
  EXPECT_EQ(length(LengthPrefix::Int16, 3), (ByteVector{0x00, 0x03}));
  EXPECT_EQ(length(LengthPrefix::Int32, 3), (ByteVector{0x00, 0x00, 0x00, 0x03}));
  EXPECT_EQ(length(LengthPrefix::Compact, 3), (ByteVector{0x04}));
  EXPECT_EQ(length(LengthPrefix::Compact, 127), (ByteVector{0x80, 0x01}));
  EXPECT_EQ(length(LengthPrefix::Int16, std::nullopt), (ByteVector{0xFF, 0xFF}));
  EXPECT_EQ(length(LengthPrefix::Int32, std::nullopt), (ByteVector{0xFF, 0xFF, 0xFF, 0xFF}));
  EXPECT_EQ(length(LengthPrefix::Compact, std::nullopt), (ByteVector{0x00}));
}

TEST(ByteWriter, AStringOfMoreThan32767BytesHasNoInt16Length) {
  EXPECT_EQ(length(LengthPrefix::Int16, 32'767), (ByteVector{0x7F, 0xFF}));
  EXPECT_THROW(length(LengthPrefix::Int16, 32'768), CheckFailure);
}

TEST(ByteReader, ReadsIntegersBigEndian) {
  const ByteVector bytes{0xFF, 0x01, 0x02, 0xFF, 0xFF, 0xFF, 0xFE};
  ByteReader reader{bytes};
  EXPECT_EQ(reader.integer<std::int8_t>(), -1);
  EXPECT_EQ(reader.integer<std::int16_t>(), 0x0102);
  EXPECT_EQ(reader.integer<std::int32_t>(), -2);
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_TRUE(reader.ok());
}

TEST(ByteReader, TellsTheFirstFailureAndReadsNothingAfterIt) {
  const ByteVector bytes{0x01, 0x02, 0x03};
  ByteReader reader{bytes};
  reader.integer<std::int8_t>();
  EXPECT_EQ(reader.integer<std::int32_t>(), 0);
  EXPECT_EQ(reader.integer<std::int8_t>(), 0);
  reader.fail("something later");
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error(), (DecodeError{"the bytes end within a number", 1}));
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(ByteReader, ALengthBeyondTheBytesThatRemainIsAnError) {
  const ByteVector exact{0x00, 0x02, 0x61, 0x62};
  ByteReader enough{exact};
  EXPECT_EQ(text_of(enough.bytes(LengthPrefix::Int16)), "ab");
  EXPECT_TRUE(enough.ok());

  const ByteVector bytes{0x7F, 0xFF, 0xFF, 0xFF, 0x61};
  ByteReader reader{bytes};
  EXPECT_EQ(reader.length(LengthPrefix::Int32), 0u);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().text(), "fewer bytes than announced at byte 4");
}

TEST(ByteReader, ALengthBelowThatOfNullIsAnError) {
  const ByteVector bytes{0xFF, 0xFE};
  ByteReader reader{bytes};
  reader.length(LengthPrefix::Int16);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().what, "a negative length");
}

TEST(ByteReader, NullIsAnErrorOnlyWhereItHasNoMeaning) {
  const ByteVector bytes{0x00, 0x00};
  ByteReader reader{bytes};
  EXPECT_EQ(reader.length(LengthPrefix::Compact), std::nullopt);
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.bytes(LengthPrefix::Compact).empty());
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().what, "null where a value must be");
}

TEST(ByteReader, SkipsTagsItDoesNotKnow) {
  EXPECT_EQ(complaint_about_tags({0x00}), "");
  EXPECT_EQ(complaint_about_tags({0x02, 0x00, 0x01, 0xAA, 0x05, 0x02, 0xBB, 0xCC}), "");
}

TEST(ByteReader, TagsMustAscend) {
  EXPECT_EQ(complaint_about_tags({0x02, 0x05, 0x00, 0x05, 0x00}), "tags out of order at byte 4");
}

TEST(ByteReader, ATagMustHoldAsManyBytesAsItSays) {
  EXPECT_EQ(complaint_about_tags({0x01, 0x00, 0x02, 0xAA}), "fewer bytes than announced at byte 3");

  const ByteVector bytes{0x01, 0x00, 0x03, 0x00, 0x07, 0xAA};
  ByteReader reader{bytes};
  reader.tagged_fields([](std::uint32_t, ByteReader& field) {
    EXPECT_EQ(field.integer<std::int16_t>(), 7);
    return true;
  });
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().text(), "bytes are left over at byte 5");
}

}  // namespace
}  // namespace linger::core::protocol_primitives_test
