// One frame as it arrives: four bytes that tell the size, then so many bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/check.h"

namespace linger::core {

//   size (4 bytes, big-endian, signed) ──▶ body ──▶ complete
//
// Bytes may come in any portions. A read takes what belongs to this frame and no more: the next
// frame's bytes stay in the socket.
// In Kafka: NetworkReceive. Differs: no memory pool, which clients do not use.
class NetworkReceive {
 public:
  static constexpr std::int32_t kUnlimited = -1;

  explicit NetworkReceive(std::int32_t max_size = kUnlimited) : max_size_{max_size} {}

  // Takes bytes and returns how many, or says why the frame cannot be one. After that the
  // connection is of no use. Requires: !is_complete().
  struct Read {
    std::size_t taken = 0;
    std::optional<std::string> error;
  };
  Read read_from(ByteSpan bytes) {
    CHECK(!is_complete());
    Read read;
    read.taken = std::min(kSizeBytes - of_size_, bytes.size());
    std::copy_n(bytes.begin(), read.taken, size_bytes_.begin() + of_size_);
    of_size_ += read.taken;
    const std::optional<std::int32_t> size = announced_size();
    if (!size) return read;
    read.error = invalid(*size);
    if (!read.error) {
      read.taken += fill(body_, static_cast<std::size_t>(*size), bytes.subspan(read.taken));
    }
    return read;
  }

  bool is_complete() const {
    const std::optional<std::int32_t> size = announced_size();
    return size && body_.size() == static_cast<std::size_t>(*size);
  }
  bool has_begun() const { return of_size_ > 0; }
  // What the first four bytes say, once they are there; Kafka allocates as much at once.
  std::optional<std::int32_t> announced_size() const {
    if (of_size_ < kSizeBytes) return std::nullopt;
    return load<std::int32_t>(size_bytes_.data());
  }
  Bytes bytes_read() const { return Bytes{static_cast<std::int64_t>(of_size_ + body_.size())}; }

  // The frame without its size. Requires: is_complete().
  const ByteVector& payload() const& {
    CHECK(is_complete());
    return body_;
  }
  ByteVector payload() && {
    CHECK(is_complete());
    return std::move(body_);
  }

  friend bool operator==(const NetworkReceive&, const NetworkReceive&) = default;

 private:
  friend class StateWalk;

  static constexpr std::size_t kSizeBytes = 4;

  // Those that were read.
  ByteSpan size_bytes() const { return ByteSpan{size_bytes_}.first(of_size_); }

  static std::size_t fill(ByteVector& part, std::size_t full, ByteSpan bytes) {
    const std::size_t count = std::min(full - part.size(), bytes.size());
    part.insert(part.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }
  std::optional<std::string> invalid(std::int32_t size) const {
    const bool too_large = max_size_ != kUnlimited && size > max_size_;
    if (size >= 0 && !too_large) return std::nullopt;
    const std::string text = "Invalid receive (size = " + std::to_string(size);
    return text + (size < 0 ? ")" : " larger than " + std::to_string(max_size_) + ")");
  }

  std::int32_t max_size_;
  std::array<Byte, kSizeBytes> size_bytes_{};
  std::size_t of_size_ = 0;  // how many of them were read
  ByteVector body_;
};

}  // namespace linger::core
