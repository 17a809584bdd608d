#include "sim/message_sequence.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/client_error.h"
#include "sim/event_text.h"

namespace linger::sim {

// Reads one event into the sequence.
struct MessageSequence::Reader {
  using Kind = SequenceLine::Kind;

  MessageSequence& sequence;
  const TraceEvent& event;
  std::size_t position;

  ProducerIndex producer() const { return event.producer.value_or(ProducerIndex{}); }
  SequenceLine line(Kind kind) const {
    SequenceLine line;
    line.kind = kind;
    line.position = position;
    line.step = event.step;
    line.at = event.at;
    line.producer = producer();
    return line;
  }
  Connection* find(ConnectionId id) const {
    const auto found = sequence.connections_.find(id);
    return found == sequence.connections_.end() ? nullptr : &found->second;
  }

  // --- Messages ---

  std::size_t send(Message message, Bytes frame_end) const {
    const std::size_t place = sequence.messages_.size();
    SequenceLine sent = line(Kind::Sent);
    sent.producer = message.producer;
    sent.message = place;
    message.sent = sequence.lines_.size();
    sequence.add_line(std::move(sent));
    sequence.messages_.push_back(std::move(message));
    sequence.frame_end_.push_back(frame_end);
    return place;
  }
  void end(std::size_t place, Kind kind) const {
    Message& message = sequence.messages_[place];
    if (message.over) return;
    SequenceLine over = line(kind);
    over.producer = message.producer;
    over.message = place;
    message.over = sequence.lines_.size();
    message.is_lost = kind == Kind::Lost;
    sequence.add_line(std::move(over));
  }
  // Ends those on the way for which `is_over` holds.
  template <class IsOver>
  void end_some(Connection& connection, Kind kind, IsOver is_over) const {
    std::vector<std::size_t> over;
    std::erase_if(connection.on_the_way, [&](std::size_t place) {
      if (!is_over(sequence.messages_[place], sequence.frame_end_[place])) return false;
      over.push_back(place);
      return true;
    });
    for (const std::size_t place : over) end(place, kind);
  }

  void operator()(const core::RequestSent& sent) const {
    Message request;
    request.producer = producer();
    request.broker = sent.node;
    request.correlation = sent.correlation;
    request.api = sent.api;
    request.bytes = sent.bytes;
    request.batches = sent.batches;
    const auto to = sequence.connection_to_.find({producer(), sent.node});
    Connection* connection = to == sequence.connection_to_.end() ? nullptr : find(to->second);
    Bytes frame_end;
    if (connection != nullptr) {
      request.connection = to->second;
      request.broker = connection->broker;
      connection->requested = connection->requested + sent.bytes;
      frame_end = connection->requested;
    }
    const std::size_t place = send(std::move(request), frame_end);
    sequence.requests_[{producer(), sent.correlation}] = place;
    if (connection != nullptr) connection->on_the_way.push_back(place);
  }
  void operator()(const RequestReceived& received) const {
    Connection* connection = find(received.connection);
    if (connection == nullptr) return;
    end_some(*connection, Kind::Arrived, [&](const Message& message, Bytes) {
      return message.is_request() && message.correlation == received.correlation;
    });
  }
  void operator()(const BatchWritten& written) const {
    note_refusal(written.connection, written.correlation, written.error);
  }
  void operator()(const CoordinatorAnswered& answered) const {
    note_refusal(answered.connection, answered.correlation, answered.error);
  }
  void note_refusal(ConnectionId connection, CorrelationId correlation,
                    core::ErrorCode error) const {
    if (error == core::ErrorCode::None) return;
    std::vector<core::ErrorCode>& errors = sequence.refused_[{connection, correlation}];
    if (std::find(errors.begin(), errors.end(), error) == errors.end()) errors.push_back(error);
  }
  void operator()(const ResponseSent& sent) const {
    Connection* connection = find(sent.connection);
    if (connection == nullptr) return;
    Message answer;
    answer.producer = connection->producer;
    answer.connection = sent.connection;
    answer.broker = sent.broker;
    answer.direction = Direction::ToClient;
    answer.correlation = sent.correlation;
    answer.api = sent.api;
    answer.bytes = sent.bytes;
    const auto request = sequence.requests_.find({answer.producer, sent.correlation});
    if (request != sequence.requests_.end()) {
      answer.batches = sequence.messages_[request->second].batches;
    }
    if (auto errors = sequence.refused_.extract({sent.connection, sent.correlation})) {
      answer.refused = std::move(errors.mapped());
    }
    const bool is_lost = sent.lost || connection->is_over_for_client;
    if (!is_lost) connection->answered = connection->answered + sent.bytes;
    const std::size_t place = send(std::move(answer), connection->answered);
    if (is_lost) {
      end(place, Kind::Lost);
    } else {
      connection->on_the_way.push_back(place);
    }
  }
  void operator()(const core::RequestCompleted& completed) const {
    const auto request = sequence.requests_.find({producer(), completed.correlation});
    const bool is_fine = completed.outcome == core::RequestOutcome::Ok ||
                         completed.outcome == core::RequestOutcome::NoResponseExpected;
    if (is_fine || request == sequence.requests_.end()) return;
    SequenceLine given_up = line(Kind::GivenUp);
    given_up.message = request->second;
    given_up.what = word(completed.outcome);
    sequence.add_line(std::move(given_up));
  }

