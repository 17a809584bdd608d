#include "core/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#define LINGER_CRC32C_HARDWARE 1
#include <nmmintrin.h>
#endif

namespace linger::core {
namespace {

// A checksum's state is a polynomial over bits, the highest power in the lowest bit; `state >> 1`
// multiplies it by x, modulo this one.
constexpr std::uint32_t kPolynomial = 0x82F63B78;

constexpr std::uint32_t times_x(std::uint32_t state) {
  return (state >> 1) ^ (state & 1 ? kPolynomial : 0);
}

using Table = std::array<std::uint32_t, 256>;

// Table k tells what a byte does to the state once k more bytes have passed.
constexpr std::array<Table, 8> make_byte_tables() {
  std::array<Table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t state = byte;
    for (Table& table : tables) {
      for (int bit = 0; bit < 8; ++bit) state = times_x(state);
      table[byte] = state;
    }
  }
  return tables;
}
constexpr std::array<Table, 8> kByteTables = make_byte_tables();

std::uint32_t step(std::uint32_t state, Byte byte) {
  return kByteTables[0][(state ^ byte) & 0xFF] ^ (state >> 8);
}

std::uint32_t little_endian_32(const Byte* at) {
  return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 |
         std::uint32_t{at[3]} << 24;
}

// Eight bytes at a time, each through its own table.
std::uint32_t run_by_table(std::uint32_t state, const Byte* at, std::size_t size) {
  for (; size >= 8; at += 8, size -= 8) {
    const std::uint32_t low = state ^ little_endian_32(at);
    const std::uint32_t high = little_endian_32(at + 4);
    state = kByteTables[7][low & 0xFF] ^ kByteTables[6][low >> 8 & 0xFF] ^
            kByteTables[5][low >> 16 & 0xFF] ^ kByteTables[4][low >> 24] ^
            kByteTables[3][high & 0xFF] ^ kByteTables[2][high >> 8 & 0xFF] ^
            kByteTables[1][high >> 16 & 0xFF] ^ kByteTables[0][high >> 24];
  }
  for (; size > 0; ++at, --size) state = step(state, *at);
  return state;
}

#ifdef LINGER_CRC32C_HARDWARE

// What so many zero bytes do to a state: four tables, one for each of its bytes.
using ShiftTables = std::array<Table, 4>;

constexpr ShiftTables make_shift_tables(std::size_t zero_bytes) {
  ShiftTables tables{};
  for (std::size_t bit = 0; bit < 32; ++bit) {
    std::uint32_t state = std::uint32_t{1} << bit;
    for (std::size_t i = 0; i < zero_bytes; ++i) {
      state = kByteTables[0][state & 0xFF] ^ (state >> 8);
    }
    // The tables are linear: an entry is the sum of what its bits do.
    Table& table = tables[bit / 8];
    const std::size_t value = std::size_t{1} << bit % 8;
    for (std::size_t lower = 0; lower < value; ++lower) table[value + lower] = table[lower] ^ state;
  }
  return tables;
}

template <std::size_t kZeroBytes>
std::uint32_t shift(std::uint32_t state) {
  static constexpr ShiftTables kTables = make_shift_tables(kZeroBytes);
  return kTables[0][state & 0xFF] ^ kTables[1][state >> 8 & 0xFF] ^ kTables[2][state >> 16 & 0xFF] ^
         kTables[3][state >> 24];
}

std::uint64_t word_at(const Byte* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// The instruction gives its answer three cycles late but takes a new word in each, so three blocks
// that stand behind one another run side by side and are joined afterwards.
template <std::size_t kBlock>
__attribute__((target("sse4.2"))) std::uint64_t run_three_blocks(std::uint64_t a, const Byte* at) {
  std::uint64_t b = 0;
  std::uint64_t c = 0;
  for (std::size_t i = 0; i < kBlock; i += 8) {
    a = _mm_crc32_u64(a, word_at(at + i));
    b = _mm_crc32_u64(b, word_at(at + i + kBlock));
    c = _mm_crc32_u64(c, word_at(at + i + 2 * kBlock));
  }
  const std::uint32_t ab =
      shift<kBlock>(static_cast<std::uint32_t>(a)) ^ static_cast<std::uint32_t>(b);
  return shift<kBlock>(ab) ^ c;
}

__attribute__((target("sse4.2"))) std::uint32_t run_by_instruction(std::uint32_t state,
                                                                   const Byte* at,
                                                                   std::size_t size) {
  constexpr std::size_t kLong = 1024;
  constexpr std::size_t kShort = 128;
  std::uint64_t a = state;
  for (; size >= 3 * kLong; at += 3 * kLong, size -= 3 * kLong) a = run_three_blocks<kLong>(a, at);
  for (; size >= 3 * kShort; at += 3 * kShort, size -= 3 * kShort) {
    a = run_three_blocks<kShort>(a, at);
  }
  for (; size >= 8; at += 8, size -= 8) a = _mm_crc32_u64(a, word_at(at));
  auto narrow = static_cast<std::uint32_t>(a);
  for (; size > 0; ++at, --size) narrow = _mm_crc32_u8(narrow, *at);
  return narrow;
}

#endif

}  // namespace

std::uint32_t crc32c_extend_by_table(std::uint32_t crc, ByteSpan bytes) {
  return ~run_by_table(~crc, bytes.data(), bytes.size());
}

std::uint32_t crc32c_extend(std::uint32_t crc, ByteSpan bytes) {
#ifdef LINGER_CRC32C_HARDWARE
  if (__builtin_cpu_supports("sse4.2")) {
    return ~run_by_instruction(~crc, bytes.data(), bytes.size());
  }
#endif
  return crc32c_extend_by_table(crc, bytes);
}

}  // namespace linger::core
