#include "sim/call_flip.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include "core/call_verdicts.h"

namespace linger::sim {

namespace {

using core::BlockedOn;

// A sender that was told to stop by force does so within some passes, unless somebody else keeps
// it.
constexpr int kMostPasses = 1'000;

const AppThread& thread_at(const World& world, core::ThreadId thread) {
  return world.threads[static_cast<std::size_t>(thread.value())];
}

// What a thread is in: the send of a callback that runs on it, or its own.
const core::SendCall* send_of(const AppThread& thread) {
  if (thread.user_code && thread.user_code->sending) return &*thread.user_code->sending;
  return std::get_if<core::SendCall>(&thread.call);
}

const core::KafkaProducer& producer_of(const World& world, const AppThread& thread) {
  return world.processes[thread.producer].producer;
}

const core::BufferPool::Waiter* waiter_of(const core::BufferPool& pool,
                                          const core::SendCall& call) {
  const auto at = std::find_if(
      pool.waiters().begin(), pool.waiters().end(),
      [&call](const core::BufferPool::Waiter& one) { return one.id == call.append.waiter; });
  return at == pool.waiters().end() ? nullptr : &*at;
}

core::Bytes missing(const core::BufferPool::Waiter& waiter) {
  return waiter.whole_buffer ? core::Bytes{0} : waiter.needed - waiter.gathered;
}

// Reads what is so of a call that is held.
class CallReader {
 public:
  CallReader(const World& world, const AppThread& thread)
      : world_{world}, thread_{thread}, producer_{producer_of(world, thread)} {}

  std::vector<CallTruth> read() {
    if (!thread_.blocked_on || thread_.has_ended()) return {};
    add_terms(*thread_.blocked_on);
    if (thread_.deadline && *thread_.blocked_on != BlockedOn::UserCode) {
      add(CallTerm::TimeIsUp, *thread_.deadline <= world_.now);
    }
    return std::move(terms_);
  }

 private:
  void add(CallTerm term, bool holds) { terms_.push_back({term, holds}); }
  void add_terms(BlockedOn on) {
    switch (on) {
      case BlockedOn::Memory:
        return add_memory();
      case BlockedOn::Metadata:
        return add_metadata();
      case BlockedOn::Flush:
        if (const auto* flush = std::get_if<core::FlushCall>(&thread_.call)) {
          add(CallTerm::BatchesComplete, producer_.may_advance(*flush));
        }
        return;
      case BlockedOn::Future:
        if (const auto* get = std::get_if<core::FutureCall>(&thread_.call)) {
          add(CallTerm::FateKnown, producer_.may_advance(*get, world_.producer_time()));
        }
        return;
      case BlockedOn::SenderExit:
        return add(CallTerm::SenderStopped, !producer_.sender().is_alive());
      case BlockedOn::Transaction:
        if (const auto* call = std::get_if<core::TransactionCall>(&thread_.call)) {
          if (call->result) {
            add(CallTerm::Answered, producer_.transactions()->result(*call->result).is_done);
          }
        }
        return;
      case BlockedOn::UserCode:
        return add(CallTerm::CodeReturned, false);
      case BlockedOn::EndlessLoop:
        return add(CallTerm::PartitionFound, false);
    }
  }
  void add_memory() {
    const core::SendCall* send = send_of(thread_);
    const core::BufferPool& pool = producer_.accumulator().pool();
    const auto* waiter = send == nullptr ? nullptr : waiter_of(pool, *send);
    if (waiter == nullptr) return;
    add(CallTerm::FirstInLine, pool.waiters().front().id == waiter->id);
    add(CallTerm::MemoryFree, pool.available() >= missing(*waiter));
  }
  void add_metadata() {
    const core::SendCall* send = send_of(thread_);
    if (send == nullptr) return;
    const auto count = producer_.metadata().snapshot().partition_count(send->record.topic);
    add(CallTerm::TopicKnown, count.has_value());
    if (count && send->record.partition) {
      add(CallTerm::PartitionKnown, *send->record.partition < *count);
    }
  }

  const World& world_;
  const AppThread& thread_;
  const core::KafkaProducer& producer_;
  std::vector<CallTruth> terms_;
};

// A copy of a producer and of a call that it holds, to try things on.
class CallTrial {
 public:
  CallTrial(const World& world, const AppThread& thread)
      : world_{world},
        thread_{thread},
        producer_{producer_of(world, thread)},
        now_{world.producer_time()} {
    if (const core::SendCall* send = send_of(thread)) send_ = *send;
  }

  // None: the term cannot be turned round alone.
  std::optional<CallGoing> turn_round(CallTerm term, bool held) {
    switch (term) {
      case CallTerm::FirstInLine:
        return change_line(held);
      case CallTerm::MemoryFree:
        return change_memory(held);
      case CallTerm::TopicKnown:
      case CallTerm::PartitionKnown:
        return change_metadata(term, held);
      case CallTerm::BatchesComplete:
        return complete_batches();
      case CallTerm::FateKnown:
        return tell_fate();
      case CallTerm::SenderStopped:
        return stop_sender();
      case CallTerm::Answered:
        return answer();
      case CallTerm::CodeReturned:
        return return_from_code();
      case CallTerm::PartitionFound:
        return find_partition();
      case CallTerm::TimeIsUp:
        return let_time_pass(held);
    }
    return std::nullopt;
  }

