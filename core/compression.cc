#include "core/compression.h"

#include <lz4.h>
#include <lz4frame.h>
#include <lz4hc.h>
#include <snappy-c.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "core/byte_writer.h"
#include "core/check.h"

namespace linger::core {
namespace {

DecodeError not_a_stream_of(std::string_view codec) {
  return {"not a " + std::string{codec} + " stream", 0};
}
DecodeError too_much() {
  return {"more than may be uncompressed", 0};
}

const char* chars(const Byte* bytes) {
  return reinterpret_cast<const char*>(bytes);
}
char* chars(Byte* bytes) {
  return reinterpret_cast<char*>(bytes);
}

void put(ByteVector& out, ByteSpan bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// Grows `out` for a decoder that does not know how much is to come. False at the limit.
constexpr std::size_t kChunk = 65'536;
bool make_room(ByteVector& out, std::size_t used, std::size_t limit) {
  if (out.size() > used) return true;
  if (used >= limit) return false;
  out.resize(std::min(limit, std::max(used * 2, kChunk)));
  return true;
}

// --- gzip ---

// The header of java.util.zip.GZIPOutputStream: no name, no time, no system known.
constexpr std::array<Byte, 10> kGzipHeader{0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF};
constexpr int kRawDeflate = -MAX_WBITS;
constexpr int kGzipWrapped = MAX_WBITS + 16;
constexpr int kDefaultMemory = 8;

void put_little_endian(ByteVector& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<Byte>(value >> shift));
}

ByteVector gzip(int level, ByteSpan bytes) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, level, Z_DEFLATED, kRawDeflate, kDefaultMemory, Z_DEFAULT_STRATEGY) ==
        Z_OK);
  ByteVector out{kGzipHeader.begin(), kGzipHeader.end()};
  const std::size_t header = out.size();
  out.resize(header + deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = const_cast<Byte*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data() + header;
  stream.avail_out = static_cast<uInt>(out.size() - header);
  const int result = deflate(&stream, Z_FINISH);
  const std::size_t size = stream.total_out;
  deflateEnd(&stream);
  CHECK(result == Z_STREAM_END);
  out.resize(header + size);
  put_little_endian(out, static_cast<std::uint32_t>(crc32_z(0, bytes.data(), bytes.size())));
  put_little_endian(out, static_cast<std::uint32_t>(bytes.size()));
  return out;
}

Decoded<ByteVector> gunzip(ByteSpan bytes, std::size_t limit) {
  z_stream stream{};
  CHECK(inflateInit2(&stream, kGzipWrapped) == Z_OK);
  stream.next_in = const_cast<Byte*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  ByteVector out;
  int result = Z_OK;
  while (result == Z_OK && make_room(out, stream.total_out, limit)) {
    stream.next_out = out.data() + stream.total_out;
    stream.avail_out = static_cast<uInt>(out.size() - stream.total_out);
    result = inflate(&stream, Z_NO_FLUSH);
  }
  const std::size_t size = stream.total_out;
  const bool is_whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (result == Z_OK) return too_much();
  if (!is_whole) return not_a_stream_of("gzip");
  out.resize(size);
  return out;
}

// --- snappy ---

// Of org.xerial.snappy: a magic that is no text, and version 1, compatible with version 1.
constexpr std::array<Byte, 16> kSnappyHeader{0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0,
                                             0,    0,   0,   1,   0,   0,   0,   1};
constexpr std::size_t kSnappyMagic = 8;

ByteVector snap(Bytes block_size, ByteSpan bytes) {
  ByteVector out{kSnappyHeader.begin(), kSnappyHeader.end()};
  while (!bytes.empty()) {
    const ByteSpan block =
        bytes.first(std::min(bytes.size(), static_cast<std::size_t>(block_size.count())));
    ByteVector compressed(snappy_max_compressed_length(block.size()));
    std::size_t size = compressed.size();
    CHECK(snappy_compress(chars(block.data()), block.size(), chars(compressed.data()), &size) ==
          SNAPPY_OK);
    ByteWriter{out}.integer(static_cast<std::int32_t>(size));
    put(out, ByteSpan{compressed}.first(size));
    bytes = bytes.subspan(block.size());
  }
  return out;
}

