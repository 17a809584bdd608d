// Amounts of bytes as a type, and byte strings.
#pragma once

#include <compare>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linger::core {

// A number of bytes. Adds, subtracts, compares, and no more.
class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr explicit Bytes(std::int64_t count) : count_{count} {}
  constexpr std::int64_t count() const { return count_; }

  friend constexpr Bytes operator+(Bytes a, Bytes b) { return Bytes{a.count_ + b.count_}; }
  friend constexpr Bytes operator-(Bytes a, Bytes b) { return Bytes{a.count_ - b.count_}; }
  constexpr Bytes& operator+=(Bytes other) { return *this = *this + other; }
  constexpr Bytes& operator-=(Bytes other) { return *this = *this - other; }
  friend constexpr auto operator<=>(Bytes, Bytes) = default;
  friend std::ostream& operator<<(std::ostream& os, Bytes bytes) { return os << bytes.count_; }

 private:
  std::int64_t count_ = 0;
};

using Byte = std::uint8_t;
using ByteVector = std::vector<Byte>;
using ByteSpan = std::span<const Byte>;

inline ByteSpan bytes_of(std::string_view text) {
  return {reinterpret_cast<const Byte*>(text.data()), text.size()};
}
inline std::string text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace linger::core
