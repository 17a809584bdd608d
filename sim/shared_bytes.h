// Bytes that nobody changes any more, shared by everyone who holds them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "core/bytes.h"
#include "core/check.h"

namespace linger::sim {

// A chunk, or a part of one. Copying it, or taking a part, costs a reference count.
class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(core::ByteVector bytes)
      : chunk_{std::make_shared<const core::ByteVector>(std::move(bytes))}, size_{chunk_->size()} {}

  core::ByteSpan span() const {
    if (chunk_ == nullptr) return {};
    return core::ByteSpan{*chunk_}.subspan(begin_, size_);
  }
  core::Bytes size() const { return core::Bytes{static_cast<std::int64_t>(size_)}; }
  bool is_empty() const { return size_ == 0; }

  // Requires: begin + size <= size().
  SharedBytes part(std::size_t begin, std::size_t size) const {
    CHECK(begin <= size_ && size <= size_ - begin);
    SharedBytes part = *this;
    part.begin_ += begin;
    part.size_ = size;
    return part;
  }

  // Compares what the bytes are, not where.
  friend bool operator==(const SharedBytes& a, const SharedBytes& b) {
    return std::equal(a.span().begin(), a.span().end(), b.span().begin(), b.span().end());
  }

 private:
  std::shared_ptr<const core::ByteVector> chunk_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace linger::sim
