#include "sim/conform/observer.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/java_hash.h"
#include "sim/conform/observer_text.h"

namespace linger::sim::conform {

Observer::Observer(const World& world)
    : world_{&world}, scenario_{world.scenario.get()}, side_{world}, sent_(world.threads.size()) {
  for (const AppThreadSpec& thread : scenario_->threads) {
    std::vector<std::int64_t>& numbers = planned_numbers_.emplace_back();
    for (const AppAction& action : thread.program) {
      const auto* send = std::get_if<SendAction>(&action);
      if (send == nullptr) continue;
      for (std::int64_t i = 0; i < send->count; ++i) {
        numbers.push_back(send->first_number.value_or(0) + i);
      }
    }
  }
}

void Observer::take(const World& world, const std::vector<TraceEvent>& events) {
  world_ = &world;
  now_ = milliseconds_of(world.now);
  if (side_.has_ended(now_)) return;
  const std::size_t told_before = lines_.must.size();
  tell_end_of_close();
  tell_resumed(events);
  for (const TraceEvent* event : as_observed(events)) {
    visit_event(*event, [this](const auto& concrete) {
      using E = std::decay_t<decltype(concrete)>;
      if (ends_a_drain<E>()) end_drain();
      tell(concrete);
    });
  }
  end_drain();
  end_append();
  end_batch();
  answer_all();
  end_flushes();
  tell_force();
  incomplete_before_ = producer().accumulator().incomplete().size();
  using Told = SideObserver::Told;
  side_.take(world, events, lines_.must.size() > told_before ? Told::Something : Told::Nothing);
}

// A send that fails is told before what it does to its transaction.
std::vector<const TraceEvent*> Observer::as_observed(const std::vector<TraceEvent>& events) {
  std::vector<const TraceEvent*> ordered;
  for (const TraceEvent& event : events) {
    auto at = ordered.end();
    const auto is_change = [](const TraceEvent* other) {
      return other->as<core::TransactionStateChanged>() != nullptr;
    };
    if (event.as<core::SendFailed>() != nullptr) {
      while (at != ordered.begin() && is_change(*std::prev(at))) --at;
    }
    ordered.insert(at, &event);
  }
  return ordered;
}

ObservedLines Observer::finish(const World& world) {
  world_ = &world;
  const Cluster& cluster = world.servers.cluster();
  for (const TopicId topic : cluster.topics()) {
    for (std::int32_t i = 0; i < cluster.partition_count(topic); ++i) {
      const PartitionLog& log = cluster.find({topic, i})->log;
      if (log.batch_count() == 0) continue;
      std::string line = fmt::format("# LOG {}", partition_text({topic, i}));
      for (std::size_t b = 0; b < log.batch_count(); ++b) {
        line += fmt::format(" {}:{}", log.batch(b).base_offset(), content_text(log.batch(b)));
      }
      lines_.logs.push_back(std::move(line));
    }
  }
  std::vector<std::string> others = side_.finish(world);
  std::move(others.begin(), others.end(), std::back_inserter(lines_.should));
  return std::move(lines_);
}

// --- Where lines go ---

void Observer::must(std::string line) {
  end_batch();
  is_quiet_ = false;
  lines_.must.push_back(fmt::format("{} {}", now_, line));
}

std::string Observer::partition_text(core::TopicPartition partition) const {
  return scenario_->topics.text(partition);
}

// Some classes had another name once.
std::string_view Observer::class_text(const core::ClientError& error) const {
  return core::name(error.exception, scenario_->era);
}

std::string Observer::thread_text(core::ThreadId thread) const {
  return "app-" + scenario_->threads[static_cast<std::size_t>(thread.value())].name;
}

std::string Observer::pool_text() const {
  const core::BufferPool& pool = producer().accumulator().pool();
  return fmt::format("avail={} queued={}", pool.available().count(), pool.waiter_count());
}

// --- Application threads ---

// The end of a wait for memory comes before what the thread did with it.
void Observer::tell_resumed(const std::vector<TraceEvent>& events) {
  for (const TraceEvent& event : events) {
    const auto* resumed = event.as<core::CallResumed>();
    if (resumed == nullptr || resumed->on != core::BlockedOn::Memory) continue;
    const auto is_timeout = [](const TraceEvent& other) {
      const auto* failed = other.as<core::SendFailed>();
      return failed != nullptr && is_exhausted(failed->error.exception);
    };
    const bool timed_out = std::any_of(events.begin(), events.end(), is_timeout);
    must(fmt::format("{} thread={}", timed_out ? "BLOCKTIMEOUT" : "UNBLOCK",
                     thread_text(resumed->thread)));
  }
}

void Observer::tell(const core::CallBlocked& event) {
  if (event.on != core::BlockedOn::Memory) return;
  must(fmt::format("BLOCK thread={} maxms={}", thread_text(event.thread), event.at_most.count()));
}

void Observer::tell(const core::SendCalled& event) {
  const auto thread = static_cast<std::size_t>(event.thread.value());
  numbers_[event.record] = planned_numbers_[thread][sent_[thread]++];
  side_.name_record(event.record, told_number(event.record));
}

void Observer::tell(const core::SendFailed& event) {
  end_append();  // it is in a batch all the same
  const auto limit = refused_size(event.error);
  const std::string id =
      fmt::format("APPENDERR id={} err={}", number_of(event.record), class_text(event.error));
  if (event.delivery != core::Delivery::Delivered) {
    must(fmt::format("{} msg={}", id, refusal_text(event.error)));
    return;
  }
  const std::int64_t upper = limit.value_or(upper_bound_of(event.record).count());
  must(fmt::format("{} upper={} {}", id, upper, pool_text()));
  // What stands for KafkaProducer.send in an observation shortens this message, and knows no
  // partition yet where the accumulator chooses it.
  core::TopicPartition partition = event.partition;
  const bool chooses_later = scenario_->rules.has(core::Rule::Kip794BuiltInPartitioner);
  if (limit && chooses_later) partition.partition = -1;
  const std::string message = limit ? fmt::format("The_message_is_{}_bytes_when_serialized", *limit)
                                    : words_joined(event.error.message);
  must(fmt::format("CB id={} tp={} err={} msg={}", number_of(event.record),
                   partition_text(partition), class_text(event.error), message));
}

// What a record's value shows of its number: too short a one shows nothing.
std::int64_t Observer::told_number(core::RecordId record) const {
  constexpr Bytes kNumber{4};
  const SendAction* send = action_of(record);
  return send != nullptr && send->value_size.largest < kNumber ? -1 : number_of(record);
}

// Of the record that is being sent: nothing else is known of one that was refused.
Bytes Observer::upper_bound_of(core::RecordId record) const {
  const SendAction* send = action_of(record);
  if (send == nullptr) return Bytes{0};
  return upper_bound(*send, number_of(record), producer().accumulator().settings().format);
}

const SendAction* Observer::action_of(core::RecordId record) const {
  const std::int64_t number = number_of(record);
  for (const AppThreadSpec& thread : scenario_->threads) {
    for (const AppAction& action : thread.program) {
      const auto* send = std::get_if<SendAction>(&action);
      if (send == nullptr || !send->first_number) continue;
      if (number >= *send->first_number && number < *send->first_number + send->count) return send;
    }
  }
  return nullptr;
}

// --- Memory and appends ---

void Observer::tell(const core::MemoryAllocated& event) {
  must(fmt::format("ALLOC size={} unalloc={} avail={} queued={}", event.size.count(),
                   event.non_pooled.count(), event.available.count(), event.waiters));
}

void Observer::tell(const core::MemoryReleased& event) {
  must(fmt::format("MEM freed={} free={} unalloc={} avail={} queued={}", event.size.count(),
                   event.free_buffers, event.non_pooled.count(), event.available.count(),
                   event.waiters));
  if (!last_done_ || expiring_.erase(*last_done_) == 0 || !expiring_.empty()) return;
  for (std::string& line : std::exchange(expired_, {})) must(std::move(line));
}

void Observer::tell(const core::BatchOpened& event) {
  Batch& batch = batches_[event.batch];
  batch.partition = partition_text(event.partition);
  batch.created = batch.last_append = batch.last_attempt = now_;
}

void Observer::tell(const core::RecordAppended& event) {
  Batch& batch = batches_[event.batch];
  batch.records = event.index + 1;
  batch.last_append = now_;
  // An append tells its bytes since the accumulator chooses by them.
  const bool tells_bytes = scenario_->rules.has(core::Rule::Kip794BuiltInPartitioner);
  const std::string bytes = tells_bytes ? fmt::format(" bytes={}", event.bytes.count()) : "";
  append_ =
      fmt::format("APPEND id={} tp={} b={} new={} full={}{} est={} upper={} recs={} dq={}",
                  number_of(event.record), batch.partition, event.batch.value(),
                  int{event.new_batch}, int{event.batch_is_full}, bytes, event.batch_size.count(),
                  event.upper_bound.count(), batch.records, event.deque_size);
}

// An append is told when it returns, which is after a buffer that was not needed went back.
void Observer::end_append() {
  if (append_.empty()) return;
  must(fmt::format("{} {}", std::exchange(append_, ""), pool_text()));
}

// Woken, and not satisfied yet.
void Observer::tell(const core::WaiterGathered& event) {
  for (const AppThread& thread : world_->threads) {
    const auto* send = std::get_if<core::SendCall>(&thread.call);
    if (send == nullptr || send->append.waiter != event.waiter) continue;
    const auto left = milliseconds_of(thread.deadline.value_or(world_->now)) - now_;
    must(fmt::format("UNBLOCK thread={}", thread_text(thread.id)));
    must(fmt::format("BLOCK thread={} maxms={}", thread_text(thread.id), left));
  }
}

// --- Draining and sending ---

void Observer::tell(const core::DrainDecision& event) {
  const auto of_node = [&](const Drain& drain) { return drain.node == event.node; };
  if (std::none_of(drains_.begin(), drains_.end(), of_node)) drains_.push_back({event.node, ""});
}

void Observer::tell(const core::BatchDrained& event) {
  Batch& batch = batches_[event.batch];
  batch.records = event.records;
  batch.bytes = event.bytes.count();
  drains_.push_back(
      {event.node,
       fmt::format("DRAIN node={} tp={} b={} recs={} bytes={} seq={} att={} age={}",
                   event.node.value(), batch.partition, event.batch.value(), event.records,
                   event.bytes.count(), event.sequence, event.attempts, event.age.count())});
}

void Observer::end_drain() {
  std::vector<Drain> drains = std::exchange(drains_, {});
  std::stable_sort(drains.begin(), drains.end(),
                   [](const Drain& a, const Drain& b) { return a.node < b.node; });
  if (drains.empty()) return;
  std::vector<core::NodeId> nothing;
  for (std::size_t i = 0; i < drains.size(); ++i) {
    const bool drained_some = i + 1 < drains.size() && drains[i + 1].node == drains[i].node;
    if (drains[i].line.empty() && !drained_some &&
        (i == 0 || drains[i - 1].node != drains[i].node)) {
      nothing.push_back(drains[i].node);
    }
  }
  // A pass that says what the one before said is not told.
  const bool has_lines = std::any_of(drains.begin(), drains.end(),
                                     [](const Drain& drain) { return !drain.line.empty(); });
  const bool tells_nothing = !is_quiet_ || has_lines || nothing != drained_nothing_;
  for (const Drain& drain : drains) {
    const bool is_nothing = std::find(nothing.begin(), nothing.end(), drain.node) != nothing.end();
    if (!drain.line.empty()) must(drain.line);
    if (is_nothing && tells_nothing) {
      must(fmt::format("DRAIN node={} none=1", drain.node.value()));
    }
  }
  drained_nothing_ = std::move(nothing);
  is_quiet_ = !has_lines;
}

void Observer::tell(const core::RequestSent& event) {
  if (event.api != core::ApiKey::Produce) return;
  Request& request = requests_[event.correlation];
  request.number = ++produce_requests_;
  request.batches = event.batches;
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  std::vector<std::string> partitions;
  for (const core::BatchId id : event.batches) {
    const Batch& batch = batches_[id];
    ++out_[id];
    records += batch.records;
    bytes += batch.bytes;
    partitions.push_back(batch.partition);
  }
  must(fmt::format("SEND req={} node={} acks={} parts={} recs={} bytes={} tps=[{}] inflight={}",
                   request.number, event.node.value(), static_cast<int>(producer().config().acks),
                   partitions.size(), records, bytes, fmt::join(partitions, ","), event.in_flight));
}

void Observer::tell(const BatchWritten& event) {
  const auto request = requests_.find(event.correlation);
  if (request == requests_.end()) return;
  const bool failed = event.error != core::ErrorCode::None;
  request->second.parts.push_back(
      {event.partition, fmt::format("{}:{}@{}", partition_text(event.partition),
                                    error_text(event.error), failed ? -1 : event.base_offset)});
}

// --- Answers ---

// In the order in which the client handles them.
std::string Observer::text_of(std::vector<AnsweredPart> parts) const {
  std::vector<std::string> texts;
  std::vector<std::int32_t> hashes;
  for (AnsweredPart& part : parts) {
    texts.push_back(std::move(part.text));
    hashes.push_back(
        core::java_hash(scenario_->topics.name(part.partition.topic), part.partition.partition));
  }
  if (scenario_->rules.has(core::Rule::Kafka9628AnswerInItsOrder)) {
    return fmt::format("{}", fmt::join(texts, ","));
  }
  std::vector<std::string> sorted;
  for (const std::size_t at : core::java_hash_map_order(hashes)) sorted.push_back(texts[at]);
  return fmt::format("{}", fmt::join(sorted, ","));
}

void Observer::tell(const core::RequestCompleted& event) {
  const auto request = requests_.find(event.correlation);
  if (request == requests_.end()) {
    responses_.push_back({"", {}, event.correlation});
    return;
  }
  const bool has_answer = event.outcome == core::RequestOutcome::Ok;
  responses_.push_back(
      {fmt::format("RESP req={} node={} kind={} latency={} parts=[{}]", request->second.number,
                   event.node.value(), outcome_text(event.outcome), event.latency.count(),
                   has_answer ? text_of(request->second.parts) : ""),
       request->second.batches, event.correlation});
}

// A response is told when it is handled, which the first line about one of its batches shows.
void Observer::answered(core::BatchId batch) {
  const auto names_it = [&](const Response& response) {
    return std::find(response.batches.begin(), response.batches.end(), batch) !=
           response.batches.end();
  };
  if (std::none_of(responses_.begin(), responses_.end(), names_it)) return;
  for (bool is_last = false; !is_last;) {
    const Response next = std::move(responses_.front());
    responses_.pop_front();
    is_last = names_it(next);
    tell_response(next);
  }
}

void Observer::answer_all() {
  for (const Response& response : std::exchange(responses_, {})) tell_response(response);
}

void Observer::tell_response(const Response& response) {
  if (!response.line.empty()) must(response.line);
  for (const core::BatchId batch : response.batches) --out_[batch];
}

void Observer::tell(const core::BatchRetried& event) {
  answered(event.batch);
  Batch& batch = batches_[event.batch];
  batch.last_attempt = batch.last_append = now_;
  must(fmt::format("RETRY tp={} b={} att={} seq={} pos={} dq={}", batch.partition,
                   event.batch.value(), event.attempts, event.sequence, event.position,
                   event.deque_size));
}

void Observer::tell(const core::BatchSplit& event) {
  answered(event.batch);
  const Batch original = batches_[event.batch];
  must(fmt::format("SPLIT tp={} b={} recs={} bytes={} into={}", original.partition,
                   event.batch.value(), original.records, original.bytes, event.into.size()));
  for (const core::BatchId part : event.into) {
    batches_[part] = original;
    tell_split_part(part);
  }
  const core::ProducerBatch* batch = find_batch(event.batch);
  const core::ProducerBatch* first_part = find_batch(event.into.front());
  must(fmt::format("DONE tp={} b={} state=null recs={} att={} seq={} inflight=0 split={} age={}",
                   original.partition, event.batch.value(), original.records,
                   batch == nullptr ? 0 : batch->attempts,
                   first_part == nullptr ? -1 : first_part->builder.base_sequence(),
                   int{original.is_split}, now_ - original.created));
}

void Observer::tell_split_part(core::BatchId id) {
  Batch& part = batches_[id];
  part.is_split = true;
  const core::ProducerBatch* batch = find_batch(id);
  if (batch == nullptr) return;
  part.records = batch->builder.record_count();
  must(fmt::format("SPLITINTO tp={} b={} recs={} est={} seq={} created={} split=1", part.partition,
                   id.value(), part.records, batch->builder.size().count(),
                   batch->builder.base_sequence(), part.created));
}

const core::ProducerBatch* Observer::find_batch(core::BatchId id) const {
  const core::BatchTable& batches = producer().accumulator().batches;
  return batches.contains(id) ? &batches.at(id) : nullptr;
}

// --- The end of batches ---

void Observer::tell(const core::BatchExpired& event) {
  if (event.in_flight) return;
  const Batch& batch = batches_[event.batch];
  std::string line =
      fmt::format("EXPIRE where=accumulator tp={} b={} recs={} att={} age={}", batch.partition,
                  event.batch.value(), event.records, event.attempts, event.age.count());
  if (scenario_->rules.has(core::Rule::Kip91DeliveryTimeout)) {
    must(std::move(line));
    return;
  }
  line += fmt::format(" sinceAppend={} sinceAttempt={}", now_ - batch.last_append,
                      now_ - batch.last_attempt);
  expired_.push_back(std::move(line));  // told when all of them are over
  expiring_.insert(event.batch);
}

void Observer::tell(const core::RecordCompleted& event) {
  if (!event.batch) return;
  answered(*event.batch);
  if (event.error && is_forced_abort(*event.error)) tell_abort();
  const std::string start =
      fmt::format("CB id={} tp={}", number_of(event.record), partition_text(event.partition));
  if (event.error) {
    must(fmt::format("{} err={} msg={}", start, class_text(*event.error),
                     words_joined(event.error->message)));
  } else {
    must(fmt::format("{} off={}", start, event.offset));
  }
}

void Observer::tell(const core::BatchCompleted& event) {
  last_done_ = event.batch;
  answered(event.batch);
  const Batch& batch = batches_[event.batch];
  const bool knows_split = scenario_->rules.has(core::Rule::Kip126SplitBatches);
  // Batches have a state of their own since KIP-98; before, they have failed or not.
  const bool knows_aborted = scenario_->rules.has(core::Rule::Kip98ProducerId);
  const bool is_aborted = event.state == core::BatchState::Aborted;
  const core::BatchState state =
      is_aborted && !knows_aborted ? core::BatchState::Failed : event.state;
  end_batch();
  done_ = fmt::format("DONE tp={} b={} state={} recs={} att={} seq={} inflight={}{} age={}",
                      batch.partition, event.batch.value(), state_text(state), event.records,
                      event.attempts, event.sequence, int{out_[event.batch] > 0},
                      knows_split ? fmt::format(" split={}", int{batch.is_split}) : "",
                      event.age.count());
}

// A batch is done for an observation when it gives its memory back, which is after the transaction
// manager has heard of it.
void Observer::end_batch() {
  if (done_.empty()) return;
  const std::string line = std::exchange(done_, "");
  must(line);
}

}  // namespace linger::sim::conform
