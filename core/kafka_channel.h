// One connection to a broker, as the client sees its socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/id.h"
#include "core/network_receive.h"
#include "core/network_send.h"
#include "core/time.h"

namespace linger::core {

// How far a connection came, or why it ended. In Kafka: ChannelState.
enum class ChannelState {
  NotConnected,
  Authenticate,
  AuthenticationFailed,
  Ready,
  Expired,
  FailedSend,
  LocalClose
};

//   the world ──▶ [ bytes that arrived ] ──▶ receive, one frame at a time
//   send, at most one ──▶ [ room in the socket's send buffer ] ──▶ the world
//
// The world tells what happened to the socket; nothing comes of it before the selector looks.
// Invariant: no send is pending, and nothing is read, before the channel is ready.
// In Kafka: KafkaChannel and its transport layer. Differs: plaintext only, so a connected channel
// is ready, but where the world says that the broker wants to know who this is: then it is told
// that the broker refuses, or never anything; one address for each host.
class KafkaChannel {
 public:
  explicit KafkaChannel(std::int32_t max_receive_size = NetworkReceive::kUnlimited)
      : max_receive_size_{max_receive_size}, receive_{max_receive_size} {}
  // A connection that stands already.
  static KafkaChannel connected(std::int32_t max_receive_size = NetworkReceive::kUnlimited);

  // --- What the world tells ---

  void on_connected() { connect_ = Connect::Succeeded; }
  // The same; the broker has to say that it knows this client before the channel is of use.
  void on_connected_unauthenticated() {
    connect_ = Connect::Succeeded;
    authentication_ = Authentication::Pending;
  }
  // The broker does not know this client, and ends the connection.
  void on_authentication_refused(std::string why) {
    authentication_ = Authentication::Refused;
    refusal_ = std::move(why);
  }
  void on_connect_failed() { connect_ = Connect::Failed; }
  void on_bytes(ByteSpan bytes) { arrived_.insert(arrived_.end(), bytes.begin(), bytes.end()); }
  void on_end_of_stream() { end_of_stream_ = true; }
  // What arrived and was not read is lost.
  void on_reset();
  // The socket takes so many bytes more.
  void on_writable(Bytes room) { room_ += room; }

  // --- What a select would find ---

  bool is_connectable() const {
    return connect_ == Connect::Succeeded || connect_ == Connect::Failed;
  }
  bool is_refused() const {
    return connect_ == Connect::Finished && authentication_ == Authentication::Refused;
  }
  bool is_readable() const;
  bool is_writable() const;

  // --- What the selector does ---

  // Why a channel is of no use any more.
  using Failure = std::optional<std::string>;

  // Requires: is_connectable().
  Failure finish_connect();
  // Why the broker refuses this client. Requires: is_refused().
  const std::string& refusal() const { return refusal_; }
  // An input/output error is an everyday one; an invalid frame is not.
  enum class ReadTrouble { None, InputOutput, Unexpected };
  struct ReadResult {
    Bytes read;
    Failure failure;
    ReadTrouble trouble = ReadTrouble::None;
  };
  // One read. Requires: is_readable().
  ReadResult read();
  // How large the frame says it is that is being received.
  std::optional<std::int32_t> announced_size() const { return receive_.announced_size(); }
  // The frame that is complete, if there is one. The next receive begins.
  std::optional<ByteVector> take_completed_receive();

  bool has_send() const { return send_.has_value(); }
  // Requires: !has_send().
  void set_send(NetworkSend send, BufferStore& store);
  struct WriteResult {
    Bytes written;
    bool completed = false;
    Failure failure;
  };
  // Appends what fits to `socket`. Requires: is_writable().
  WriteResult write(ByteVector& socket, BufferStore& store);
  // The connection ends; a send that is not written yet lets its buffers go.
  void cancel_send(BufferStore& store);

  // A muted channel is not read (a broker mutes one while it works on a request of it).
  void mute() { muted_ = true; }
  void unmute() { muted_ = false; }
  bool is_muted() const { return muted_; }

  ChannelState state() const { return state_; }
  void set_state(ChannelState state) { state_ = state; }
  bool is_ready() const {
    return connect_ == Connect::Finished && authentication_ == Authentication::None;
  }

  Bytes unread() const { return Bytes{static_cast<std::int64_t>(arrived_.size() - read_)}; }
  Bytes room() const { return room_; }

  friend bool operator==(const KafkaChannel&, const KafkaChannel&) = default;

 private:
  friend class StateWalk;

  enum class Connect { Pending, Succeeded, Failed, Finished };
  enum class Authentication { None, Pending, Refused };

  Connect connect_ = Connect::Pending;
  Authentication authentication_ = Authentication::None;
  std::string refusal_;
  ChannelState state_ = ChannelState::NotConnected;
  bool end_of_stream_ = false;
  bool reset_ = false;
  bool muted_ = false;
  ByteVector arrived_;
  std::size_t read_ = 0;  // of arrived_
  Bytes room_;
  std::int32_t max_receive_size_;
  NetworkReceive receive_;
  std::optional<NetworkSend> send_;
};

}  // namespace linger::core
