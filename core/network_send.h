// One frame as it leaves.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/id.h"

namespace linger::core {

// The first `size` bytes of a buffer of the pool, as they are when they are written.
struct BufferSlice {
  BufferId buffer;
  Bytes size;
  friend bool operator==(const BufferSlice&, const BufferSlice&) = default;
};
using SendPiece = std::variant<ByteVector, BufferSlice>;

// A frame in pieces. Records are not copied into it: they are read from their buffers when the
// socket takes them, so that a buffer given to another batch too early puts that one's bytes on the
// wire (KAFKA-19012).
//
// Invariant: it is a reader of each buffer it names, from hold_buffers() until it is written or
// cancelled.
// In Kafka: NetworkSend.
class NetworkSend {
 public:
  NetworkSend() = default;
  explicit NetworkSend(std::vector<SendPiece> pieces) : pieces_{std::move(pieces)} {
    for (const SendPiece& piece : pieces_) size_ += size_of(piece);
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
    while (room > Bytes{0} && !is_complete()) room -= write_piece(socket, room, store);
    if (is_complete()) cancel(store);
    return written_ - before;
  }

  // Lets the buffers go; what is not written will never be.
  void cancel(BufferStore& store) {
    for_each_buffer([&store](BufferId buffer) { store.remove_reader(buffer); });
    pieces_.clear();
  }

  friend bool operator==(const NetworkSend&, const NetworkSend&) = default;

 private:
  friend class StateWalk;

  static Bytes size_of(const SendPiece& piece) {
    if (const auto* slice = std::get_if<BufferSlice>(&piece)) return slice->size;
    return Bytes{static_cast<std::int64_t>(std::get<ByteVector>(piece).size())};
  }

  // At once for all pieces.
  static void make_room(ByteVector& socket, std::size_t count) {
    const std::size_t full = socket.size() + count;
    if (full > socket.capacity()) socket.reserve(full);
  }

  Bytes write_piece(ByteVector& socket, Bytes room, const BufferStore& store) {
    const SendPiece& piece = pieces_[piece_];
    const Bytes count = std::min(room, size_of(piece) - written_of_piece_);
    const auto* slice = std::get_if<BufferSlice>(&piece);
    append(socket, slice ? store.bytes(slice->buffer) : std::get<ByteVector>(piece),
           static_cast<std::size_t>(written_of_piece_.count()),
           static_cast<std::size_t>(count.count()));
    written_ += count;
    written_of_piece_ += count;
    if (written_of_piece_ == size_of(piece)) {
      ++piece_;
      written_of_piece_ = Bytes{0};
    }
    return count;
  }

  // Past the end of what a buffer holds now there are zeros: its memory is as long as ever.
  static void append(ByteVector& socket, const ByteVector& from, std::size_t offset,
                     std::size_t count) {
    const std::size_t begin = std::min(offset, from.size());
    const std::size_t end = std::min(offset + count, from.size());
    const std::size_t full = socket.size() + count;
    socket.insert(socket.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
                  from.begin() + static_cast<std::ptrdiff_t>(end));
    socket.resize(full);
  }

  template <class Visit>
  void for_each_buffer(Visit visit) const {
    for (const SendPiece& piece : pieces_) {
      if (const auto* slice = std::get_if<BufferSlice>(&piece)) visit(slice->buffer);
    }
  }

  std::vector<SendPiece> pieces_;
  Bytes size_;
  Bytes written_;
  std::size_t piece_ = 0;
  Bytes written_of_piece_;
};

}  // namespace linger::core
