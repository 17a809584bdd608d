// Lines of transactions: coordinators, and what happens to them.
#include <algorithm>

#include "sim/conform/reader.h"

namespace linger::sim::conform {

std::string Reader::transactional_id() const {
  const auto id = settings_.find("transactional.id");
  return id == settings_.end() ? "" : id->second;
}

// --- Settings ---

void Reader::coordinator(Statement& line) {
  scenario_.cluster.coordination.transaction_coordinator = line.node("the coordinator");
}

void Reader::group_coordinator(Statement& line) {
  scenario_.cluster.coordination.group_coordinator = line.node("the coordinator");
}

void Reader::transaction_latency(Statement& line) {
  scenario_.cluster.coordination.answer_delay = line.milliseconds("the latency");
}

void Reader::marker_latency(Statement& line) {
  scenario_.cluster.coordination.marker_time = line.milliseconds("the latency");
}

void Reader::init_version(Statement& line) {
  scenario_.cluster.max_versions.insert_or_assign(
      core::ApiKey::InitProducerId, static_cast<std::int16_t>(line.number("the version")));
}

void Reader::transactional_calls(Statement& line) {
  const std::string word = line.word("how calls are made");
  if (word != "blocking") line.fail(fmt::format("calls are never '{}'", word), "blocking");
  calls_block_ = true;
}

// --- Calls ---

bool Reader::waits_in_call(Statement& line) {
  const bool is_exempt = line.flag("nowait");
  return calls_block_ && !is_exempt;
}

void Reader::call(core::TransactionMethod method, Statement& line) {
  const bool waits = waits_in_call(line);
  add_action(line.option("thread").value_or("main"), TransactionAction{method, waits}, line);
}

// The topic was read by a consumer: the producer under observation knows nothing of it.
void Reader::offsets(Statement& line) {
  SendOffsetsAction action;
  action.waits = waits_in_call(line);
  action.group.group_id = line.option("group").value_or("g");
  const std::string topic = line.option("topic").value_or("in");
  const std::int64_t count = line.not_negative(line.number_option("n").value_or(1), "n");
  const std::int64_t first =
      line.not_negative(line.number_option("offset").value_or(100), "offset");
  for (std::int64_t i = 0; i < count; ++i) {
    action.offsets.push_back({topic, static_cast<std::int32_t>(i), first + i});
  }
  if (std::find(consumed_topics_.begin(), consumed_topics_.end(), topic) ==
      consumed_topics_.end()) {
    consumed_topics_.push_back(topic);
  }
  add_action(line.option("thread").value_or("main"), action, line);
}

// --- Coordinators ---

void Reader::move_coordinator(Statement& line) {
  MoveCoordinator fault;
  fault.to = line.node("the coordinator");
  if (*fault.to == core::kNoLeader) fault.to.reset();
  add_fault(fault, line);
}

void Reader::move_group_coordinator(Statement& line) {
  MoveCoordinator fault;
  fault.of = core::CoordinatorType::Group;
  fault.to = line.node("the coordinator");
  if (*fault.to == core::kNoLeader) fault.to.reset();
  add_fault(fault, line);
}

void Reader::fence(Statement& line) {
  add_fault(FenceProducer{transactional_id()}, line);
}

void Reader::transaction_timeout(Statement& line) {
  add_fault(ExpireTransaction{transactional_id()}, line);
}

void Reader::change_transaction_latency(Statement& line) {
  add_fault(DelayCoordination{line.milliseconds("the latency")}, line);
}

}  // namespace linger::sim::conform