 private:
  // --- Memory ---

  // Whoever is told that there is memory takes it, in the order of the line.
  CallGoing serve(core::BufferPool& pool, core::BufferStore& store) {
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      std::vector<core::WaiterId> line;
      for (const core::BufferPool::Waiter& waiter : pool.waiters()) line.push_back(waiter.id);
      for (const core::WaiterId id : line) {
        if (!pool.may_advance(id, now_)) continue;
        const auto allocation = pool.advance(id, now_, store, nobody_);
        const bool is_ours = id == send_->append.waiter;
        if (is_ours && std::holds_alternative<core::BufferPool::Allocated>(allocation)) {
          return CallGoing::GoesOn;
        }
        if (is_ours && std::holds_alternative<core::ClientError>(allocation)) {
          return CallGoing::Fails;
        }
        goes_on = true;
        break;
      }
    }
    return CallGoing::WaitsOn;
  }
  std::optional<CallGoing> change_line(bool held) {
    core::BufferPool pool = producer_.accumulator().pool();
    core::BufferStore store = producer_.accumulator().buffers;
    if (held && pool.waiter_count() < 2) return std::nullopt;
    pool.put_first(held ? pool.waiters()[1].id : *send_->append.waiter);
    return serve(pool, store);
  }
  // What batches hold is given back until it is enough.
  std::optional<CallGoing> change_memory(bool held) {
    core::RecordAccumulator accumulator = producer_.accumulator();
    const core::Bytes wanted = missing(*waiter_of(accumulator.pool(), *send_));
    for (const core::BatchId batch : accumulator.incomplete()) {
      if (held || accumulator.pool().available() >= wanted) break;
      accumulator.deallocate(batch, nobody_);
    }
    core::BufferPool pool = accumulator.pool();
    core::BufferStore store = accumulator.buffers;
    if (held) pool.allocate(pool.available(), now_, core::Milliseconds{0}, store, nobody_);
    return serve(pool, store);
  }

  // --- Metadata ---

  // An answer comes that tells of the topic and all its partitions, or of the topic no more.
  std::optional<CallGoing> change_metadata(CallTerm term, bool held) {
    const core::TopicId topic = send_->record.topic;
    core::MetadataSnapshot::Contents contents = producer_.metadata().snapshot().contents();
    const auto is_of_topic = [topic](const core::PartitionMetadata& one) {
      return one.partition.topic == topic;
    };
    if (term == CallTerm::PartitionKnown && held) return std::nullopt;
    if (term == CallTerm::TopicKnown) std::erase_if(contents.partitions, is_of_topic);
    if (!held) {
      const auto known = static_cast<std::int32_t>(
          std::count_if(contents.partitions.begin(), contents.partitions.end(), is_of_topic));
      std::int32_t count = std::max(1, world_.servers.cluster().partition_count(topic));
      if (term == CallTerm::PartitionKnown) count = *send_->record.partition + 1;
      for (std::int32_t i = known; i < count; ++i) {
        core::PartitionMetadata partition;
        partition.partition = {topic, i};
        contents.partitions.push_back(partition);
      }
    }
    producer_.assume_metadata(std::move(contents), now_);
    return go_on_with_send(now_);
  }
  CallGoing go_on_with_send(core::Millis now) {
    if (!producer_.may_advance(*send_, now)) return CallGoing::WaitsOn;
    const auto progress = producer_.advance(*send_, now, nobody_);
    if (send_->error) return CallGoing::Fails;
    const auto* blocked = std::get_if<core::Blocked>(&progress);
    const bool is_same = blocked != nullptr && blocked->on == thread_.blocked_on;
    return is_same ? CallGoing::WaitsOn : CallGoing::GoesOn;
  }

  // --- What is waited for until it is done ---