  // --- Wires ---

  void operator()(const ConnectionOpened& opened) const {
    if (!event.producer) return;
    sequence.connection_to_[{producer(), opened.node}] = opened.connection;
    Connection& connection = sequence.connections_[opened.connection];
    connection.producer = producer();
    connection.broker = opened.broker;
  }
  void operator()(const SegmentSent& sent) const {
    Connection* connection = find(sent.connection);
    if (connection == nullptr || sent.direction != Direction::ToBroker) return;
    connection->left = connection->left + sent.bytes;
    connection->last_arrival = sent.arrives;
  }
  void operator()(const SegmentArrived& arrived) const {
    Connection* connection = find(arrived.connection);
    if (connection == nullptr || arrived.direction != Direction::ToClient) return;
    connection->arrived = connection->arrived + arrived.bytes;
    end_some(*connection, Kind::Arrived, [&](const Message& message, Bytes frame_end) {
      return !message.is_request() && frame_end <= connection->arrived;
    });
  }
  void operator()(const ConnectionClosed& closed) const {
    Connection* connection = find(closed.connection);
    if (connection == nullptr) return;
    const bool all = closed.by == ClosedBy::Network;
    // Whoever closes hears nothing any more; what he sent before still arrives.
    if (closed.by != ClosedBy::Broker) connection->is_over_for_client = true;
    end_some(*connection, Kind::Lost, [&](const Message& message, Bytes frame_end) {
      if (all) return true;
      if (closed.by == ClosedBy::Broker) return message.is_request();
      const bool should_have_come =
          frame_end <= connection->left && connection->last_arrival <= event.at;
      return !message.is_request() || should_have_come;
    });
  }

  // --- The application ---

  void operator()(const core::SendCalled& called) const {
    SequenceLine send = line(Kind::SendCalled);
    send.thread = called.thread;
    send.first = send.last = called.record;
    join_or_add(std::move(send));
  }
  void operator()(const core::RecordCompleted& completed) const {
    SequenceLine told = line(Kind::Told);
    told.first = told.last = completed.record;
    told.offset = completed.offset;
    told.error = completed.error;
    join_or_add(std::move(told));
  }
  void operator()(const core::FlushStarted& flush) const {
    call(Kind::CallStarted, flush.thread, "flush()");
  }
  void operator()(const core::FlushEnded& flush) const {
    call(Kind::CallEnded, flush.thread, "flush()");
  }
  void operator()(const core::CloseStarted& close) const {
    call(Kind::CallStarted, close.thread, "close()");
  }
  void operator()(const core::CloseEnded& close) const {
    call(Kind::CallEnded, close.thread, "close()");
  }
  void operator()(const core::TransactionalCallStarted& started) const {
    call(Kind::CallStarted, started.thread, std::string{word(started.call)} + "()");
  }
  void operator()(const core::TransactionalCallEnded& ended) const {
    call(Kind::CallEnded, ended.thread, std::string{word(ended.call)} + "()");
    sequence.lines_.back().error = ended.error;
  }
  void operator()(const FaultApplied& fault) const {
    SequenceLine applied = line(Kind::Fault);
    applied.what = fault.text;
    sequence.add_line(std::move(applied));
  }
  template <class Other>
  void operator()(const Other&) const {}

