// One frame as it leaves.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/id.h"

namespace linger::core {

// The first `size` bytes of a buffer of the pool, as they are when they are written; behind the
// first `at` of a frame's own bytes.
struct BufferSlice {
  BufferId buffer;
  Bytes size;
  std::size_t at = 0;
  friend bool operator==(const BufferSlice&, const BufferSlice&) = default;
};

// A frame. Records are not copied into it: they are read from their buffers when the socket takes
// them, so that a buffer given to another batch too early puts that one's bytes on the wire
// (KAFKA-19012).
//
// Invariant: it is a reader of each buffer it names, from hold_buffers() until it is written or
// cancelled.
// In Kafka: NetworkSend.
class NetworkSend {
 public:
  NetworkSend() = default;
  // Requires: the slices come in the order in which they stand in the frame.
  explicit NetworkSend(ByteVector own, std::vector<BufferSlice> slices = {})
      : own_{std::move(own)}, slices_{std::move(slices)}, size_{count_of(own_.size())} {
    for (const BufferSlice& slice : slices_) size_ += slice.size;
  }

  Bytes size() const { return size_; }
  Bytes remaining() const { return size_ - written_; }
  bool is_complete() const { return written_ == size_; }

  void hold_buffers(BufferStore& store) {
    for_each_buffer([&store](BufferId buffer) { store.add_reader(buffer); });
  }

  // Appends at most `room` bytes to `socket` and returns how many. Lets the buffers go with the
  // last.
  Bytes write_to(ByteVector& socket, Bytes room, BufferStore& store) {
    CHECK(!is_complete() || size_ == Bytes{0});
    const Bytes before = written_;
    make_room(socket, static_cast<std::size_t>(std::min(room, remaining()).count()));
    while (room > Bytes{0} && !is_complete()) {
      const Bytes count = write_some(socket, room, store);
      written_ += count;
      room -= count;
    }
    if (is_complete()) cancel(store);
    return written_ - before;
  }

  // Lets the buffers go; what is not written will never be.
  void cancel(BufferStore& store) {
    for_each_buffer([&store](BufferId buffer) { store.remove_reader(buffer); });
    own_.clear();
    slices_.clear();
  }

  friend bool operator==(const NetworkSend&, const NetworkSend&) = default;

 private:
  friend class StateWalk;

  static Bytes count_of(std::size_t count) { return Bytes{static_cast<std::int64_t>(count)}; }

  // At once for all that is written.
  static void make_room(ByteVector& socket, std::size_t count) {
    const std::size_t full = socket.size() + count;
    if (full > socket.capacity()) socket.reserve(full);
  }

  // From where the last one stopped, to the end of a slice or to the beginning of one.
  Bytes write_some(ByteVector& socket, Bytes room, const BufferStore& store) {
    const std::size_t own_end = slice_ < slices_.size() ? slices_[slice_].at : own_.size();
    if (written_of_own_ < own_end) {
      const Bytes count = std::min(room, count_of(own_end - written_of_own_));
      append(socket, own_, written_of_own_, static_cast<std::size_t>(count.count()));
      written_of_own_ += static_cast<std::size_t>(count.count());
      return count;
    }
    const BufferSlice& slice = slices_[slice_];
    const Bytes count = std::min(room, slice.size - written_of_slice_);
    append(socket, store.bytes(slice.buffer), static_cast<std::size_t>(written_of_slice_.count()),
           static_cast<std::size_t>(count.count()));
    written_of_slice_ += count;
    if (written_of_slice_ == slice.size) {
      ++slice_;
      written_of_slice_ = Bytes{0};
    }
    return count;
  }

  // Past the end of what a buffer holds now there are zeros: its memory is as long as ever.
  static void append(ByteVector& socket, const ByteVector& from, std::size_t offset,
                     std::size_t count) {
    const std::size_t begin = std::min(offset, from.size());
    const std::size_t end = std::min(offset + count, from.size());
    socket.insert(socket.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
                  from.begin() + static_cast<std::ptrdiff_t>(end));
    if (end - begin < count) [[unlikely]]
      socket.resize(socket.size() + count - (end - begin));
  }

  template <class Visit>
  void for_each_buffer(Visit visit) const {
    for (const BufferSlice& slice : slices_) visit(slice.buffer);
  }

  ByteVector own_;
  std::vector<BufferSlice> slices_;
  Bytes size_;
  Bytes written_;
  std::size_t written_of_own_ = 0;
  std::size_t slice_ = 0;  // the next one, or the one that is being written
  Bytes written_of_slice_;
};

}  // namespace linger::core
