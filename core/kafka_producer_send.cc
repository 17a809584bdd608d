// KafkaProducer.send, stage by stage. In Kafka: KafkaProducer.doSend.
#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/kafka_producer.h"
#include "core/murmur2.h"

namespace linger::core {

namespace {

std::optional<Bytes> size_of(const std::optional<ByteVector>& bytes) {
  if (!bytes) return std::nullopt;
  return Bytes{static_cast<std::int64_t>(bytes->size())};
}

}  // namespace

SendCall KafkaProducer::begin_send(ThreadId thread, ProducerRecord record, Millis now,
                                   Journal& journal) {
  if (journal.is_on()) {
    journal.add(SendCalled{.record = record.id,
                           .thread = thread,
                           .topic = record.topic,
                           .partition = record.partition,
                           .key_size = size_of(record.key),
                           .value_size = size_of(record.value)});
  }
  SendCall call;
  call.thread = thread;
  call.record = std::move(record);
  call.started = now;
  return call;
}

KafkaProducer::SendProgress KafkaProducer::advance(SendCall& call, Millis now, Journal& journal) {
  for (;;) {
    if (Step step = run_stage(call, now, journal)) return *std::move(step);
  }
}

bool KafkaProducer::may_advance(const SendCall& call, Millis now) const {
  if (call.stage == SendCall::Stage::AwaitMetadata) {
    return metadata_.update_version() > call.metadata_version || wait_is_cut_off() ||
           metadata_.has_fatal_error() || now >= after(call.started, config().max_block);
  }
  return accumulator_.may_advance(call.append, now);
}

KafkaProducer::Step KafkaProducer::run_stage(SendCall& call, Millis now, Journal& journal) {
  using Stage = SendCall::Stage;
  switch (call.stage) {
    case Stage::Interceptors:
      return ask_interceptor(call, journal);
    case Stage::Metadata:
      return look_up_topic(call, now, journal);
    case Stage::AwaitMetadata:
      return await_metadata(call, now, journal);
    case Stage::SerializeKey:
      return serialize(call, UserCallKind::SerializeKey, journal);
    case Stage::SerializeValue:
      return serialize(call, UserCallKind::SerializeValue, journal);
    case Stage::Partition:
      return choose_partition(call, journal);
    case Stage::Append:
      return append(call, now, journal);
    case Stage::TellCallback:
      return tell_callback(call, journal);
    case Stage::TellInterceptors:
      return tell_interceptors(call, journal);
    case Stage::Finished:
      break;
  }
  return finish(call, std::nullopt, journal);
}

// --- User code ---

KafkaProducer::Step KafkaProducer::ask_interceptor(SendCall& call, Journal& journal) {
  if (call.interceptor == settings_.interceptors) {
    call.stage = SendCall::Stage::Metadata;
    return std::nullopt;
  }
  journal.add(UserCallStarted{UserCallKind::OnSend, call.record.id, call.interceptor});
  UserCall user;
  user.kind = UserCallKind::OnSend;
  user.index = call.interceptor;
  user.record = call.record.id;
  user.argument = call.record;
  return user;
}

KafkaProducer::SendProgress KafkaProducer::answer(SendCall& call, const UserCallAnswer& answer,
                                                  Millis now, Journal& journal) {
  take_answer(call, answer, journal);
  return advance(call, now, journal);
}

void KafkaProducer::take_answer(SendCall& call, const UserCallAnswer& answer, Journal& journal) {
  using Stage = SendCall::Stage;
  const auto ended = [&](UserCallKind kind, std::int32_t index) {
    journal.add(UserCallEnded{kind, call.record.id, index, answer.threw});
  };
  const auto thrown_by_user = [&] {
    return ClientError{find_exception(*answer.threw).value_or(Exception::RuntimeException),
                       *answer.threw};
  };
  switch (call.stage) {
    case Stage::Interceptors: {
      ended(UserCallKind::OnSend, call.interceptor++);
      if (answer.threw) {  // the last good record goes on
        journal.log(LogLevel::Warn,
                    "Error executing interceptor onSend callback: " + *answer.threw);
      } else if (answer.record) {
        const RecordId id = call.record.id;
        call.record = *answer.record;
        call.record.id = id;
      }
      return;
    }
    case Stage::SerializeKey:
    case Stage::SerializeValue: {
      const bool is_key = call.stage == Stage::SerializeKey;
      ended(is_key ? UserCallKind::SerializeKey : UserCallKind::SerializeValue, 0);
      if (answer.threw) {
        fail(call, thrown_by_user());
        return;
      }
      (is_key ? call.key : call.value) =
          answer.bytes ? answer.bytes : (is_key ? call.record.key : call.record.value);
      call.stage = is_key ? Stage::SerializeValue : Stage::Partition;
      return;
    }
    case Stage::Partition:
      ended(UserCallKind::Partition, 0);
      if (answer.threw) {
        fail(call, thrown_by_user());
      } else if (answer.partition.value_or(-1) < 0 && has_rule(Rule::Kafka7572NegativePartition)) {
        fail(call, partitioner_answered(answer.partition.value_or(-1)));
      } else {
        call.append.partition = answer.partition;
        call.stage = Stage::Append;
        journal.add(PartitionChosen{
            call.record.id, {call.record.topic, *answer.partition}, PartitionChoice::Custom});
      }
      return;
    case Stage::TellCallback:
      ended(UserCallKind::Callback, 0);
      call.stage = Stage::TellInterceptors;
      return;
    case Stage::TellInterceptors:
      ended(UserCallKind::OnAcknowledgement, call.interceptor++);
      return;
    case Stage::Metadata:
    case Stage::AwaitMetadata:
    case Stage::Append:
    case Stage::Finished:
      CHECK(false);
  }
}

KafkaProducer::Step KafkaProducer::serialize(SendCall& call, UserCallKind kind, Journal& journal) {
  const bool is_key = kind == UserCallKind::SerializeKey;
  if (!(is_key ? settings_.has_key_serializer : settings_.has_value_serializer)) {
    call.stage = is_key ? SendCall::Stage::SerializeValue : SendCall::Stage::Partition;
    return std::nullopt;  // view_of() reads the record's own bytes
  }
  journal.add(UserCallStarted{kind, call.record.id, 0});
  UserCall user;
  user.kind = kind;
  user.record = call.record.id;
  user.argument = call.record;
  return user;
}

// --- Metadata ---

// In Kafka: waitOnMetadata.
KafkaProducer::Step KafkaProducer::look_up_topic(SendCall& call, Millis now, Journal& journal) {
  if (sender_.is_closing() && has_rule(Rule::Kafka6897SendAfterClose)) return fail(call, closed());
  const TopicId topic = call.record.topic;
  const MetadataSnapshot& snapshot = metadata_.snapshot();
  if (snapshot.invalid_topics().contains(topic)) {
    return fail(call, invalid_topics(settings_.topics.name(topic)));
  }
  call.started = now;
  metadata_.add(topic, now, journal);
  call.partition_count = snapshot.partition_count(topic);
  if (call.partition_count && call.record.partition.value_or(0) < *call.partition_count) {
    got_metadata(call, now);
    return std::nullopt;
  }
  return ask_for_update(call, now, journal);
}

KafkaProducer::Step KafkaProducer::ask_for_update(SendCall& call, Millis now, Journal& journal) {
  metadata_.add(call.record.topic, now, journal);
  call.metadata_version = metadata_.request_update_for_topic(call.record.topic, journal);
  wakeup();
  if (call.stage != SendCall::Stage::AwaitMetadata) {
    journal.add(CallBlocked{call.thread, call.record.id, BlockedOn::Metadata, config().max_block});
  }
  call.stage = SendCall::Stage::AwaitMetadata;
  return Blocked{BlockedOn::Metadata, after(call.started, config().max_block)};
}

KafkaProducer::Step KafkaProducer::await_metadata(SendCall& call, Millis now, Journal& journal) {
  const TopicId topic = call.record.topic;
  const std::string& name = settings_.topics.name(topic);
  const Milliseconds max_block = config().max_block;
  const Milliseconds waited = now - call.started;
  const bool was_updated = metadata_.update_version() > call.metadata_version;
  const bool is_cut_off = wait_is_cut_off() || metadata_.has_fatal_error();
  if (!was_updated && !is_cut_off && waited < max_block) {
    return Blocked{BlockedOn::Metadata, after(call.started, max_block)};
  }
  const auto give_up = [&](ClientError error) {
    journal.add(CallResumed{call.thread, call.record.id, BlockedOn::Metadata});
    return fail(call, std::move(error));
  };
  if (const auto fatal = metadata_.take_fatal_error()) return give_up(*fatal);
  if (!was_updated && wait_is_cut_off()) return give_up(closed_while_sending());
  if (!was_updated || waited >= max_block) return give_up(metadata_timeout(call, was_updated));
  if (const auto error = metadata_.take_error_for_topic(topic)) return give_up(*error);
  call.partition_count = metadata_.snapshot().partition_count(topic);
  if (!call.partition_count) return ask_for_update(call, now, journal);
  if (call.record.partition.value_or(0) >= *call.partition_count) {
    if (has_rule(Rule::Kafka6833AwaitPartition)) return ask_for_update(call, now, journal);
    return give_up(partition_out_of_range({name, *call.record.partition, *call.partition_count}));
  }
  journal.add(CallResumed{call.thread, call.record.id, BlockedOn::Metadata});
  got_metadata(call, now);
  return std::nullopt;
}

bool KafkaProducer::wait_is_cut_off() const {
  return metadata_.is_closed() && has_rule(Rule::Kafka6897SendAfterClose);
}

ClientError KafkaProducer::metadata_timeout(const SendCall& call, bool was_updated) const {
  const Milliseconds max_block = config().max_block;
  if (!has_rule(Rule::Kafka6833AwaitPartition)) return metadata_not_updated(max_block);
  const std::string& topic = settings_.topics.name(call.record.topic);
  if (was_updated && call.partition_count) {
    return partition_not_present_in_metadata({topic, *call.record.partition, *call.partition_count},
                                             max_block);
  }
  const ErrorCode last = metadata_.last_error(call.record.topic);
  const bool has_cause = last != ErrorCode::None && has_rule(Rule::Kafka16965TimeoutHasCause);
  return not_present_in_metadata(topic, max_block,
                                 has_cause ? std::optional{exception_of(last)} : std::nullopt);
}

// What is left of max.block.ms is for memory, before KIP-19 all the time there is. A record without
// a timestamp gets the time as it is before its serialization.
void KafkaProducer::got_metadata(SendCall& call, Millis now) {
  call.remaining = has_rule(Rule::Kip19RequestTimeout)
                       ? std::max(Milliseconds{0}, config().max_block - (now - call.started))
                       : kForever;
  call.timestamp = call.record.timestamp.value_or(now.time_since_epoch().count());
  call.stage = SendCall::Stage::SerializeKey;
}

// --- Partition and append ---

KafkaProducer::Step KafkaProducer::choose_partition(SendCall& call, Journal& journal) {
  const ProducerRecord& record = call.record;
  if (!record.partition && settings_.has_partitioner) return ask_partitioner(call, journal);
  call.stage = SendCall::Stage::Append;
  const auto chosen = [&](std::int32_t partition, PartitionChoice by) {
    if (call.append.partition == partition) return;  // the same answer as before
    call.append.partition = partition;
    journal.add(PartitionChosen{record.id, {record.topic, partition}, by});
  };
  const std::optional<ByteSpan> key = view_of(call).key;
  if (record.partition) {
    chosen(*record.partition, PartitionChoice::Explicit);
  } else if (partitioner_) {
    const auto answer = partitioner_->partition(topic_of(call), key, partition_choice_);
    chosen(answer.partition, answer.by);
  } else if (key && !config().partitioner_ignore_keys) {
    chosen(partition_for_key(*key, *call.partition_count), PartitionChoice::KeyHash);
  }  // else the accumulator chooses
  return std::nullopt;
}

KafkaProducer::Step KafkaProducer::ask_partitioner(SendCall& call, Journal& journal) {
  journal.add(UserCallStarted{UserCallKind::Partition, call.record.id, 0});
  UserCall user;
  user.kind = UserCallKind::Partition;
  user.record = call.record.id;
  user.argument = call.record;
  return user;
}

ClassPartitioner::Topic KafkaProducer::topic_of(const SendCall& call) const {
  const TopicId topic = call.record.topic;
  return {topic, metadata_.snapshot().available_partitions(topic), *call.partition_count};
}

// A partitioner may want to go elsewhere rather than open a batch (KIP-480): so it is told, and
// asked once more. From 2.4 on each record does so, since KIP-794 only where there is a
// partitioner.
bool KafkaProducer::tells_of_new_batches() const {
  const RuleSet& rules = settings_.config.rules;
  if (!rules.has(Rule::Kip480StickyPartitioner)) return false;
  return partitioner_ || settings_.has_partitioner || !rules.has(Rule::Kip794BuiltInPartitioner);
}

void KafkaProducer::choose_again(SendCall& call) {
  if (partitioner_) {
    partitioner_->on_new_batch(topic_of(call), *call.append.partition, partition_choice_);
  }
  call.chooses_again = true;
  call.stage = SendCall::Stage::Partition;
}

RecordView KafkaProducer::view_of(const SendCall& call) const {
  const auto& key = settings_.has_key_serializer ? call.key : call.record.key;
  const auto& value = settings_.has_value_serializer ? call.value : call.record.value;
  RecordView view;
  view.timestamp = call.timestamp;
  if (key) view.key = ByteSpan{*key};
  if (value) view.value = ByteSpan{*value};
  if (has_rule(Rule::Kip82Headers)) view.headers = call.record.headers;
  return view;
}

// In Kafka: ensureValidRecordSize.
std::optional<ClientError> KafkaProducer::size_error(const RecordView& record) const {
  const Bytes size = accumulator_.upper_bound(record, client_.usable_magic());
  if (size > config().max_request_size) {
    return record_exceeds_max_request_size({.size = size, .limit = config().max_request_size},
                                           settings_.config.era);
  }
  if (size > config().buffer_memory) {
    return record_exceeds_buffer_memory({.size = size, .limit = config().buffer_memory});
  }
  return std::nullopt;
}

KafkaProducer::Step KafkaProducer::append(SendCall& call, Millis now, Journal& journal) {
  // Before KIP-526 the clock is read once more, after serialization.
  const bool is_dated_now = !has_rule(Rule::Kip526MetadataOfNewTopics) && !call.append.waiter;
  if (is_dated_now && !call.record.timestamp) call.timestamp = now.time_since_epoch().count();
  const RecordView view = view_of(call);
  const bool starts = !call.append.waiter && !call.append.buffer;
  if (starts) {
    if (const auto error = size_error(view)) return fail(call, *error);
    const bool looks_first = transactions_ && !has_rule(Rule::Kafka13412SendChecksAfterAppend);
    if (looks_first && !call.chooses_again) {
      if (const auto error = transactions_->fail_if_not_ready_for_send()) return fail(call, *error);
    }
    call.append.record = call.record.id;
    call.append.topic = call.record.topic;
    call.append.callback = call.record.callback;
    call.append.max_block = call.remaining;
    call.append.stop_if_new_batch_is_needed = !call.chooses_again && tells_of_new_batches();
  }
  call.append.usable_magic = client_.usable_magic();
  const auto result = accumulator_.append(call.append, view, now, metadata_.snapshot(), journal);
  if (std::holds_alternative<RecordAccumulator::NewBatchNeeded>(result)) {
    choose_again(call);
    return std::nullopt;
  }
  if (const auto* waits = std::get_if<RecordAccumulator::WaitsForMemory>(&result)) {
    if (starts) {
      journal.add(CallBlocked{call.thread, call.record.id, BlockedOn::Memory, call.remaining});
    }
    return Blocked{BlockedOn::Memory, waits->deadline};
  }
  if (std::holds_alternative<RecordAccumulator::NeverReturns>(result)) {
    journal.add(CallBlocked{call.thread, call.record.id, BlockedOn::EndlessLoop, kForever});
    return Blocked{BlockedOn::EndlessLoop, kNever};
  }
  if (!starts) journal.add(CallResumed{call.thread, call.record.id, BlockedOn::Memory});
  if (const auto* error = std::get_if<ClientError>(&result)) return fail(call, *error);
  return accept(call, std::get<RecordAccumulator::Appended>(result), journal);
}

KafkaProducer::Step KafkaProducer::accept(SendCall& call,
                                          const RecordAccumulator::Appended& appended,
                                          Journal& journal) {
  if (!call.append.partition) {
    journal.add(PartitionChosen{call.record.id, appended.partition, PartitionChoice::Sticky});
  }
  // The producer's own state is looked at when the record is in its batch already, and stays there;
  // before KAFKA-13412 ahead of that, and for transactions only.
  if (transactions_) {
    if (const auto error = transactions_->maybe_add_partition(appended.partition)) {
      accumulator_.results.release(appended.future.result);
      return fail(call, *error);
    }
  }
  if (appended.batch_is_full || appended.new_batch) wakeup();
  journal.add(SendReturned{call.record.id, call.thread});
  if (call.keeps_future) return finish(call, appended.future, journal);
  accumulator_.results.release(appended.future.result);
  return finish(call, std::nullopt, journal);
}

// --- Failure ---

// An API exception is delivered: the callback hears of it, and send() returns a failed future.
// Anything else is thrown. Interceptors hear of both.
KafkaProducer::Step KafkaProducer::fail(SendCall& call, ClientError error) {
  call.delivery = is_api_exception(error.exception) ? Delivery::Delivered : Delivery::Thrown;
  call.error = std::move(error);
  call.interceptor = 0;
  const bool tells = call.delivery == Delivery::Delivered && call.record.callback.has_value();
  call.stage = tells ? SendCall::Stage::TellCallback : SendCall::Stage::TellInterceptors;
  return std::nullopt;
}

// A transaction must not be committed without a record that send() was given (KAFKA-9279). Where
// that cannot be, send() throws what forbids it.
void KafkaProducer::fail_transaction(SendCall& call, Journal& journal) {
  const bool is_delivered = call.delivery == Delivery::Delivered;
  if (!transactions_ || !is_delivered || !has_rule(Rule::Kafka9279FailedSendFailsTransaction)) {
    return;
  }
  const auto thrown = transactions_->maybe_transition_to_error_state(
      *call.error, TransactionManager::Caller::Application, journal);
  if (!thrown) return;
  call.error = *thrown;
  call.delivery = Delivery::Thrown;
}

TopicPartition KafkaProducer::known_partition(const SendCall& call) const {
  if (call.append.destination) return *call.append.destination;
  return {call.record.topic, call.append.partition.value_or(call.record.partition.value_or(-1))};
}

KafkaProducer::Step KafkaProducer::tell_callback(SendCall& call, Journal& journal) {
  journal.add(UserCallStarted{UserCallKind::Callback, call.record.id, 0});
  UserCall user;
  user.kind = UserCallKind::Callback;
  user.record = call.record.id;
  user.callback = call.record.callback;
  user.metadata = RecordMetadata{known_partition(call), -1, -1};
  user.error = call.error;
  return user;
}

KafkaProducer::Step KafkaProducer::tell_interceptors(SendCall& call, Journal& journal) {
  if (call.interceptor == settings_.interceptors) {
    call.stage = SendCall::Stage::Finished;
    fail_transaction(call, journal);
    return std::nullopt;
  }
  journal.add(UserCallStarted{UserCallKind::OnAcknowledgement, call.record.id, call.interceptor});
  UserCall user;
  user.kind = UserCallKind::OnAcknowledgement;
  user.index = call.interceptor;
  user.record = call.record.id;
  user.metadata = RecordMetadata{known_partition(call), -1, -1};
  user.error = call.error;
  return user;
}

KafkaProducer::SendProgress KafkaProducer::finish(SendCall& call,
                                                  std::optional<RecordFuture> future,
                                                  Journal& journal) {
  call.stage = SendCall::Stage::Finished;
  if (call.error) {
    journal.add(
        SendFailed{call.record.id, call.thread, known_partition(call), call.delivery, *call.error});
  }
  return SendDone{future, call.error, call.delivery};
}

}  // namespace linger::core