  void call(Kind kind, core::ThreadId thread, std::string what) const {
    SequenceLine called = line(kind);
    called.thread = thread;
    called.what = std::move(what);
    sequence.add_line(std::move(called));
  }
  // Records that go or come one after another in one step are one line.
  void join_or_add(SequenceLine next) const {
    if (!sequence.lines_.empty()) {
      SequenceLine& last = sequence.lines_.back();
      const bool is_alike = last.kind == next.kind && last.step == next.step &&
                            last.producer == next.producer && last.thread == next.thread &&
                            last.error == next.error;
      const std::int64_t records = next.first.value() - last.first.value();
      const bool follows = next.first.value() == last.last.value() + 1;
      const bool is_where_it_should_be =
          last.offset < 0 ? next.offset < 0 : next.offset == last.offset + records;
      if (is_alike && follows && is_where_it_should_be) {
        last.last = next.last;
        return;
      }
    }
    sequence.add_line(std::move(next));
  }
};

SequenceLine& MessageSequence::add_line(SequenceLine line) {
  if (lines_.size() % kLinesInABlock == 0) {
    std::vector<std::size_t> open;
    for (const auto& [id, connection] : connections_) {
      open.insert(open.end(), connection.on_the_way.begin(), connection.on_the_way.end());
    }
    std::sort(open.begin(), open.end());
    on_the_way_.push_back(std::move(open));
  }
  lines_.push_back(std::move(line));
  return lines_.back();
}

bool is_of_a_message(SequenceLine::Kind kind) {
  using enum SequenceLine::Kind;
  return kind == Sent || kind == Arrived || kind == Lost;
}

void MessageSequence::begin(const Network& network) {
  for (const Network::ConnectionView& view : network.connections()) {
    connection_to_[{view.socket.producer, view.socket.node}] = view.connection;
    Connection& connection = connections_[view.connection];
    connection.producer = view.socket.producer;
    connection.broker = view.broker;
  }
}

void MessageSequence::add(const TraceEvent& event, std::size_t position) {
  visit_event(event, Reader{*this, event, position});
}

std::vector<std::size_t> MessageSequence::messages_in(std::size_t first_line,
                                                      std::size_t end_line) const {
  std::vector<std::size_t> found;
  end_line = std::min(end_line, lines_.size());
  if (first_line >= end_line) return found;
  const std::size_t block = first_line / kLinesInABlock;
  const auto is_there = [&](const Message& message) {
    return message.sent < end_line && (!message.over || *message.over >= first_line);
  };
  for (const std::size_t place : on_the_way_[block]) {
    if (is_there(messages_[place])) found.push_back(place);
  }
  for (std::size_t i = block * kLinesInABlock; i < end_line; ++i) {
    const SequenceLine& line = lines_[i];
    if (is_of_a_message(line.kind) && is_there(messages_[line.message])) {
      found.push_back(line.message);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// --- In words ---

namespace {

constexpr std::size_t kMostBatchesTold = 3;

std::string batch_list(const std::vector<core::BatchId>& batches) {
  std::string text;
  for (std::size_t i = 0; i < batches.size() && i < kMostBatchesTold; ++i) {
    text += fmt::format("{}b{}", i == 0 ? "" : ", ", batches[i].value());
  }
  if (batches.size() <= kMostBatchesTold) return text;
  return text + fmt::format(", +{}", batches.size() - kMostBatchesTold);
}

std::string record_range(const SequenceLine& line) {
  if (line.first == line.last) return fmt::format("r{}", line.first.value());
  return fmt::format("r{}–r{}", line.first.value(), line.last.value());
}

std::string told_text(const SequenceLine& line) {
  const std::string records = record_range(line);
  if (line.error) return fmt::format("{}: {}", records, word(line.error->exception));
  if (line.offset < 0) return fmt::format("{} acknowledged", records);
  return fmt::format("{} acknowledged at {}", records, line.offset);
}

}  // namespace

std::string message_text(const Message& message) {
  if (message.is_request()) {
    const std::string batches = batch_list(message.batches);
    const std::string request =
        fmt::format("{} {}", word(message.api), message.correlation.value());
    return batches.empty() ? request : request + ": " + batches;
  }
  std::string errors;
  for (const core::ErrorCode error : message.refused) {
    errors += (errors.empty() ? "" : ", ") + std::string{word(error)};
  }
  if (errors.empty()) return fmt::format("answer to {}", message.correlation.value());
  return fmt::format("answer to {}: {}", message.correlation.value(), errors);
}

std::string line_text(const SequenceLine& line, std::span<const Message> messages) {
  switch (line.kind) {
    case SequenceLine::Kind::Sent:
    case SequenceLine::Kind::Arrived:
    case SequenceLine::Kind::Lost:
      return message_text(messages[line.message]);
    case SequenceLine::Kind::GivenUp:
      return fmt::format("{} {}: {}", word(messages[line.message].api),
                         messages[line.message].correlation.value(), line.what);
    case SequenceLine::Kind::SendCalled:
      return fmt::format("send {}", record_range(line));
    case SequenceLine::Kind::CallStarted:
      return line.what;
    case SequenceLine::Kind::CallEnded:
      if (line.error) return fmt::format("{}: {}", line.what, word(line.error->exception));
      return fmt::format("{} is over", line.what);
    case SequenceLine::Kind::Told:
      return told_text(line);
    case SequenceLine::Kind::Fault:
      return fmt::format("fault: {}", line.what);
  }
  return "";
}

}  // namespace linger::sim
