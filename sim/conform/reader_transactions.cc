// Lines of transactions: coordinators, and what happens to them.
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
  scenario_.cluster.coordination.init_producer_id_version =
      static_cast<std::int16_t>(line.number("the version"));
}

// --- Actions ---

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