// Appends the block's content. False if it is none, or too much.
bool unsnap_block(ByteSpan block, std::size_t limit, ByteVector& out) {
  std::size_t size = 0;
  if (snappy_uncompressed_length(chars(block.data()), block.size(), &size) != SNAPPY_OK) {
    return false;
  }
  if (size > limit - out.size()) return false;
  const std::size_t before = out.size();
  out.resize(before + size);
  return snappy_uncompress(chars(block.data()), block.size(), chars(out.data() + before), &size) ==
         SNAPPY_OK;
}

// Some clients write one bare block.
Decoded<ByteVector> unsnap(ByteSpan bytes, std::size_t limit) {
  ByteVector out;
  const bool is_framed =
      bytes.size() >= kSnappyHeader.size() &&
      std::equal(kSnappyHeader.begin(), kSnappyHeader.begin() + kSnappyMagic, bytes.begin());
  if (!is_framed) {
    if (!unsnap_block(bytes, limit, out)) return not_a_stream_of("snappy");
    return out;
  }
  ByteReader blocks{bytes.subspan(kSnappyHeader.size())};
  while (blocks.ok() && blocks.remaining() > 0) {
    const ByteSpan block = blocks.bytes(LengthPrefix::Int32);
    if (blocks.ok() && !unsnap_block(block, limit, out)) blocks.fail("not a snappy block");
  }
  if (!blocks.ok()) return blocks.error();
  return out;
}

// --- lz4 ---

// The magic, blocks that are independent and of 64 KiB, and a byte of the checksum of those two
// settings; in format v0, of the magic and them.
constexpr std::array<Byte, 7> kLz4Header{0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82};
constexpr Byte kBrokenLz4Checksum = 0x1A;
constexpr std::size_t kLz4Block = 65'536;
constexpr std::uint32_t kLz4Stored = 0x8000'0000;  // the block did not get smaller

ByteVector lz4(int level, Magic magic, ByteSpan bytes) {
  ByteVector out{kLz4Header.begin(), kLz4Header.end()};
  if (magic == Magic::V0) out.back() = kBrokenLz4Checksum;
  ByteVector compressed(static_cast<std::size_t>(LZ4_compressBound(kLz4Block)));
  const int capacity = static_cast<int>(compressed.size());
  while (!bytes.empty()) {
    const ByteSpan block = bytes.first(std::min(bytes.size(), kLz4Block));
    const int length = static_cast<int>(block.size());
    char* to = chars(compressed.data());
    const int size = level == kDefaultLz4Level
                         ? LZ4_compress_default(chars(block.data()), to, length, capacity)
                         : LZ4_compress_HC(chars(block.data()), to, length, capacity, level);
    CHECK(size > 0);
    const bool is_stored = size >= length;
    const ByteSpan content =
        is_stored ? block : ByteSpan{compressed}.first(static_cast<std::size_t>(size));
    const auto content_size = static_cast<std::uint32_t>(content.size());
    put_little_endian(out, content_size | (is_stored ? kLz4Stored : 0));
    put(out, content);
    bytes = bytes.subspan(block.size());
  }
  put_little_endian(out, 0);
  return out;
}

