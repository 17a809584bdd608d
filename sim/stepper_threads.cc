// The application threads and their programs.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "core/check.h"
#include "sim/stepper.h"

namespace linger::sim {

namespace {

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

core::ByteVector as_bytes(std::string text, std::int64_t in_run, std::int64_t number) {
  replace_all(text, "{i}", std::to_string(in_run));
  replace_all(text, "{id}", std::to_string(number));
  const core::ByteSpan bytes = core::bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

// Letters as they follow one another in a filler, before its number is added. The pattern begins
// again after 26 times 11 of them.
constexpr std::size_t kFillerPeriod = 26 * 11;
constexpr std::array<core::Byte, kFillerPeriod> make_filler_pattern() {
  std::array<core::Byte, kFillerPeriod> pattern{};
  for (std::size_t j = 0; j < kFillerPeriod; ++j) {
    pattern[j] = static_cast<core::Byte>((7 * j + (j * j) % 11) % 26);
  }
  return pattern;
}
constexpr std::array<core::Byte, kFillerPeriod> kFillerPattern = make_filler_pattern();

// Readable, and different for each record: its number in four bytes, then letters.
core::ByteVector filler(std::int64_t number, std::int64_t size) {
  core::ByteVector bytes(static_cast<std::size_t>(size));
  const auto shift = static_cast<core::Byte>((number % 26 + 26) % 26);
  for (std::size_t at = 0; at < bytes.size(); at += kFillerPeriod) {
    const std::size_t end = std::min(kFillerPeriod, bytes.size() - at);
    for (std::size_t j = 0; j < end; ++j) {
      const auto letter = static_cast<core::Byte>(kFillerPattern[j] + shift);
      bytes[at + j] = static_cast<core::Byte>('a' + (letter < 26 ? letter : letter - 26));
    }
  }
  for (std::size_t j = 0; j < 4 && bytes.size() >= 4; ++j) {
    bytes[j] = static_cast<core::Byte>(number >> (8 * (3 - j)));
  }
  return bytes;
}

}  // namespace

Turn AppThread::turn_now() const {
  if (std::holds_alternative<core::FlushCall>(call)) return {Turn::Why::EndsFlush, turn};
  const bool sends = std::holds_alternative<core::SendCall>(call);
  if (blocked_on && sends) return {Turn::Why::WasHeld, held_since};
  if (is_late && !blocked_on) return {Turn::Why::CatchesUp, turn};
  return {Turn::Why::Acts, turn};
}

// One turn: the next action begins, or the call the thread is in goes on.
void Stepper::run_thread(AppThread& thread) {
  collect_watched(thread);
  if (!thread.due || *thread.due > world_.now) return;
  thread.due.reset();
  thread.is_late = thread.is_late || thread.blocked_on.has_value();
  core::KafkaProducer& producer = process(thread.producer).producer;
  if (thread.user_code) {
    if (!finish_sending(thread.producer, *thread.user_code, thread.id)) return;
    const core::UserCallAnswer answer = std::exchange(thread.user_code, std::nullopt)->answer;
    handle(thread, producer.answer(std::get<core::SendCall>(thread.call), answer, producer_now(),
                                   journal_));
    return;
  }
  if (std::holds_alternative<core::SendCall>(thread.call)) {
    advance_send(thread);
  } else if (auto* flush = std::get_if<core::FlushCall>(&thread.call)) {
    producer.end_flush(*flush, journal_);
    journal_.add(core::CallResumed{thread.id, std::nullopt, core::BlockedOn::Flush});
    next_action(thread);
  } else if (auto* get = std::get_if<core::FutureCall>(&thread.call)) {
    journal_.add(core::CallResumed{thread.id, get->record, core::BlockedOn::Future});
    producer.end_get(*get);
    thread.call = AppThread::BetweenActions{};
    thread.blocked_on.reset();
    thread.due = world_.now;
  } else if (auto* close = std::get_if<core::CloseCall>(&thread.call)) {
    const auto progress = producer.advance(*close, producer_now(), journal_);
    if (const auto* blocked = std::get_if<core::Blocked>(&progress)) {
      block(thread, *blocked);
    } else {
      next_action(thread);
    }
  } else if (auto* transaction = std::get_if<core::TransactionCall>(&thread.call)) {
    producer.advance(*transaction, producer_now(), journal_);
    CHECK(transaction->end);
    journal_.add(core::CallResumed{thread.id, std::nullopt, core::BlockedOn::Transaction});
    next_action(thread);
  } else {
    begin_action(thread);
  }
  drain_journal(thread.producer);
}

void Stepper::begin_action(AppThread& thread) {
  const auto& program =
      world_.scenario->threads[static_cast<std::size_t>(thread.id.value())].program;
  if (thread.action == program.size() || thread.is_to_end) {
    end_thread(thread);
    return;
  }
  const AppAction& action = program[thread.action];
  core::KafkaProducer& producer = process(thread.producer).producer;
  if (const auto* send = std::get_if<SendAction>(&action)) {
    begin_send(thread, *send);
  } else if (std::holds_alternative<FlushAction>(action)) {
    core::FlushCall flush = producer.begin_flush(thread.id, journal_);
    if (producer.may_advance(flush)) {
      producer.end_flush(flush, journal_);
      return next_action(thread);
    }
    thread.call = std::move(flush);
    journal_.add(
        core::CallBlocked{thread.id, std::nullopt, core::BlockedOn::Flush, core::kForever});
    block(thread, {core::BlockedOn::Flush, core::kNever});
  } else if (const auto* close = std::get_if<CloseAction>(&action)) {
    begin_close(thread, *close);
  } else if (const auto* sleep = std::get_if<SleepAction>(&action)) {
    ++thread.action;
    thread.is_late = thread.is_late && sleep->duration == Duration{};
    thread.due = world_.now + sleep->duration;
  } else if (const auto* until = std::get_if<WaitUntilAction>(&action)) {
    ++thread.action;
    thread.is_late = thread.is_late && until->at <= world_.now;
    thread.turn = until->turn;
    thread.due = std::max(world_.now, until->at);
  } else if (const auto* transaction = std::get_if<TransactionAction>(&action)) {
    begin_transactional(thread, *transaction);
  } else if (const auto* offsets = std::get_if<SendOffsetsAction>(&action)) {
    begin_send_offsets(thread, *offsets);
  } else if (std::holds_alternative<RequestMetadataAction>(action)) {
    producer.request_metadata_update(journal_);
    next_action(thread);
  } else {
    exit_process(thread.producer);
  }
}

void Stepper::next_action(AppThread& thread) {
  ++thread.action;
  thread.sent = 0;
  thread.call = AppThread::BetweenActions{};
  thread.blocked_on.reset();
  thread.due = world_.now;
}

void Stepper::end_thread(AppThread& thread) {
  thread.call = AppThread::Ended{};
  thread.due.reset();
  record(core::ProducerIndex{static_cast<std::int32_t>(thread.producer)}, ThreadEnded{thread.id});
}

// The process is gone: what its producer still holds is lost, its connections end.
void Stepper::exit_process(std::size_t index) {
  ProducerProcess& self = process(index);
  if (self.has_exited) return;
  self.has_exited = true;
  self.sender.due.reset();
  self.sender.state = SenderThread::State::Stopped;
  const auto producer = core::ProducerIndex{static_cast<std::int32_t>(index)};
  Effects effects;
  for (const Network::ConnectionView& view : world_.servers.network().connections()) {
    if (view.socket.producer == producer) {
      world_.servers.close(view.socket, world_.now, effects);
    }
  }
  apply(std::move(effects));
  for (const ClientSocket& socket : world_.outside.sockets_of(producer)) close_outside(socket);
  for (AppThread& other : world_.threads) {
    if (other.producer != index) continue;
    other.watched.clear();
    if (!other.has_ended()) end_thread(other);
  }
}

void Stepper::begin_close(AppThread& thread, const CloseAction& action) {
  core::KafkaProducer& producer = process(thread.producer).producer;
  auto begun =
      producer.begin_close(thread.id, action.timeout, core::KafkaProducer::Caller::Application,
                           producer_now(), journal_);
  if (std::holds_alternative<core::ClientError>(begun)) {
    next_action(thread);
    return;
  }
  const auto& call = std::get<core::CloseCall>(begun);
  journal_.add(core::CallBlocked{
      thread.id, std::nullopt, core::BlockedOn::SenderExit,
      call.deadline == core::kNever ? core::kForever : call.deadline - producer_now()});
  thread.call = call;
  block(thread, {core::BlockedOn::SenderExit, call.forced ? core::kNever : call.deadline});
}

// --- Transactions ---

void Stepper::begin_transactional(AppThread& thread, const TransactionAction& action) {
  core::KafkaProducer& producer = process(thread.producer).producer;
  const auto begin = [&] {
    switch (action.method) {
      case core::TransactionMethod::InitTransactions:
        return producer.init_transactions(thread.id, producer_now(), journal_);
      case core::TransactionMethod::BeginTransaction:
        return producer.begin_transaction(thread.id, producer_now(), journal_);
      case core::TransactionMethod::CommitTransaction:
        return producer.commit_transaction(thread.id, producer_now(), journal_);
      case core::TransactionMethod::AbortTransaction:
        return producer.abort_transaction(thread.id, producer_now(), journal_);
      case core::TransactionMethod::SendOffsetsToTransaction:  // an action of its own
        break;
    }
    CHECK(false);
    return core::TransactionCall{};
  };
  hold_in_transaction(thread, begin(), action.waits);
}

void Stepper::begin_send_offsets(AppThread& thread, const SendOffsetsAction& action) {
  std::vector<core::OffsetToCommit> offsets;
  for (const SendOffsetsAction::Offset& one : action.offsets) {
    core::OffsetToCommit offset;
    offset.partition = {*world_.scenario->topics.find(one.topic), one.partition};
    offset.offset = one.offset;
    offsets.push_back(std::move(offset));
  }
  core::KafkaProducer& producer = process(thread.producer).producer;
  hold_in_transaction(thread,
                      producer.send_offsets_to_transaction(thread.id, offsets, action.group,
                                                           producer_now(), journal_),
                      action.waits);
}

void Stepper::hold_in_transaction(AppThread& thread, core::TransactionCall call, bool waits) {
  if (call.end || !waits) {
    if (!call.end) {
      const auto deadline = after(call.deadline - producer_now());
      thread.watched.push_back({std::move(call), deadline});
    }
    next_action(thread);
    return;
  }
  const core::Milliseconds at_most =
      call.deadline == core::kNever ? core::kForever : call.deadline - producer_now();
  journal_.add(core::CallBlocked{thread.id, std::nullopt, core::BlockedOn::Transaction, at_most});
  const core::Blocked blocked{core::BlockedOn::Transaction, call.deadline};
  thread.call = std::move(call);
  block(thread, blocked);
}

// Ends the calls whose result is there, or whose time is up.
void Stepper::collect_watched(AppThread& thread) {
  core::KafkaProducer& producer = process(thread.producer).producer;
  for (auto watched = thread.watched.begin(); watched != thread.watched.end();) {
    const bool is_due = watched->due && *watched->due <= world_.now;
    if (is_due) producer.advance(watched->call, producer_now(), journal_);
    watched = watched->call.end ? thread.watched.erase(watched) : std::next(watched);
  }
  drain_journal(thread.producer);
}

// --- Sending ---

void Stepper::begin_send(AppThread& thread, const SendAction& action) {
  if (thread.sent == action.count) {
    next_action(thread);
    return;
  }
  if (thread.sent == 0) thread.run_began = world_.now;
  const Instant its_time = thread.run_began + action.every * thread.sent;
  if (its_time > world_.now) {
    thread.is_late = false;
    thread.due = its_time;
    return;
  }
  core::ProducerRecord record = make_record(thread, action);
  ++thread.sent;
  core::KafkaProducer& producer = process(thread.producer).producer;
  using core::KafkaProducer;
  const auto future_is =
      action.wait ? KafkaProducer::FutureIs::Kept : KafkaProducer::FutureIs::Dropped;
  if (auto future = producer.send_at_once(thread.id, record, future_is, producer_now(), journal_)) {
    if (!action.wait) future.reset();
    finish_send(thread, record.id, future);
    drain_journal(thread.producer);
    return;
  }
  core::SendCall call = producer.begin_send(thread.id, std::move(record), producer_now(), journal_);
  call.keeps_future = action.wait;
  thread.call = std::move(call);
  advance_send(thread);
}

core::ProducerRecord Stepper::make_record(AppThread& thread, const SendAction& action) {
  core::ProducerRecord record;
  record.id = core::RecordId{static_cast<std::int64_t>(world_.records.size())};
  world_.records.add();
  const std::int64_t number =
      action.first_number ? *action.first_number + thread.sent : record.id.value();
  record.topic = *world_.scenario->topics.find(action.topic);
  record.partition = action.partition;
  record.timestamp = action.timestamp;
  record.callback = action.callback;
  if (action.key) {
    record.key = as_bytes(*action.key, thread.sent, number);
  } else if (action.distinct_keys > 0) {
    record.key = as_bytes("key-{i}", thread.random.uniform(0, action.distinct_keys - 1), number);
  }
  if (action.value) {
    record.value = as_bytes(*action.value, thread.sent, number);
  } else {
    const std::int64_t smallest = action.value_size.smallest.count();
    const std::int64_t largest = action.value_size.largest.count();
    const std::int64_t size =
        smallest == largest ? smallest : thread.random.uniform(smallest, largest);
    record.value = filler(number, size);
  }
  for (const auto& [key, value] : action.headers) {
    record.headers.push_back({key, as_bytes(value, thread.sent, number)});
  }
  return record;
}

void Stepper::advance_send(AppThread& thread) {
  core::KafkaProducer& producer = process(thread.producer).producer;
  handle(thread, producer.advance(std::get<core::SendCall>(thread.call), producer_now(), journal_));
}

void Stepper::handle(AppThread& thread, core::KafkaProducer::SendProgress progress) {
  core::KafkaProducer& producer = process(thread.producer).producer;
  for (;;) {
    if (const auto* call = std::get_if<core::UserCall>(&progress)) {
      Duration takes{};
      thread.user_code = start_user_code(thread.producer, *call, takes);
      if (takes > Duration{}) {
        thread.blocked_on = core::BlockedOn::UserCode;
        thread.due = world_.now + takes;
        break;
      }
      if (!finish_sending(thread.producer, *thread.user_code, thread.id)) break;
      const core::UserCallAnswer answer = std::exchange(thread.user_code, std::nullopt)->answer;
      progress =
          producer.answer(std::get<core::SendCall>(thread.call), answer, producer_now(), journal_);
      continue;
    }
    if (const auto* blocked = std::get_if<core::Blocked>(&progress)) {
      block(thread, *blocked);
    } else {
      finish_send(thread, std::get<core::SendCall>(thread.call).record.id,
                  std::get<core::KafkaProducer::SendDone>(progress).future);
    }
    break;
  }
  drain_journal(thread.producer);
}

void Stepper::finish_send(AppThread& thread, core::RecordId record,
                          const std::optional<core::RecordFuture>& future) {
  thread.blocked_on.reset();
  if (!future) {
    thread.call = AppThread::BetweenActions{};
    thread.due = world_.now;
    return;
  }
  thread.call = process(thread.producer).producer.begin_get(thread.id, record, *future);
  journal_.add(core::CallBlocked{thread.id, record, core::BlockedOn::Future, core::kForever});
  block(thread, {core::BlockedOn::Future, core::kNever});
}

// --- Waiting ---

void Stepper::block(AppThread& thread, const core::Blocked& blocked) {
  thread.blocked_on = blocked.on;
  thread.held_since = world_.steps;
  thread.deadline = after(blocked.deadline - producer_now());
  thread.due = thread.deadline;
}

std::optional<Instant> Stepper::after(core::Milliseconds wait) const {
  const auto longest = std::chrono::floor<core::Milliseconds>(Instant::max() - world_.now);
  if (wait >= longest) return std::nullopt;
  return world_.now + wait;
}

void Stepper::wake_blocked_threads() {
  for (AppThread& thread : world_.threads) {
    for (AppThread::WatchedCall& watched : thread.watched) {
      const core::KafkaProducer& producer = process(thread.producer).producer;
      if (producer.may_advance(watched.call, producer_now())) watched.due = world_.now;
    }
    if (!thread.blocked_on || thread.has_ended() || (thread.due && *thread.due <= world_.now)) {
      continue;
    }
    if (!may_advance(thread)) continue;
    thread.due = world_.now;
    if (waits_for_poll(thread)) thread.due.reset();
  }
}

// It was told of free memory, and is not to go on yet, see Scenario::wakes_after_poll.
bool Stepper::waits_for_poll(const AppThread& thread) const {
  const auto sender = world_.processes[thread.producer].sender.state;
  return world_.scenario->wakes_after_poll && thread.blocked_on == core::BlockedOn::Memory &&
         (sender == SenderThread::State::Polling || sender == SenderThread::State::Sleeping);
}

bool Stepper::may_advance(const AppThread& thread) const {
  const core::KafkaProducer& producer = world_.processes[thread.producer].producer;
  if (thread.user_code) {
    return thread.user_code->sending &&
           producer.may_advance(*thread.user_code->sending, producer_now());
  }
  if (const auto* send = std::get_if<core::SendCall>(&thread.call)) {
    return producer.may_advance(*send, producer_now());
  }
  if (const auto* flush = std::get_if<core::FlushCall>(&thread.call)) {
    return producer.may_advance(*flush);
  }
  if (const auto* get = std::get_if<core::FutureCall>(&thread.call)) {
    return producer.may_advance(*get, producer_now());
  }
  if (const auto* transaction = std::get_if<core::TransactionCall>(&thread.call)) {
    return producer.may_advance(*transaction, producer_now());
  }
  if (std::holds_alternative<core::CloseCall>(thread.call)) return !producer.sender().is_alive();
  return false;
}

}  // namespace linger::sim
