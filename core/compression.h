// The codecs, in the framings that Kafka's clients write and read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/byte_reader.h"
#include "core/bytes.h"

namespace linger::core {

// By the numbers that a batch's attributes have for them. zstd came with 2.1 (KIP-110).
enum class CompressionType : std::uint8_t { None, Gzip, Snappy, Lz4, Zstd };

inline constexpr int kCodecCount = 5;

// The record format of a batch: how much of what follows it decides is said where it matters.
enum class Magic : std::int8_t { V0 = 0, V1 = 1, V2 = 2 };

// A codec and how it is set.
//
//   gzip     Java's header of 10 bytes, deflate, a trailer of 8
//   snappy   the stream of snappy-java: a header of 16 bytes, then blocks, each behind its length
//   lz4      an LZ4 frame of independent blocks of 64 KiB; where the format is v0 the header's
//            checksum is that of more bytes than it should be, as old clients expect
//   zstd     one frame, which does not tell its content's size
//
// In Kafka: Compression (3.9), CompressionType. The same bytes as Kafka's only where the library
// has the version that the JVM's has: sizes of compressed batches differ by some bytes between
// versions.
struct Compression {
  CompressionType type = CompressionType::None;
  // compression.gzip.level, compression.lz4.level, compression.zstd.level (KIP-390). lz4's 9 stands
  // for its fast compressor, which has no levels; snappy has none.
  std::int32_t level = -1;
  Bytes snappy_block{32'768};  // 1 KiB before 0.11 (KAFKA-5236)
  friend bool operator==(const Compression&, const Compression&) = default;
};

inline constexpr std::int32_t kDefaultGzipLevel = -1;
inline constexpr std::int32_t kDefaultLz4Level = 9;
inline constexpr std::int32_t kDefaultZstdLevel = 3;

// A codec as it is by default.
Compression compression_of(CompressionType type);

// One whole stream of these bytes. Requires: a codec.
ByteVector compress(const Compression& compression, Magic magic, ByteSpan bytes);

// The other direction, for whatever a client may have written. Nothing may stand behind the stream,
// and it holds no more than `limit` bytes: a few bytes can stand for very many.
inline constexpr std::size_t kLargestUncompressed = std::size_t{256} << 20;
Decoded<ByteVector> decompress(CompressionType type, Magic magic, ByteSpan stream,
                               std::size_t limit = kLargestUncompressed);

// The library and its version: "zlib 1.2.13". Empty without a codec.
std::string codec_version(CompressionType type);

}  // namespace linger::core
