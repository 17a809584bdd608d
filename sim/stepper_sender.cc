// The senders' threads, and the user's code that runs on them.
#include <algorithm>
#include <utility>

#include "core/check.h"
#include "sim/stepper.h"
#include "sim/user_code.h"

namespace linger::sim {

namespace {

using State = SenderThread::State;

// A real poll that waits for nothing returns at once, again and again, while CPU time passes. Here
// CPU time costs nothing: from the third such poll on, each takes one millisecond.
constexpr std::int32_t kEmptyPollsBeforeTimePasses = 3;

}  // namespace

void Stepper::run_sender(std::size_t index) {
  ProducerProcess& self = process(index);
  SenderThread& sender = self.sender;
  sender.due.reset();
  if (sender.state == State::InUserCode) {
    if (!finish_sending(index, *sender.user_code, sender_thread_of(index))) return;
    const core::UserCallAnswer answer = std::exchange(sender.user_code, std::nullopt)->answer;
    sender.state = State::Running;
    handle(index, self.producer.answer_sender(answer, producer_now(), journal_));
    return;
  }
  if (sender.state == State::Sleeping && world_.now < *sender.poll_ends) {
    sender.due = sender.poll_ends;
    return;
  }
  if (spins_at_end_of_poll(index)) return;
  if (sender.state == State::Running) sender.turned_at = world_.now;
  sender.state = State::Running;
  if (sender.is_spinning && self.producer.has_network_events()) {
    sender.is_spinning = false;
    sender.empty_polls = 0;
  }
  handle(index, self.producer.run_sender(producer_now(), journal_));
}

// Goes on as long as the thread is not held: user code that takes no time is over at once, and the
// end of a pass is the end of the step.
void Stepper::handle(std::size_t index, core::Sender::Progress progress) {
  ProducerProcess& self = process(index);
  SenderThread& sender = self.sender;
  for (;;) {
    drain_journal(index);
    if (auto* call = std::get_if<core::UserCall>(&progress)) {
      Duration takes{};
      sender.user_code = start_user_code(index, *call, takes);
      sender.state = State::InUserCode;
      if (takes > Duration{}) {
        sender.due = world_.now + takes;
        return;
      }
      if (!finish_sending(index, *sender.user_code, sender_thread_of(index))) return;
      const core::UserCallAnswer answer = std::exchange(sender.user_code, std::nullopt)->answer;
      sender.state = State::Running;
      if (answer.threw || !self.producer.next_callback(*call, journal_)) {
        progress = self.producer.answer_sender(answer, producer_now(), journal_);
      }
      continue;
    }
    const bool ends_pass = std::holds_alternative<core::Sender::PassEnded>(progress);
    sender.is_spinning = sender.is_spinning && ends_pass;
    if (const auto* polling = std::get_if<core::Sender::Polling>(&progress)) {
      hold_in_poll(index, *polling);
    } else if (const auto* sleeping = std::get_if<core::Sender::Sleeping>(&progress)) {
      sender.state = State::Sleeping;
      const core::Milliseconds left = sleeping->until - producer_now();
      sender.poll_ends = sender.due = world_.now + left;
    } else if (std::holds_alternative<core::Sender::WaitsForAppends>(progress)) {
      sender.state = State::WaitingForAppends;
      sender.due = world_.now + core::Milliseconds{1};
    } else if (std::holds_alternative<core::Sender::Stopped>(progress)) {
      sender.state = State::Stopped;
    } else {
      sender.due = world_.now;  // the next pass
    }
    return;
  }
}

// While a millisecond passes in a poll that was asked not to wait, what arrives is seen by the next
// one: it has looked already. Being woken changes nothing: there is no wait that could end.
void Stepper::hold_in_poll(std::size_t index, const core::Sender::Polling& polling) {
  SenderThread& sender = process(index).sender;
  const core::KafkaProducer& producer = process(index).producer;
  sender.state = State::Polling;
  sender.is_spinning = false;
  const bool may_wait = polling.timeout > core::Milliseconds{0};
  if (may_wait || producer.has_network_events()) {
    if (may_wait) sender.waits_since = world_.now;
    if (!may_wait) sender.empty_polls = 0;
    sender.due = producer.has_ready_events() ? world_.now : after(polling.timeout);
    return;
  }
  if (++sender.empty_polls < kEmptyPollsBeforeTimePasses) {
    sender.due = world_.now;
    return;
  }
  spin(index);
}

void Stepper::spin(std::size_t index) {
  SenderThread& sender = process(index).sender;
  record(core::ProducerIndex{static_cast<std::int32_t>(index)}, SenderSpun{sender.empty_polls});
  sender.is_spinning = true;
  sender.due = world_.now + core::Milliseconds{1};
}

// A wait that somebody ended before it began is a poll without a wait, too.
bool Stepper::spins_at_end_of_poll(std::size_t index) {
  SenderThread& sender = process(index).sender;
  const auto since = std::exchange(sender.waits_since, std::nullopt);
  if (!since) return false;
  if (world_.now > *since || process(index).producer.has_network_events()) {
    sender.empty_polls = 0;
    return false;
  }
  if (++sender.empty_polls < kEmptyPollsBeforeTimePasses) return false;
  spin(index);
  return true;
}

// A poll ends when something arrived, or somebody woke it.
void Stepper::wake_senders() {
  for (ProducerProcess& self : world_.processes) {
    SenderThread& sender = self.sender;
    if (sender.state == State::Polling && !sender.is_spinning && self.producer.has_ready_events()) {
      sender.due = sender.due ? std::min(*sender.due, world_.now) : world_.now;
    }
    // A callback on this thread sends, and the send may go on.
    const bool is_held = !sender.due || *sender.due > world_.now;
    if (sender.state == State::InUserCode && sender.user_code->sending && is_held &&
        self.producer.may_advance(*sender.user_code->sending, producer_now())) {
      sender.due = world_.now;
    }
    if (self.has_exited) sender.due.reset();
  }
}

// --- The user's code ---

UserCodeRun Stepper::start_user_code(std::size_t index, const core::UserCall& call,
                                     Duration& takes) {
  ProducerProcess& self = process(index);
  const std::int32_t which =
      call.kind == core::UserCallKind::Callback ? call.callback->value() : call.index;
  const std::int32_t number = ++self.user_calls[{call.kind, which}];
  UserCodeOutcome outcome =
      run_user_code(call, world_.scenario->producers[index], world_.scenario->topics, number);
  takes = outcome.takes;
  return std::move(outcome.run);
}

// The callback's own send runs on the callback's thread, and holds it.
bool Stepper::finish_sending(std::size_t index, UserCodeRun& run, core::ThreadId thread) {
  core::KafkaProducer& producer = process(index).producer;
  if (run.to_send) {
    core::ProducerRecord record = *std::exchange(run.to_send, std::nullopt);
    record.id = core::RecordId{static_cast<std::int64_t>(world_.records.size())};
    world_.records.add();
    run.sending = producer.begin_send(thread, std::move(record), producer_now(), journal_);
  }
  if (!run.sending) return true;
  auto progress = producer.advance(*run.sending, producer_now(), journal_);
  while (const auto* call = std::get_if<core::UserCall>(&progress)) {
    // User code within user code takes no time of its own.
    Duration takes{};
    const core::UserCallAnswer answer = start_user_code(index, *call, takes).answer;
    progress = producer.answer(*run.sending, answer, producer_now(), journal_);
  }
  drain_journal(index);
  if (const auto* blocked = std::get_if<core::Blocked>(&progress)) {
    if (thread == sender_thread_of(index)) {
      process(index).sender.due = after(blocked->deadline - producer_now());
    } else {
      block(world_.threads[static_cast<std::size_t>(thread.value())], *blocked);
    }
    return false;
  }
  run.sending.reset();
  return true;
}

}  // namespace linger::sim
