#include "core/kafka_channel.h"

#include <utility>

#include "core/check.h"

namespace linger::core {

KafkaChannel KafkaChannel::connected(std::int32_t max_receive_size) {
  KafkaChannel channel{max_receive_size};
  channel.connect_ = Connect::Finished;
  channel.state_ = ChannelState::Ready;
  return channel;
}

void KafkaChannel::on_reset() {
  reset_ = true;
  arrived_.clear();
  read_ = 0;
}

bool KafkaChannel::is_readable() const {
  if (connect_ != Connect::Finished || muted_) return false;
  return unread() > Bytes{0} || end_of_stream_ || reset_;
}

bool KafkaChannel::is_writable() const {
  return is_ready() && has_send() && (room_ > Bytes{0} || reset_);
}

KafkaChannel::Failure KafkaChannel::finish_connect() {
  CHECK(is_connectable());
  if (connect_ == Connect::Failed) return "Connection refused";
  connect_ = Connect::Finished;
  state_ = is_ready() ? ChannelState::Ready : ChannelState::Authenticate;
  return std::nullopt;
}

KafkaChannel::ReadResult KafkaChannel::read() {
  CHECK(is_readable());
  if (reset_) return {Bytes{0}, "Connection reset by peer", ReadTrouble::InputOutput};
  if (unread() == Bytes{0}) return {Bytes{0}, "end of stream", ReadTrouble::InputOutput};
  const NetworkReceive::Read read = receive_.read_from(ByteSpan{arrived_}.subspan(read_));
  read_ += read.taken;
  if (read_ == arrived_.size()) {
    arrived_.clear();
    read_ = 0;
  }
  return {Bytes{static_cast<std::int64_t>(read.taken)}, read.error,
          read.error ? ReadTrouble::Unexpected : ReadTrouble::None};
}

std::optional<ByteVector> KafkaChannel::take_completed_receive() {
  if (!receive_.is_complete()) return std::nullopt;
  NetworkReceive complete = std::exchange(receive_, NetworkReceive{max_receive_size_});
  return std::move(complete).payload();
}

void KafkaChannel::set_send(NetworkSend send, BufferStore& store) {
  CHECK(!has_send());
  send_ = std::move(send);
  send_->hold_buffers(store);
}

KafkaChannel::WriteResult KafkaChannel::write(ByteVector& socket, BufferStore& store) {
  CHECK(is_writable());
  if (reset_) return {Bytes{0}, false, "Broken pipe"};
  const Bytes written = send_->write_to(socket, room_, store);
  room_ -= written;
  const bool completed = send_->is_complete();
  if (completed) send_.reset();
  return {written, completed, std::nullopt};
}

void KafkaChannel::cancel_send(BufferStore& store) {
  if (!send_) return;
  send_->cancel(store);
  send_.reset();
}

}  // namespace linger::core
