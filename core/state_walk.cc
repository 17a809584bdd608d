#include "core/state_walk.h"

#include <algorithm>
#include <cstddef>

#include "core/check.h"

namespace linger::core {
namespace {

constexpr std::size_t kSizeField = 4;
constexpr std::size_t kCorrelation = 4;

std::size_t frame_size(ByteSpan stream) {
  if (stream.size() < kSizeField) return 0;
  const auto body = load<std::int32_t>(stream.data());
  return body < 0 ? 0 : kSizeField + static_cast<std::size_t>(body);
}

template <class Set>
void add_all(StateKey& key, const Set& all) {
  key.add(all.size());
  for (const auto& one : all) key.add(one);
}

}  // namespace

void add_responses(StateKey& key, ByteSpan stream) {
  for (std::size_t size = frame_size(stream);
       size > kSizeField + kCorrelation && size <= stream.size(); size = frame_size(stream)) {
    key.add(stream.subspan(kSizeField + kCorrelation, size - kSizeField - kCorrelation));
    stream = stream.subspan(size);
  }
  key.add(stream);
}

void StateWalk::walk(const KafkaProducer& producer) {
  config_ = &producer.config();
  accumulator_ = &producer.accumulator_;
  metadata_ = &producer.metadata_;
  transactions_ = producer.transactions_ ? &*producer.transactions_ : nullptr;
  batches_.clear();
  results_.clear();
  buffers_.clear();
  waiters_.clear();
  transaction_results_.clear();
  walk(producer.accumulator_);
  walk(producer.sender_);
  walk(producer.client_);
  walk_other_batches();
  walk(producer.metadata_);
  key_.add(producer.partitioner_.has_value());
  if (producer.partitioner_) walk(*producer.partitioner_);
  key_.add(producer.partition_choice_.taken(), producer.is_closed_);
  key_.add(producer.transactions_.has_value());
  if (producer.transactions_) walk(*producer.transactions_);
}

// --- Names ---

// The first who meets a batch tells all about it.
void StateWalk::batch(BatchId id) {
  const FirstMet::Name name = batches_.of(id.value());
  key_.add(name.number);
  if (name.is_new && accumulator_->batches.contains(id)) walk(accumulator_->batches.at(id));
}

// Those that nobody waits for but their buffers. Which of two partitions had its batch opened first
// makes no difference to what may come.
void StateWalk::walk_other_batches() {
  std::vector<BatchId> others;
  accumulator_->batches.for_each([&](const ProducerBatch& each) {
    if (!batches_.knows(each.id.value())) others.push_back(each.id);
  });
  std::stable_sort(others.begin(), others.end(), [&](BatchId a, BatchId b) {
    return accumulator_->batches.at(a).partition < accumulator_->batches.at(b).partition;
  });
  batches(others);
}

void StateWalk::batches(const std::vector<BatchId>& ids) {
  key_.add(ids.size());
  for (const BatchId id : ids) batch(id);
}

void StateWalk::result(ResultId id) {
  const FirstMet::Name name = results_.of(id.value());
  key_.add(name.number);
  if (!name.is_new) return;
  const ProduceRequestResult& result = accumulator_->results.at(id);
  key_.add(result.partition, result.base_offset, result.is_done, result.holders);
  error(result.error);
  key_.add(result.record_errors.size(), result.chained.size());
  for (const RecordFuture& future : result.chained) {
    this->result(future.result);
    key_.add(future.index);
  }
}

void StateWalk::error(const std::optional<ClientError>& error) {
  key_.add(error.has_value());
  if (error) key_.add(error->exception);
}

template <class Map>
void StateWalk::deadlines(const Map& at) {
  key_.add(at.size());
  for (const auto& [who, when] : at) {
    key_.add(who);
    key_.deadline(when);
  }
}

// Whatever lies further back than that is over.
Milliseconds StateWalk::longest_backoff() const {
  return std::max(config_->retry_backoff, config_->retry_backoff_max);
}

// --- The accumulator ---

void StateWalk::walk(const RecordAccumulator& accumulator) {
  for (const auto& [id, topic] : accumulator.topics_) {
    key_.add(id);
    walk(topic.partitioner);
    key_.add(topic.queues.size());
    for (const auto& [partition, queue] : topic.queues) {
      key_.add(partition);
      batches(queue.batches);
    }
  }
  walk(accumulator.pool_);
  // By topic it follows from which partitions there are; else from when they were met, too.
  if (!accumulator.settings_.maps_by_topic) {
    add_all(key_, accumulator.visits_are_sorted_ ? accumulator.visits_
                                                 : accumulator.in_order_of_visits());
  }
  add_all(key_, accumulator.ready_partitions_);
  add_all(key_, accumulator.muted_);
  key_.add(accumulator.drain_index_.size());
  for (const auto& [node, index] : accumulator.drain_index_) key_.add(node, index);
  if (accumulator.settings_.partition_availability_timeout > Milliseconds{0}) {
    for (const auto& [node, latency] : accumulator.node_latency_) {
      key_.add(node);
      key_.age(latency.ready);
      key_.age(latency.drained);
    }
  }
  key_.deadline(accumulator.next_expiry_);
  key_.add(accumulator.flushes_in_progress_, accumulator.appends_in_progress_,
           accumulator.completing_, accumulator.closed_,
           accumulator.settings_.backoff_jitter.draws_taken());
}

void StateWalk::walk(const BuiltInPartitioner& partitioner) {
  key_.add(partitioner.sticky_.has_value());
  if (partitioner.sticky_) {
    key_.add(partitioner.sticky_->partition, partitioner.sticky_->produced);
  }
  add_all(key_, partitioner.weighted_partitions());
  add_all(key_, partitioner.cumulative_weights());
}

void StateWalk::walk(const ClassPartitioner& partitioner) {
  for (const auto& [topic, counter] : partitioner.counters_) key_.add(topic, counter);
  for (const auto& [topic, partition] : partitioner.sticky_) key_.add(topic, partition);
  key_.add(partitioner.last_answer_);
}

void StateWalk::walk(const ProducerBatch& batch) {
  key_.add(batch.partition, batch.attempts, batch.is_retried, batch.is_split, batch.state,
           batch.sequence_was_reset, batch.requests_out, batch.leader_epoch,
           batch.attempts_when_leader_changed, batch.is_incomplete);
  walk(batch.builder);
  result(batch.result);
  key_.add(batch.records.size());
  for (const AppendedRecord& appended : batch.records) {
    record(appended.id);
    key_.add(appended.callback);
  }
  const bool is_backing_off = batch.attempts > 0;
  if (is_backing_off) {
    key_.deadline(batch.last_attempt + longest_backoff());
  } else {
    key_.deadline(batch.last_attempt + config_->linger);
  }
  key_.deadline(batch.created + config_->delivery_timeout);
  key_.deadline(batch.last_append + config_->request_timeout);
}

void StateWalk::walk(const MemoryRecordsBuilder& builder) {
  key_.add(buffers_.of(builder.buffer_.value()).number);
  key_.add(builder.settings_.capacity, builder.settings_.write_limit, builder.size_,
           builder.uncompressed_size_, builder.written_size_, builder.record_count_,
           builder.producer_.epoch, builder.producer_.is_valid(), builder.base_sequence_,
           builder.closed_for_appends_, builder.is_built_);
  if (builder.uncompressed_) key_.add(ByteSpan{**builder.uncompressed_});
}

void StateWalk::walk(const BufferPool& pool) {
  key_.add(pool.non_pooled_, pool.lost_, pool.closed_, pool.free_.size());
  for (const BufferId id : pool.free_) key_.add(buffers_.of(id.value()).number);
  key_.add(pool.waiters_.size());
  for (const BufferPool::Waiter& waiter : pool.waiters_) {
    key_.add(waiters_.of(waiter.id.value()).number);
    key_.add(waiter.needed, waiter.gathered, waiter.signalled, waiter.has_given_up,
             waiter.whole_buffer.has_value());
    key_.deadline(waiter.deadline);
  }
}

// --- What is known of the cluster ---

void StateWalk::walk(const Metadata& metadata) {
  walk(*metadata.snapshot_);
  deadlines(metadata.expiry_);
  add_all(key_, metadata.new_topics_);
  for (const auto& [partition, epoch] : metadata.last_seen_epochs_) key_.add(partition, epoch);
  for (const auto& [topic, error] : metadata.last_errors_) key_.add(topic, error);
  add_all(key_, metadata.invalid_topics_);
  add_all(key_, metadata.unauthorized_topics_);
  error(metadata.fatal_error_);
  key_.add(metadata.need_full_update_, metadata.need_partial_update_, metadata.attempts_,
           metadata.equivalent_responses_, metadata.closed_,
           metadata.update_version_ - metadata.request_version_);
  key_.deadline(metadata.last_refresh_ + longest_backoff());
  key_.deadline(after(metadata.last_success_, metadata.settings_.max_age));
}

void StateWalk::walk(const MetadataSnapshot& snapshot) {
  key_.add(snapshot.is_bootstrap_, snapshot.contents_.nodes.size());
  for (const Node& node : snapshot.contents_.nodes) {
    key_.add(node.id, std::string_view{node.host}, node.port);
  }
  key_.add(snapshot.contents_.partitions.size());
  for (const PartitionMetadata& partition : snapshot.contents_.partitions) {
    key_.add(partition.partition, partition.error, partition.leader, partition.leader_epoch);
    add_all(key_, partition.replicas);
    add_all(key_, partition.in_sync_replicas);
  }
  add_all(key_, snapshot.contents_.invalid_topics);
  add_all(key_, snapshot.contents_.unauthorized_topics);
}

// --- The network ---

void StateWalk::walk(const NetworkClient& client) {
  walk(client.connections_);
  const auto& in_flight = client.in_flight_.requests_;
  key_.add(std::count_if(in_flight.begin(), in_flight.end(),
                         [](const auto& entry) { return !entry.second.empty(); }));
  for (const auto& [node, requests] : in_flight) {
    if (requests.empty()) continue;
    key_.add(node, requests.size());
    for (const InFlightRequest& request : requests) walk(request);
  }
  walk(client.selector_);
  // A poll that ends by itself forgets that it was woken.
  const bool ends_by_itself =
      client.poll_ == NetworkClient::Poll::Selecting && client.selector_.has_network_events();
  key_.add(client.selector_.woken_ && !ends_by_itself);
  key_.add(client.node_choice_.taken(), client.usable_magic_, client.active_, client.poll_,
           client.versions_.size());
  for (const auto& [node, versions] : client.versions_) key_.add(node, versions->size());
  for (const auto& [node, version] : client.needing_api_versions_) key_.add(node, version);
  key_.add(client.aborted_sends_.size());
  for (const ClientResponse& aborted : client.aborted_sends_) {
    key_.add(aborted.node, aborted.api, aborted.outcome, aborted.batches.size());
    for (const InFlightBatch& carried : aborted.batches) batch(carried.batch);
  }
  key_.add(client.fetch_.has_value());
  if (client.fetch_) {
    key_.add(client.fetch_->partial);
    add_all(key_, client.fetch_->topics);
    key_.add(metadata_->request_version_ - client.fetch_->request_version);
  }
}

void StateWalk::walk(const ClusterConnectionStates& connections) {
  key_.add(connections.nodes_.size(), connections.jitter_.draws_taken());
  for (const auto& [node, state] : connections.nodes_) {
    key_.add(node, state.state, state.failed_attempts, state.failed_connect_attempts,
             state.reconnect_backoff, state.connection_setup_timeout);
    const bool is_down = state.state == ConnectionState::Disconnected ||
                         state.state == ConnectionState::AuthenticationFailed;
    if (state.state != ConnectionState::Ready) {
      key_.deadline(state.last_attempt +
                    (is_down ? state.reconnect_backoff : state.connection_setup_timeout));
    }
    key_.deadline(state.throttle_until);
    error(state.authentication_error);
  }
}

void StateWalk::walk(const InFlightRequest& request) {
  key_.add(request.api, request.version, request.throttle, request.expect_response,
           request.is_internal, request.send_completed, request.batches.size());
  key_.deadline(after(request.created, request.timeout + request.throttle));
  key_.deadline(after(request.sent, request.timeout + request.throttle));
  for (const InFlightBatch& carried : request.batches) batch(carried.batch);
}

void StateWalk::walk(const Selector& selector) {
  key_.add(selector.channels_.size());
  for (const auto& [node, entry] : selector.channels_) {
    key_.add(node, entry.staged.size());
    walk(entry.channel);
    for (const ByteVector& frame : entry.staged) key_.add(ByteSpan{frame});
  }
  key_.add(selector.closing_.size());
  for (const auto& [node, closing] : selector.closing_) {
    key_.add(node, closing.disconnection.state, closing.staged.size());
    for (const ByteVector& frame : closing.staged) key_.add(ByteSpan{frame});
  }
  for (const auto& [node, disconnection] : selector.failed_sends_) {
    key_.add(node, disconnection.state);
  }
  key_.add(selector.written_.size(), selector.intents_.size());
  key_.deadline(selector.next_idle_check_);
}

void StateWalk::walk(const KafkaChannel& channel) {
  key_.add(channel.connect_, channel.authentication_, channel.state_, channel.end_of_stream_,
           channel.reset_, channel.muted_, channel.room_);
  add_responses(key_, ByteSpan{channel.arrived_}.subspan(channel.read_));
  add_responses(key_, channel.receive_.size_bytes());
  key_.add(ByteSpan{channel.receive_.body_});
  key_.add(channel.send_.has_value());
  if (channel.send_) walk(*channel.send_);
}

// What it says, the request in flight tells; but a buffer that was released meanwhile may hold
// anything.
void StateWalk::walk(const NetworkSend& send) {
  key_.add(send.size_, send.written_);
  send.for_each_buffer([&](BufferId id) {
    const bool is_of_batch = buffers_.knows(id.value());
    key_.add(is_of_batch);
    if (is_of_batch) {
      key_.add(buffers_.of(id.value()).number);
    } else {
      key_.add(ByteSpan{accumulator_->buffers.bytes(id)});
    }
  });
}

// --- The sender ---

void StateWalk::walk(const Sender& sender) {
  key_.add(sender.in_flight_batches_.partition_count());
  sender.in_flight_batches_.for_each(
      [&](TopicPartition partition, const std::vector<BatchId>& in_flight) {
        key_.add(partition);
        batches(in_flight);
      });
  key_.add(sender.tasks_.size());
  for (const Sender::Task& task : sender.tasks_) {
    key_.add(task.index());
    if (const auto* poll = std::get_if<Sender::Poll>(&task)) key_.add(poll->timeout);
    if (const auto* sleep = std::get_if<Sender::Sleep>(&task)) key_.deadline(sleep->until);
    if (const auto* await = std::get_if<Sender::AwaitNode>(&task)) {
      key_.add(await->step, await->node);
      key_.age(await->started);
    }
    if (const auto* request = std::get_if<Sender::SendTransactionalRequest>(&task)) {
      key_.add(request->node, request->has_slept);
    }
  }
  key_.add(sender.leader_hints_.size(), sender.is_running_, sender.is_forced_, sender.has_aborted_,
           sender.has_stopped_, sender.next_request_.has_value());
  if (sender.next_request_) walk(*sender.next_request_);
  CHECK(!sender.held_by_);
}

void StateWalk::walk(const TransactionManager& transactions) {
  key_.add(transactions.state_, transactions.producer_.is_valid(), transactions.producer_.epoch,
           transactions.epoch_bump_required_, transactions.requests_.all().size(),
           transactions.in_flight_.has_value());
  error(transactions.last_error_);
  key_.add(transactions.partitions_.size());
  for (const auto& [partition, sequences] : transactions.partitions_) {
    key_.add(partition, sequences.producer == transactions.producer_, sequences.producer.epoch,
             sequences.next_sequence, sequences.last_acked_sequence, sequences.last_acked_offset);
    batches(sequences.in_flight);
  }
  for (const auto& [partition, sequence] : transactions.unresolved_) key_.add(partition, sequence);
  add_all(key_, transactions.to_rewrite_);
  if (transactions.is_transactional()) walk_transaction(transactions);
}

void StateWalk::walk_transaction(const TransactionManager& transactions) {
  for (const TransactionalRequest& request : transactions.requests_.all()) walk(request);
  if (transactions.in_flight_) walk(transactions.in_flight_->request);
  const auto& coordinator = transactions.transaction_coordinator_;
  key_.add(coordinator.has_value(), transactions.coordinator_supports_bumping_epoch_,
           transactions.transaction_started_, transactions.pending_call_.has_value());
  if (coordinator) key_.add(coordinator->id);
  add_all(key_, transactions.new_);
  add_all(key_, transactions.pending_);
  add_all(key_, transactions.added_);
  if (transactions.pending_call_) {
    result(transactions.pending_call_->result);
    key_.add(transactions.pending_call_->target, transactions.pending_call_->method);
  }
  CHECK(transactions.pending_offsets_.empty());
}

void StateWalk::result(const std::optional<TransactionResultId>& id) {
  key_.add(id.has_value());
  if (!id) return;
  const FirstMet::Name name = transaction_results_.of(id->value());
  key_.add(name.number);
  const auto at = transactions_->results_.find(*id);
  key_.add(at != transactions_->results_.end());
  if (!name.is_new || at == transactions_->results_.end()) return;
  key_.add(at->second.is_done, at->second.is_acknowledged, at->second.waiters);
  error(at->second.error);
}

void StateWalk::walk(const TransactionalRequest& request) {
  key_.add(request.body.index(), request.is_retry, request.is_epoch_bump, request.retry_backoff);
  result(request.result);
  if (const auto* find = std::get_if<FindCoordinatorRequest>(&request.body)) {
    key_.add(find->key_type);
  } else if (const auto* init = std::get_if<InitProducerIdRequest>(&request.body)) {
    key_.add(init->producer_id_and_epoch.is_valid(), init->producer_id_and_epoch.epoch);
  } else if (const auto* add = std::get_if<AddPartitionsToTxnRequest>(&request.body)) {
    key_.add(add->producer_id_and_epoch.epoch);
    for (const AddPartitionsToTxnTopic& topic : add->topics) {
      key_.add(std::string_view{topic.name});
      add_all(key_, topic.partitions);
    }
  } else if (const auto* end = std::get_if<EndTxnRequest>(&request.body)) {
    key_.add(end->producer_id_and_epoch.epoch, end->committed);
  }
}

// --- Calls ---

void StateWalk::walk(const ProducerRecord& record) {
  this->record(record.id);
  key_.add(record.topic, record.partition, record.headers.size(), record.callback);
  key_.add(record.key.has_value(), record.value.has_value());
  if (record.key) key_.add(ByteSpan{*record.key});
  if (record.value) key_.add(record.value->size());
}

void StateWalk::walk(const SendCall& call) {
  walk(call.record);
  key_.add(call.thread, call.keeps_future, call.stage, call.interceptor, call.partition_count,
           call.chooses_again, call.delivery);
  key_.deadline(call.started + config_->max_block);
  key_.deadline(after(call.started, call.remaining));
  key_.add(metadata_->update_version_ - call.metadata_version);
  error(call.error);
  walk(call.append);
}

void StateWalk::walk(const AppendCall& call) {
  key_.add(call.partition, call.destination, call.buffer_size, call.sticky.has_value(),
           call.buffer.has_value(), call.waiter.has_value(), call.stop_if_new_batch_is_needed);
  if (call.sticky) key_.add(call.sticky->partition, call.sticky->produced);
  if (call.waiter) key_.add(waiters_.of(call.waiter->value()).number);
}

// It waits for all of them: of two partitions, either may have been first.
void StateWalk::walk(const FlushCall& call) {
  std::vector<ResultId> results = call.results;
  std::stable_sort(results.begin(), results.end(), [&](ResultId a, ResultId b) {
    return accumulator_->results.at(a).partition < accumulator_->results.at(b).partition;
  });
  key_.add(results.size());
  for (const ResultId id : results) result(id);
}

void StateWalk::walk(const FutureCall& call) {
  record(call.record);
  result(call.future.result);
  key_.add(call.future.index);
  key_.deadline(call.deadline);
}

void StateWalk::walk(const TransactionCall& call) {
  key_.add(call.method, call.end.has_value());
  key_.deadline(call.deadline);
  result(call.result);
  if (!call.end) return;
  key_.add(call.end->outcome);
  error(call.end->error);
}

void StateWalk::walk(const CloseCall& call) {
  key_.deadline(call.deadline);
  key_.add(call.forced);
}

}  // namespace linger::core
