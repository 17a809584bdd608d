#include "core/compression.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "core/byte_writer.h"
#include "support/hex.h"
#include "support/noise.h"

namespace linger::core::compression_test {
namespace {

constexpr CompressionType kCodecs[] = {CompressionType::Gzip, CompressionType::Snappy,
                                       CompressionType::Lz4, CompressionType::Zstd};

ByteVector zeros(std::size_t size) {
  return ByteVector(size);
}

ByteVector compressed(CompressionType type, ByteSpan bytes, Magic magic = Magic::V2) {
  return compress(compression_of(type), magic, bytes);
}

std::string beginning(const ByteVector& bytes, std::size_t size) {
  return hex_of(ByteSpan{bytes}.first(size));
}

class EveryCodec : public ::testing::TestWithParam<CompressionType> {};
INSTANTIATE_TEST_SUITE_P(Codecs, EveryCodec, ::testing::ValuesIn(kCodecs));

TEST_P(EveryCodec, GivesBackWhatItGot) {
  for (const std::size_t size : {0u, 1u, 100u, 1'024u, 32'768u, 65'536u, 65'537u, 300'000u}) {
    for (const ByteVector& bytes : {zeros(size), noise(size)}) {
      const auto back = decompress(GetParam(), Magic::V2, compressed(GetParam(), bytes));
      ASSERT_TRUE(back.ok()) << size << ": " << back.error().text();
      EXPECT_TRUE(*back == bytes) << size;
    }
  }
}

TEST_P(EveryCodec, MakesZerosSmall) {
  EXPECT_LT(compressed(GetParam(), zeros(32'768)).size(), 2'000u);
}

TEST_P(EveryCodec, RefusesAStreamThatIsCutOff) {
  const ByteVector stream = compressed(GetParam(), noise(200));
  for (std::size_t size = 1; size < stream.size(); ++size) {
    const bool is_whole_block = GetParam() == CompressionType::Snappy && size == 16;
    if (is_whole_block) continue;  // the header alone is an empty stream
    EXPECT_FALSE(decompress(GetParam(), Magic::V2, ByteSpan{stream}.first(size)).ok()) << size;
  }
}

TEST_P(EveryCodec, RefusesWhatIsNoStream) {
  EXPECT_FALSE(decompress(GetParam(), Magic::V2, bytes_of("certainly not a stream")).ok());
}

TEST_P(EveryCodec, RefusesBytesBehindTheStream) {
  ByteVector stream = compressed(GetParam(), zeros(100));
  stream.push_back(0);
  EXPECT_FALSE(decompress(GetParam(), Magic::V2, stream).ok());
}

TEST_P(EveryCodec, StopsAtTheLimit) {
  const ByteVector stream = compressed(GetParam(), zeros(200'000));
  EXPECT_TRUE(decompress(GetParam(), Magic::V2, stream, 200'001).ok());
  EXPECT_FALSE(decompress(GetParam(), Magic::V2, stream, 199'999).ok());
}

TEST_P(EveryCodec, TellsItsLibrarysVersion) {
  EXPECT_NE(codec_version(GetParam()).find(' '), std::string::npos);
}

// --- Framings ---

TEST(Gzip, BeginsAsInJavaAndEndsWithChecksumAndSize) {
  const ByteVector stream = compressed(CompressionType::Gzip, bytes_of("hello"));
  EXPECT_EQ(beginning(stream, 10), "1f8b08000000000000ff");
  EXPECT_EQ(hex_of(ByteSpan{stream}.last(8)), "86a6103605000000");
}

TEST(Gzip, WorksHarderAtAHigherLevel) {
  ByteVector text;
  for (int i = 0; i < 2'000; ++i) {
    for (const char c : std::to_string(i * i)) text.push_back(static_cast<Byte>(c));
  }
  Compression fast = compression_of(CompressionType::Gzip);
  fast.level = 1;
  Compression best = fast;
  best.level = 9;
  EXPECT_LT(compress(best, Magic::V2, text).size(), compress(fast, Magic::V2, text).size());
}

TEST(Snappy, IsWrittenInBlocksBehindTheHeaderOfSnappyJava) {
  const ByteVector stream = compressed(CompressionType::Snappy, zeros(32'769));
  EXPECT_EQ(beginning(stream, 16), "82534e41505059000000000100000001");
  const auto first = static_cast<std::size_t>(load<std::int32_t>(stream.data() + 16));
  EXPECT_EQ(load<std::int32_t>(stream.data() + 20 + first), 3) << "the last byte alone";
  EXPECT_EQ(stream.size(), 20 + first + 4 + 3);
}

TEST(Snappy, HadSmallerBlocksBefore011) {
  Compression old = compression_of(CompressionType::Snappy);
  old.snappy_block = Bytes{1'024};
  const ByteVector stream = compress(old, Magic::V1, zeros(16'384));
  EXPECT_GT(stream.size(), compressed(CompressionType::Snappy, zeros(16'384)).size());
  EXPECT_TRUE(*decompress(CompressionType::Snappy, Magic::V1, stream) == zeros(16'384));
}

TEST(Snappy, ABareBlockIsRead) {
  const ByteVector bare = from_hex(
      "0100"
      "61");  // one byte: the literal "a"
  EXPECT_EQ(*decompress(CompressionType::Snappy, Magic::V2, bare), (ByteVector{'a'}));
}

TEST(Lz4, IsAFrameOfIndependentBlocksOf64KiB) {
  const ByteVector stream = compressed(CompressionType::Lz4, noise(65'537));
  EXPECT_EQ(beginning(stream, 7), "04224d18604082");
  EXPECT_EQ(hex_of(ByteSpan{stream}.subspan(7, 4)), "00000180") << "65536 bytes, as they are";
  EXPECT_EQ(hex_of(ByteSpan{stream}.subspan(7 + 4 + 65'536, 4)), "01000080");
  EXPECT_EQ(hex_of(ByteSpan{stream}.last(4)), "00000000");
  EXPECT_EQ(stream.size(), 7u + 4 + 65'536 + 4 + 1 + 4);
}

TEST(Lz4, OldClientsExpectAHeaderChecksumThatIsWrong) {
  const ByteVector stream = compressed(CompressionType::Lz4, zeros(100), Magic::V0);
  EXPECT_EQ(beginning(stream, 7), "04224d1860401a");
  EXPECT_TRUE(decompress(CompressionType::Lz4, Magic::V0, stream).ok());
  EXPECT_FALSE(decompress(CompressionType::Lz4, Magic::V1, stream).ok());
}

TEST(Lz4, ALevelOtherThanTheDefaultTakesTheOtherCompressor) {
  ByteVector text;
  for (int i = 0; i < 2'000; ++i) {
    for (const char c : std::to_string(i * 37 % 1'000)) text.push_back(static_cast<Byte>(c));
  }
  Compression best = compression_of(CompressionType::Lz4);
  best.level = 12;
  EXPECT_LT(compress(best, Magic::V2, text).size(), compressed(CompressionType::Lz4, text).size());
}

TEST(Zstd, DoesNotTellTheSizeOfItsContent) {
  const ByteVector stream = compressed(CompressionType::Zstd, zeros(100));
  EXPECT_EQ(beginning(stream, 4), "28b52ffd");
  EXPECT_EQ(stream[4] & 0xE0, 0) << "the size's flags: neither a size nor a single segment";
}

}  // namespace
}  // namespace linger::core::compression_test
