#include "core/selector.h"

#include <algorithm>
#include <utility>

#include "core/byte_reader.h"
#include "core/check.h"

namespace linger::core {

// --- What the world tells and takes ---

KafkaChannel* Selector::find(NodeId node) {
  const auto at = channels_.find(node);
  return at == channels_.end() ? nullptr : &at->second.channel;
}

KafkaChannel& Selector::channel(NodeId node) {
  KafkaChannel* found = find(node);
  CHECK(found != nullptr);
  return *found;
}

void Selector::on_connected(NodeId node) {
  if (KafkaChannel* found = find(node)) found->on_connected();
}
void Selector::on_connected_unauthenticated(NodeId node) {
  if (KafkaChannel* found = find(node)) found->on_connected_unauthenticated();
}
void Selector::on_authentication_refused(NodeId node, std::string why) {
  if (KafkaChannel* found = find(node)) found->on_authentication_refused(std::move(why));
}
void Selector::on_connect_failed(NodeId node) {
  if (KafkaChannel* found = find(node)) found->on_connect_failed();
}
void Selector::on_bytes(NodeId node, ByteSpan bytes) {
  if (KafkaChannel* found = find(node)) found->on_bytes(bytes);
}
void Selector::on_end_of_stream(NodeId node) {
  if (KafkaChannel* found = find(node)) found->on_end_of_stream();
}
void Selector::on_reset(NodeId node) {
  if (KafkaChannel* found = find(node)) found->on_reset();
}
void Selector::on_writable(NodeId node, Bytes room) {
  if (KafkaChannel* found = find(node)) found->on_writable(room);
}

ByteVector Selector::take_written(NodeId node) {
  const auto at = written_.find(node);
  if (at == written_.end()) return {};
  ByteVector bytes = std::move(at->second);
  written_.erase(at);
  return bytes;
}

std::vector<NodeId> Selector::nodes_with_written() const {
  std::vector<NodeId> nodes;
  for (const auto& [node, bytes] : written_) {
    if (!bytes.empty()) nodes.push_back(node);
  }
  return nodes;
}

std::vector<ConnectionIntent> Selector::take_connection_intents() {
  return std::exchange(intents_, {});
}

bool Selector::has_network_events() const {
  const bool has_staged = std::any_of(closing_.begin(), closing_.end(), [](const auto& entry) {
    return !entry.second.staged.empty();
  });
  return has_staged || std::any_of(channels_.begin(), channels_.end(), [](const auto& entry) {
           const KafkaChannel& channel = entry.second.channel;
           const bool may_hand_out = !entry.second.staged.empty() && !channel.is_muted();
           return may_hand_out || readiness(channel).any();
         });
}

// --- What the client does ---

void Selector::add(NodeId node, KafkaChannel channel, Millis now) {
  CHECK(!has_channel(node));
  channels_.emplace(
      node, Entry{.channel = std::move(channel), .last_active = now, .activity = ++activity_});
}

void Selector::connect(NodeId node, std::string host, std::int32_t port, Millis now) {
  add(node, KafkaChannel{settings_.max_receive_size}, now);
  intents_.emplace_back(ConnectIntent{node, std::move(host), port});
}

void Selector::assume_connected(NodeId node, Millis now) {
  add(node, KafkaChannel::connected(settings_.max_receive_size), now);
}

Selector::SendOutcome Selector::send(NodeId node, NetworkSend send, BufferStore& store) {
  KafkaChannel& to = channel(node);
  if (!to.has_send()) {
    to.set_send(std::move(send), store);
    return SendOutcome::Queued;
  }
  failed_sends_[node] = {ChannelState::FailedSend, "a send is still in progress"};
  erase(node, store);
  return SendOutcome::PriorSendInProgress;
}

void Selector::close(NodeId node, BufferStore& store) {
  if (has_channel(node)) erase(node, store);
}

void Selector::close_all(BufferStore& store) {
  while (!channels_.empty()) erase(channels_.begin()->first, store);
}

void Selector::mute(NodeId node) {
  channel(node).mute();
}
void Selector::unmute(NodeId node) {
  channel(node).unmute();
}

bool Selector::is_channel_ready(NodeId node) const {
  const auto at = channels_.find(node);
  return at != channels_.end() && at->second.channel.is_ready();
}

Bytes Selector::unread(NodeId node) const {
  const auto at = channels_.find(node);
  return at == channels_.end() ? Bytes{0} : at->second.channel.unread();
}

// --- One poll ---

void Selector::poll(Millis now, BufferStore& store, Journal& journal) {
  clear();
  for (auto next = channels_.begin(); next != channels_.end();) {
    const auto at = next++;  // which may be erased
    const Readiness ready = readiness(at->second.channel);
    if (!ready.any()) continue;
    touch(at->second, now);
    handle(at->first, at->second, ready, store, journal);
    if (is_out_of_memory_) return;
  }
  hand_out_staged();
  if (!settings_.one_receive_per_poll) sort_receives_by_request();
  close_oldest_if_idle(now, store);
}

// Every response begins with the correlation id of its request, and those count upwards.
void Selector::sort_receives_by_request() {
  const auto correlation = [](const CompletedReceive& receive) {
    const bool has_one = receive.payload.size() >= sizeof(std::int32_t);
    return has_one ? load<std::int32_t>(receive.payload.data()) : 0;
  };
  std::stable_sort(completed_receives_.begin(), completed_receives_.end(),
                   [&](const CompletedReceive& a, const CompletedReceive& b) {
                     return correlation(a) < correlation(b);
                   });
}

Selector::Readiness Selector::readiness(const KafkaChannel& channel) {
  return {channel.is_connectable(), channel.is_refused(), channel.is_readable(),
          channel.is_writable()};
}

void Selector::clear() {
  completed_sends_.clear();
  completed_receives_.clear();
  connected_.clear();
  disconnected_.clear();
  disconnected_.swap(failed_sends_);
  for (auto at = closing_.begin(); at != closing_.end();) {
    if (!at->second.staged.empty()) {
      ++at;
      continue;
    }
    disconnected_[at->first] = std::move(at->second.disconnection);
    at = closing_.erase(at);
  }
  woken_ = false;
}

void Selector::touch(Entry& entry, Millis now) {
  entry.last_active = now;
  entry.activity = ++activity_;
}

// What was ready when the select returned, and no more: a connect that is finished now is not read
// before the next poll.
void Selector::handle(NodeId node, Entry& entry, Readiness ready, BufferStore& store,
                      Journal& journal) {
  KafkaChannel& ready_channel = entry.channel;
  KafkaChannel::Failure failure;
  if (ready.connectable) {
    failure = ready_channel.finish_connect();
    if (!failure) connected_.push_back(node);
  }
  if (ready.refused) {
    ready_channel.set_state(ChannelState::AuthenticationFailed);
    failure = ready_channel.refusal();
  }
  if (!failure && ready.readable) failure = read(node, entry, journal);
  if (!failure && ready.writable) failure = write(node, ready_channel, store, journal);
  if (failure) disconnect(node, *failure, store);
}

KafkaChannel::Failure Selector::read(NodeId node, Entry& entry, Journal& journal) {
  KafkaChannel& from = entry.channel;
  const bool reads_on = settings_.reads_ahead || !settings_.one_receive_per_poll;
  if (!entry.staged.empty()) return std::nullopt;
  for (;;) {
    const KafkaChannel::ReadResult result = from.read();
    if (result.read > Bytes{0}) journal.add(BytesMoved{node, false, result.read});
    if (result.failure) {
      entry.is_invalid = result.trouble == KafkaChannel::ReadTrouble::Unexpected;
      return result.failure;
    }
    const std::optional<std::int32_t> size = from.announced_size();
    if (settings_.heap && size && Bytes{*size} > *settings_.heap) {
      is_out_of_memory_ = true;
      return std::nullopt;
    }
    auto payload = from.take_completed_receive();
    if (!payload) return std::nullopt;
    if (settings_.reads_ahead) {
      entry.staged.push_back(std::move(*payload));
    } else {
      completed_receives_.push_back({node, std::move(*payload)});
    }
    if (!reads_on || !from.is_readable()) return std::nullopt;
  }
}

void Selector::hand_out(NodeId node, Staged& staged) {
  if (staged.empty()) return;
  completed_receives_.push_back({node, std::move(staged.front())});
  staged.erase(staged.begin());
}

void Selector::hand_out_staged() {
  for (auto& [node, entry] : channels_) {
    if (!entry.channel.is_muted()) hand_out(node, entry.staged);
  }
  for (auto& [node, closing] : closing_) hand_out(node, closing.staged);
}

KafkaChannel::Failure Selector::write(NodeId node, KafkaChannel& to, BufferStore& store,
                                      Journal& journal) {
  if (!to.is_writable()) return std::nullopt;
  const KafkaChannel::WriteResult result = to.write(written_[node], store);
  if (result.written > Bytes{0}) journal.add(BytesMoved{node, true, result.written});
  if (result.completed) completed_sends_.push_back(node);
  return result.failure;
}

// A connection with staged frames hands out one at once; in this very poll another may follow.
void Selector::disconnect(NodeId node, std::string why, BufferStore& store) {
  Disconnection lost{channel(node).state(), std::move(why), channels_.at(node).is_invalid};
  Staged staged = std::move(channels_.at(node).staged);
  if (staged.empty()) {
    disconnected_[node] = std::move(lost);
  } else {
    hand_out(node, staged);
    closing_[node] = {std::move(lost), std::move(staged)};
  }
  erase(node, store);
}

void Selector::erase(NodeId node, BufferStore& store) {
  channel(node).cancel_send(store);
  channels_.erase(node);
  intents_.emplace_back(CloseIntent{node});
}

// --- Idle connections ---

Millis Selector::after_idle(Millis since) const {
  return settings_.connections_max_idle < Milliseconds{0}
             ? kNever
             : after(since, settings_.connections_max_idle);
}

// The connection that is longest without an event is looked at only when it may have expired, as
// far as was known at the last look.
void Selector::close_oldest_if_idle(Millis now, BufferStore& store) {
  if (now <= next_idle_check_) return;
  const auto oldest = std::min_element(
      channels_.begin(), channels_.end(),
      [](const auto& a, const auto& b) { return a.second.activity < b.second.activity; });
  if (oldest == channels_.end()) {
    next_idle_check_ = after_idle(now);
    return;
  }
  next_idle_check_ = after_idle(oldest->second.last_active);
  if (now <= next_idle_check_) return;
  const NodeId node = oldest->first;
  oldest->second.channel.set_state(ChannelState::Expired);
  disconnect(node, "idle for longer than connections.max.idle.ms", store);
}

}  // namespace linger::core
