#include "core/sender.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/decision_verdicts.h"

namespace linger::core {

Sender::Sender(Settings settings) : settings_{std::move(settings)} {}
Sender::Sender(const Sender&) = default;
Sender::Sender(Sender&&) noexcept = default;
Sender& Sender::operator=(const Sender&) = default;
Sender& Sender::operator=(Sender&&) noexcept = default;
Sender::~Sender() = default;

// --- The list of tasks ---

Sender::Progress Sender::run(Millis now, Parts parts) {
  const Call call{now, parts};
  Progress progress = PassEnded{};
  if (tasks_.empty() && !has_stopped_) plan_next(call);
  while (!tasks_.empty() && !has_stopped_) {
    // Callbacks are many, and may hold the thread at each record: this task stays where it is.
    if (auto* callbacks = std::get_if<RunCallbacks>(&tasks_.back())) {
      if (is_held_by_callbacks(*callbacks, call, progress)) return progress;
      tasks_.pop_back();
      continue;
    }
    const auto perform_next = [&](auto& next) {
      auto task = std::move(next);
      tasks_.pop_back();
      return perform(task, call);
    };
    if (Held held = std::visit(perform_next, tasks_.back())) {
      progress = *std::move(held);
      return progress;
    }
  }
  if (has_stopped_) progress = Stopped{};
  return progress;
}

// In Kafka: Sender.run.
void Sender::plan_next(Call call) {
  const auto has_work = [&] {
    return call.parts.accumulator.has_undrained() || call.parts.client.in_flight_count() > 0 ||
           has_pending_transaction(call);
  };
  if (is_running_ || (!is_forced_ && !completes_transaction_ && has_work())) {
    push_front(StartPass{});
  } else if (!is_forced_ && awaits_transaction(call)) {
    push_front(StartPass{});
  } else if (is_forced_ && !has_aborted_) {
    if (call.parts.transactions != nullptr && !has_failed_transaction_) {
      has_failed_transaction_ = true;
      call.parts.transactions->close(call.parts.journal);
    }
    // Until no thread is left in append(), and once more after that.
    has_aborted_ = call.parts.accumulator.appends_in_progress() == 0;
    push_front(AbortAll{settings_.forced_close});
  } else {
    push_front(CloseClient{});
  }
}

Sender::Progress Sender::answer(const UserCallAnswer& answer, Millis now, Parts parts) {
  CHECK(held_by_);
  const UserCallStarted ended = *std::exchange(held_by_, std::nullopt);
  parts.journal.add(UserCallEnded{ended.kind, ended.record, ended.index, answer.threw});
  if (answer.threw && is_java_error(*answer.threw)) {
    die(*answer.threw, {now, parts});
    return Stopped{};
  }
  if (answer.threw) {
    parts.journal.log(LogLevel::Error,
                      "Error executing user-provided callback on message: " + *answer.threw);
  }
  return run(now, parts);
}

void Sender::die(const std::string& threw, Call call) {
  tasks_.clear();
  has_stopped_ = true;
  call.parts.journal.log(LogLevel::Error,
                         "Uncaught exception in kafka-producer-network-thread: " + threw);
  call.parts.journal.add(SenderStopped{true});
}

// --- A pass ---

Sender::Held Sender::perform(StartPass, Call call) {
  call.parts.journal.add(SenderPassStarted{passes_++});
  if (call.parts.transactions != nullptr && starts_with_transaction(call)) return std::nullopt;
  return perform(SendProducerData{}, call);
}

// In Kafka: sendProducerData, up to the expiry of batches, whose callbacks may hold the thread.
Sender::Held Sender::perform(SendProducerData, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  if (call.parts.transactions != nullptr) {
    accumulator.note_completing(call.parts.transactions->is_completing());
  }
  auto check = accumulator.ready(call.now, call.parts.metadata.snapshot(), call.parts.journal);
  for (const TopicId topic : check.unknown_leader_topics) {
    // The topic may have been dropped for want of use; or its leader election is pending.
    call.parts.metadata.add(topic, call.now, call.parts.journal);
  }
  if (!check.unknown_leader_topics.empty()) {
    call.parts.metadata.request_update("records wait for a partition without a known leader",
                                       call.parts.journal);
  }
  FinishProducerData rest;
  rest.now = call.now;
  rest.next_ready_check = check.next_check;
  rest.not_ready_delay = kForever;
  const std::vector<NodeId> nodes =
      nodes_that_take_data(std::move(check.ready_nodes), rest.not_ready_delay, call);
  rest.any_node_ready = !nodes.empty();
  rest.drained =
      accumulator.drain(nodes, settings_.max_request_size, call.now, call.parts.metadata.snapshot(),
                        call.parts.transactions, call.parts.journal);
  for (const auto& drained : rest.drained) {
    for (const BatchId id : drained.batches) {
      ProducerBatch& batch = accumulator.batches.write(id);
      in_flight_batches_.add(batch.partition, id);
      // It may expire before this pass sends it, and is sent all the same.
      ++batch.requests_out;
      accumulator.buffers.add_reader(batch.builder.buffer());
      if (settings_.guarantees_message_order) accumulator.mute(batch.partition, call.parts.journal);
    }
  }
  accumulator.forget_next_expiry();
  const auto expired_in_flight = take_expired_in_flight(call);
  const auto expired_queued = accumulator.take_expired(call.now);
  if (expired_in_flight.empty() && expired_queued.empty()) return perform(rest, call);
  push_front(std::move(rest));
  plan_expiry(expired_in_flight, true, call);
  plan_expiry(expired_queued, false, call);  // to come first
  return std::nullopt;
}

std::vector<NodeId> Sender::nodes_that_take_data(std::vector<NodeId> ready_nodes,
                                                 Milliseconds& not_ready_delay, Call call) {
  NetworkClient& client = call.parts.client;
  std::erase_if(ready_nodes, [&](NodeId node) {
    NodeDecision decision = client.node_decision(node, call.now, call.parts.metadata);
    if (!decision.ready) client.ready(node, call.now, call.parts.metadata, call.parts.journal);
    call.parts.accumulator.note_node_latency(node, call.now, decision.ready);
    if (!decision.ready) {
      decision.delay = client.poll_delay(node, call.now);
      not_ready_delay = std::min(not_ready_delay, decision.delay);
    }
    const auto known = node_decisions_.find(node);
    if (known == node_decisions_.end() || known->second != decision) {
      call.parts.journal.add(decision);
      node_decisions_.insert_or_assign(node, decision);
    }
    return !decision.ready;
  });
  return ready_nodes;
}

// Before KIP-91 a request in flight is left to its own timeout.
std::vector<RecordAccumulator::Expired> Sender::take_expired_in_flight(Call call) {
  const ExpirySettings& settings = call.parts.accumulator.settings().expiry;
  std::vector<RecordAccumulator::Expired> expired;
  if (settings.clock != ExpiryClock::FromCreation) return expired;
  in_flight_batches_.for_each_partition([&](std::vector<BatchId>& batches) {
    auto live = batches.begin();
    for (; live != batches.end(); ++live) {
      const ProducerBatch& batch = call.parts.accumulator.batches.at(*live);
      const auto expiry = expiry_of(batch, PlaceInDeque::BeforeOthers, settings, call.now);
      if (!expiry) {
        call.parts.accumulator.note_expiry_of(batch);
        break;
      }
      CHECK(!batch.is_done());
      expired.push_back({*live, *expiry});
    }
    batches.erase(batches.begin(), live);
  });
  return expired;
}

void Sender::plan_expiry(const std::vector<RecordAccumulator::Expired>& expired, bool in_flight,
                         Call call) {
  for (auto one = expired.rbegin(); one != expired.rend(); ++one) {
    const BatchId id = one->batch;
    const ProducerBatch& batch = call.parts.accumulator.batches.at(id);
    const ClientError error =
        error_of(one->why, batch.builder.record_count(), call.parts.topics.text(batch.partition));
    push_front(FailBatch{id, error, {}, false}, MarkUnresolvedIfRetried{id}, ForgetIfUnused{id});
  }
  for (const auto& [id, why] : expired) {
    const ProducerBatch& batch = call.parts.accumulator.batches.at(id);
    call.parts.journal.add(BatchExpired{.batch = id,
                                        .partition = batch.partition,
                                        .in_flight = in_flight,
                                        .records = batch.builder.record_count(),
                                        .attempts = batch.attempts,
                                        .age = call.now - batch.created});
  }
}

Sender::Held Sender::perform(FinishProducerData& task, Call call) {
  const Millis next_expiry = call.parts.accumulator.next_expiry();
  SleepDecision decision;
  decision.next_ready_check = task.next_ready_check;
  decision.not_ready_delay = task.not_ready_delay;
  decision.next_expiry = next_expiry == kNever ? kForever : next_expiry - task.now;
  decide_sleep(decision, task.any_node_ready);
  if (decision != last_sleep_) call.parts.journal.add(decision);
  last_sleep_ = decision;

  const auto by_node = [](const auto& a, const auto& b) { return a.node < b.node; };
  if (task.drained.size() > 1) std::sort(task.drained.begin(), task.drained.end(), by_node);
  bool is_thrown = false;
  for (const auto& drained : task.drained) {
    if (drained.batches.empty()) continue;
    // As of the time when the pass began, however long callbacks took since.
    if (!is_thrown) is_thrown = !send_produce_request(drained, {task.now, call.parts});
    if (is_thrown) let_buffers_go(drained, call);
  }
  if (is_thrown) {
    tasks_.clear();
    return std::nullopt;
  }
  return perform(Poll{decision.timeout}, call);
}

namespace {

// The batch's records in an older format, without their headers, in a buffer of their own: since it
// was written a broker turned up that takes no newer one. In Kafka: RecordsUtil.downConvert.
// Differs: there it throws for zstd, in the sender's thread; here such records are not compressed.
MemoryRecordsBuilder down_converted(const ProducerBatch& batch, Magic magic,
                                    RecordAccumulator& accumulator) {
  const CompressionType type = batch.builder.format().compression.type;
  const bool has_codec = type != CompressionType::Zstd;
  const RecordFormat format{
      .magic = magic, .compression = compression_of(has_codec ? type : CompressionType::None)};
  const Bytes capacity = batch.builder.capacity();
  MemoryRecordsBuilder older{accumulator.buffers.create(),
                             {.format = format, .capacity = capacity, .write_limit = capacity}};
  for (const Record& record : accumulator.records_of(batch)) {
    RecordView without_headers = record.view();
    without_headers.headers = {};
    older.append(without_headers, accumulator.buffers);
  }
  older.close(accumulator.buffers);
  return older;
}

}  // namespace

// False if the client refuses to write it, and throws: that ends the pass. The batches count as in
// flight all the same, until they expire.
bool Sender::send_produce_request(const RecordAccumulator::Drained& drained, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  ProduceSend body;
  body.acks = settings_.acks;
  body.timeout = settings_.acks_timeout;
  body.transactional_id = settings_.transactional_id;
  body.magic = call.parts.client.usable_magic();
  for (const BatchId id : drained.batches) {
    body.magic = std::min(body.magic, accumulator.batches.at(id).builder.format().magic);
  }
  body.parts.reserve(drained.batches.size());
  std::vector<BufferId> converted;
  for (const BatchId id : drained.batches) {
    const ProducerBatch& batch = accumulator.batches.at(id);
    metrics_.records_sent += batch.builder.record_count();
    if (batch.builder.format().magic == body.magic) {
      body.parts.push_back({batch.partition, id, batch.builder.buffer(), batch.builder.size()});
    } else {
      const MemoryRecordsBuilder older = down_converted(batch, body.magic, accumulator);
      converted.push_back(older.buffer());
      body.parts.push_back({batch.partition, id, older.buffer(), older.size()});
    }
  }
  const ClientRequest request{.destination = drained.node,
                              .body = std::move(body),
                              .expect_response = settings_.acks != 0,
                              .timeout = settings_.request_timeout,
                              .created = call.now};
  const bool is_sent = may_be_written(request, drained, call);
  if (is_sent) {
    ++metrics_.produce_requests;
    call.parts.client.send(request, call.now, call.parts.metadata, accumulator.buffers,
                           call.parts.journal);
    let_buffers_go(drained, call);
  }
  for (const BufferId buffer : converted) accumulator.buffers.discard(buffer);
  return is_sent;
}

// In Kafka: ProduceRequest.validateRecords.
bool Sender::may_be_written(const ClientRequest& request, const RecordAccumulator::Drained& drained,
                            Call call) const {
  const std::int16_t version = call.parts.client.version_to_send(request);
  const bool may_be_refused = version >= kFirstProduceVersionOfFormat2;
  if (!may_be_refused || version >= kFirstProduceVersionWithZstd) return true;
  for (const BatchId id : drained.batches) {
    const ProducerBatch& batch = call.parts.accumulator.batches.at(id);
    if (batch.builder.format().compression.type != CompressionType::Zstd) continue;
    call.parts.journal.log(LogLevel::Error,
                           "Uncaught error in kafka producer I/O thread: Produce requests with "
                           "version " +
                               std::to_string(version) +
                               " are not allowed to use ZStandard compression");
    return false;
  }
  return true;
}

// Whatever is to be written of the batches is in a frame by now.
void Sender::let_buffers_go(const RecordAccumulator::Drained& drained, Call call) {
  RecordAccumulator& accumulator = call.parts.accumulator;
  for (const BatchId id : drained.batches) {
    accumulator.buffers.remove_reader(accumulator.batches.at(id).builder.buffer());
  }
}

// --- Waiting ---

Sender::Held Sender::perform(Poll task, Call call) {
  const Milliseconds timeout =
      call.parts.client.begin_poll(task.timeout, call.now, call.parts.metadata,
                                   call.parts.accumulator.buffers, call.parts.journal);
  call.parts.journal.add(SenderSlept{task.timeout, timeout});
  push_front(FinishPoll{});
  return Polling{timeout};
}

Sender::Held Sender::perform(FinishPoll, Call call) {
  PollResult result = call.parts.client.finish_poll(
      call.now, call.parts.metadata, call.parts.accumulator.buffers, call.parts.journal);
  if (call.parts.client.is_out_of_memory()) {
    die("java.lang.OutOfMemoryError: Java heap space", call);
    return Stopped{};
  }
  if (result.thrown) {  // it ends the pass, and the loop goes on
    tasks_.clear();
    call.parts.journal.log(
        LogLevel::Error, "Uncaught error in kafka producer I/O thread: " + result.thrown->message);
    return std::nullopt;
  }
  if (result.responses.empty()) return std::nullopt;
  for (std::size_t i = result.responses.size(); --i > 0;) {
    push_front(HandleResponse{std::move(result.responses[i])});
  }
  handle_response(result.responses.front(), call);
  return std::nullopt;
}

Sender::Held Sender::perform(Sleep task, Call call) {
  if (call.now >= task.until) return std::nullopt;
  push_front(task);
  return Sleeping{task.until};
}

// --- Shutdown ---

Sender::Held Sender::perform(AbortAll& task, Call call) {
  const std::vector<BatchId> incomplete = call.parts.accumulator.incomplete();
  const bool is_told = call.parts.transactions != nullptr &&
                       call.parts.transactions->is_transactional() && !incomplete.empty();
  if (is_told) {
    call.parts.journal.add(
        BatchesAborted{task.error, false, static_cast<std::int32_t>(incomplete.size())});
  }
  for (auto id = incomplete.rbegin(); id != incomplete.rend(); ++id) {
    push_front(AbortBatch{*id, task.error});
  }
  if (is_forced_ && call.parts.accumulator.appends_in_progress() > 0) {
    tasks_.insert(tasks_.begin(), AbortAll{task.error});  // behind all that is left to do
    return incomplete.empty() ? Held{WaitsForAppends{}} : std::nullopt;
  }
  return std::nullopt;
}

Sender::Held Sender::perform(CloseClient, Call call) {
  for (const BatchId id : call.parts.accumulator.incomplete()) return_kept_buffer(id, call);
  call.parts.client.close(call.parts.metadata, call.parts.accumulator.buffers, call.parts.journal);
  has_stopped_ = true;
  call.parts.journal.add(SenderStopped{false});
  return Stopped{};
}

}  // namespace linger::core