  std::optional<CallGoing> complete_batches() const {
    const auto& flush = std::get<core::FlushCall>(thread_.call);
    core::ProduceRequestResults results = producer_.accumulator().results;
    for (const core::ResultId result : flush.results) results.at(result).is_done = true;
    return core::may_go_on(flush, results) ? CallGoing::GoesOn : CallGoing::WaitsOn;
  }
  std::optional<CallGoing> tell_fate() const {
    const auto& get = std::get<core::FutureCall>(thread_.call);
    core::ProduceRequestResults results = producer_.accumulator().results;
    results.at(results.resolve(get.future).result).is_done = true;
    return core::may_go_on(get, results, now_) ? CallGoing::GoesOn : CallGoing::WaitsOn;
  }
  std::optional<CallGoing> answer() const {
    const auto& call = std::get<core::TransactionCall>(thread_.call);
    core::TransactionalResult result = producer_.transactions()->result(*call.result);
    result.is_done = true;
    return core::may_go_on(call, result, now_) ? CallGoing::GoesOn : CallGoing::WaitsOn;
  }
  // By force, whatever is left to send.
  std::optional<CallGoing> stop_sender() {
    auto call = std::get<core::CloseCall>(thread_.call);
    const auto forced =
        producer_.begin_close(call.thread, core::Milliseconds{0},
                              core::KafkaProducer::Caller::Application, now_, nobody_);
    if (std::holds_alternative<core::ClientError>(forced)) return std::nullopt;
    if (!runs_out()) return std::nullopt;
    return ask(call, now_);
  }
  CallGoing ask(core::CloseCall& call, core::Millis now) {
    return std::holds_alternative<bool>(producer_.advance(call, now, nobody_)) ? CallGoing::GoesOn
                                                                               : CallGoing::WaitsOn;
  }
  // False: the sender goes on for ever.
  bool runs_out() {
    bool is_in_code =
        world_.processes[thread_.producer].sender.state == SenderThread::State::InUserCode;
    for (int i = 0; i < kMostPasses && producer_.sender().is_alive(); ++i) {
      const auto progress = is_in_code ? producer_.answer_sender({}, now_, nobody_)
                                       : producer_.run_sender(now_, nobody_);
      is_in_code = std::holds_alternative<core::UserCall>(progress);
    }
    return !producer_.sender().is_alive();
  }
  std::optional<CallGoing> return_from_code() {
    if (!send_ || !thread_.user_code || thread_.user_code->sending) return std::nullopt;
    const auto progress = producer_.answer(*send_, thread_.user_code->answer, now_, nobody_);
    const bool fails =
        std::holds_alternative<core::KafkaProducer::SendDone>(progress) && send_->error.has_value();
    return fails ? CallGoing::Fails : CallGoing::GoesOn;
  }
  std::optional<CallGoing> find_partition() {
    core::RecordAccumulator accumulator = producer_.accumulator();
    send_->append.partition = 0;
    core::RecordView record;
    if (send_->record.value) record.value = core::ByteSpan{*send_->record.value};
    const auto result =
        accumulator.append(send_->append, record, now_, producer_.metadata().snapshot(), nobody_);
    const bool loops = std::holds_alternative<core::RecordAccumulator::NeverReturns>(result);
    return loops ? CallGoing::WaitsOn : CallGoing::GoesOn;
  }

  // --- Time ---

  std::optional<CallGoing> let_time_pass(bool held) {
    if (held) return std::nullopt;
    const core::Millis then = world_.producer_time(*thread_.deadline);
    if (send_) return go_on_with_send(std::max(then, now_));
    if (const auto* transaction = std::get_if<core::TransactionCall>(&thread_.call)) {
      core::TransactionCall call = *transaction;
      producer_.advance(call, then, nobody_);
      if (!call.end) return CallGoing::WaitsOn;
      return call.end->outcome == core::CallOutcome::TimedOut ? CallGoing::Fails
                                                              : CallGoing::GoesOn;
    }
    if (const auto* close = std::get_if<core::CloseCall>(&thread_.call)) {
      core::CloseCall call = *close;
      producer_.advance(call, then, nobody_);
      if (!runs_out()) return CallGoing::WaitsOn;
      return ask(call, then);
    }
    return std::nullopt;
  }

  const World& world_;
  const AppThread& thread_;
  core::KafkaProducer producer_;
  std::optional<core::SendCall> send_;
  core::Millis now_;
  core::Journal nobody_{core::Journal::Mode::Off};
};

}  // namespace

std::string_view word(CallTerm term) {
  switch (term) {
    case CallTerm::FirstInLine:
      return "first in line";
    case CallTerm::MemoryFree:
      return "memory is free";
    case CallTerm::TopicKnown:
      return "the topic is known";
    case CallTerm::PartitionKnown:
      return "the partition is known";
    case CallTerm::BatchesComplete:
      return "no batch is incomplete";
    case CallTerm::FateKnown:
      return "the record's fate is known";
    case CallTerm::SenderStopped:
      return "the sender has stopped";
    case CallTerm::Answered:
      return "the coordinator has answered";
    case CallTerm::CodeReturned:
      return "the user's code has returned";
    case CallTerm::PartitionFound:
      return "a partition is found";
    case CallTerm::TimeIsUp:
      return "its time is up";
  }
  return "";
}

std::vector<CallTruth> terms_of_call(const World& world, core::ThreadId thread) {
  return CallReader{world, thread_at(world, thread)}.read();
}

std::optional<FlippedCall> flip_call(const World& world, core::ThreadId id) {
  const AppThread& thread = thread_at(world, id);
  const std::vector<CallTruth> truths = terms_of_call(world, id);
  if (truths.empty()) return std::nullopt;
  FlippedCall flipped;
  flipped.on = *thread.blocked_on;
  for (const CallTruth& truth : truths) {
    CallFlip flip{truth.term, std::nullopt, false};
    flip.then = CallTrial{world, thread}.turn_round(truth.term, truth.holds);
    flip.changes_outcome = flip.then && *flip.then != CallGoing::WaitsOn;
    flipped.held.push_back(truth.holds);
    flipped.flips.push_back(flip);
  }
  return flipped;
}

}  // namespace linger::sim