struct FreeLz4 {
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

Decoded<ByteVector> unlz4(Magic magic, ByteSpan bytes, std::size_t limit) {
  ByteVector mended;
  if (magic == Magic::V0 && bytes.size() >= kLz4Header.size()) {
    mended.assign(bytes.begin(), bytes.end());
    if (mended[kLz4Header.size() - 1] == kBrokenLz4Checksum) {
      mended[kLz4Header.size() - 1] = kLz4Header.back();
    }
    bytes = mended;
  }
  LZ4F_dctx* created = nullptr;
  CHECK(LZ4F_isError(LZ4F_createDecompressionContext(&created, LZ4F_VERSION)) == 0);
  const std::unique_ptr<LZ4F_dctx, FreeLz4> context{created};
  ByteVector out;
  std::size_t used = 0;
  std::size_t wanted = 1;
  while (wanted != 0) {
    if (!make_room(out, used, limit)) return too_much();
    std::size_t room = out.size() - used;
    std::size_t taken = bytes.size();
    wanted =
        LZ4F_decompress(context.get(), out.data() + used, &room, bytes.data(), &taken, nullptr);
    if (LZ4F_isError(wanted) != 0) return not_a_stream_of("lz4");
    if (room == 0 && taken == 0) return not_a_stream_of("lz4");  // it is cut off
    used += room;
    bytes = bytes.subspan(taken);
  }
  if (!bytes.empty()) return not_a_stream_of("lz4");
  out.resize(used);
  return out;
}

// --- zstd ---

struct FreeZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// In two calls: had the library seen the end at once, it would have noted the size in the frame,
// which a stream cannot.
ByteVector zstd(int level, ByteSpan bytes) {
  const std::unique_ptr<ZSTD_CCtx, FreeZstd> context{ZSTD_createCCtx()};
  CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level)) == 0);
  ByteVector out(ZSTD_compressBound(bytes.size()) + 64);
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  while (from.pos < from.size) {
    CHECK(ZSTD_isError(ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_continue)) == 0);
  }
  CHECK(ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_end) == 0);
  out.resize(to.pos);
  return out;
}

Decoded<ByteVector> unzstd(ByteSpan bytes, std::size_t limit) {
  const std::unique_ptr<ZSTD_DCtx, FreeZstd> context{ZSTD_createDCtx()};
  ByteVector out;
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  std::size_t used = 0;
  std::size_t wanted = 1;
  while (wanted != 0) {
    if (!make_room(out, used, limit)) return too_much();
    ZSTD_outBuffer to{out.data(), out.size(), used};
    const std::size_t before = from.pos;
    wanted = ZSTD_decompressStream(context.get(), &to, &from);
    if (ZSTD_isError(wanted) != 0) return not_a_stream_of("zstd");
    const bool went_on = to.pos > used || from.pos > before;
    if (wanted != 0 && !went_on) return not_a_stream_of("zstd");  // it is cut off
    used = to.pos;
  }
  if (from.pos != from.size) return not_a_stream_of("zstd");
  out.resize(used);
  return out;
}

}  // namespace

Compression compression_of(CompressionType type) {
  Compression compression{.type = type};
  if (type == CompressionType::Gzip) compression.level = kDefaultGzipLevel;
  if (type == CompressionType::Lz4) compression.level = kDefaultLz4Level;
  if (type == CompressionType::Zstd) compression.level = kDefaultZstdLevel;
  return compression;
}

ByteVector compress(const Compression& compression, Magic magic, ByteSpan bytes) {
  switch (compression.type) {
    case CompressionType::Gzip:
      return gzip(compression.level, bytes);
    case CompressionType::Snappy:
      return snap(compression.snappy_block, bytes);
    case CompressionType::Lz4:
      return lz4(compression.level, magic, bytes);
    case CompressionType::Zstd:
      return zstd(compression.level, bytes);
    case CompressionType::None:
      break;
  }
  CHECK(compression.type != CompressionType::None);
  return {};
}

Decoded<ByteVector> decompress(CompressionType type, Magic magic, ByteSpan stream,
                               std::size_t limit) {
  switch (type) {
    case CompressionType::Gzip:
      return gunzip(stream, limit);
    case CompressionType::Snappy:
      return unsnap(stream, limit);
    case CompressionType::Lz4:
      return unlz4(magic, stream, limit);
    case CompressionType::Zstd:
      return unzstd(stream, limit);
    case CompressionType::None:
      break;
  }
  return DecodeError{"no codec", 0};
}

std::string codec_version(CompressionType type) {
  switch (type) {
    case CompressionType::None:
      return "";
    case CompressionType::Gzip:
      return std::string{"zlib "} + zlibVersion();
    case CompressionType::Snappy:
      return "snappy " + std::to_string(SNAPPY_MAJOR) + "." + std::to_string(SNAPPY_MINOR) + "." +
             std::to_string(SNAPPY_PATCHLEVEL);
    case CompressionType::Lz4:
      return std::string{"lz4 "} + LZ4_versionString();
    case CompressionType::Zstd:
      return std::string{"zstd "} + ZSTD_versionString();
  }
  return "";
}

}  // namespace linger::core
