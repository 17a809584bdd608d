#include "sim/user_code.h"

#include "core/bytes.h"

namespace linger::sim {

namespace {

const UserCode* find_code(const core::UserCall& call, const ProducerSpec& spec) {
  using core::UserCallKind;
  const auto index = static_cast<std::size_t>(call.index);
  switch (call.kind) {
    case UserCallKind::OnSend:
      return &spec.interceptors[index].on_send;
    case UserCallKind::OnAcknowledgement:
      return &spec.interceptors[index].on_acknowledgement;
    case UserCallKind::SerializeKey:
      return &*spec.key_serializer;
    case UserCallKind::SerializeValue:
      return &*spec.value_serializer;
    case UserCallKind::Partition:
      return &*spec.partitioner;
    case UserCallKind::Callback:
      return &spec.callbacks[static_cast<std::size_t>(call.callback->value())];
  }
  return nullptr;
}

core::ByteVector bytes_of_text(const std::string& text) {
  const core::ByteSpan bytes = core::bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

UserCodeOutcome run_user_code(const core::UserCall& call, const ProducerSpec& spec,
                              const core::TopicNames& topics, std::int32_t number) {
  const UserCode& code = *find_code(call, spec);
  UserCodeOutcome outcome;
  if (code.only_call && *code.only_call != number) {
    // A partitioner has to answer something; at its other calls it takes the first partition.
    if (call.kind == core::UserCallKind::Partition) outcome.run.answer.partition = 0;
    return outcome;
  }
  outcome.takes = code.takes;
  outcome.run.answer.threw = code.throws;
  if (call.kind == core::UserCallKind::OnSend && (code.topic || code.value)) {
    core::ProducerRecord record = *call.argument;
    if (code.topic) record.topic = topics.find(*code.topic).value_or(record.topic);
    if (code.value) record.value = bytes_of_text(*code.value);
    outcome.run.answer.record = record;
  }
  if (code.value) outcome.run.answer.bytes = bytes_of_text(*code.value);
  if (call.kind == core::UserCallKind::Partition) {
    outcome.run.answer.partition = code.partition.value_or(0);
  }
  if (code.sends_to) {
    core::ProducerRecord record;
    record.topic = topics.find(*code.sends_to).value_or(core::TopicId{});
    record.value = bytes_of_text("sent by a callback");
    outcome.run.to_send = record;
  }
  return outcome;
}

}  // namespace linger::sim
