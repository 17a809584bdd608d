// What happens to coordinators: what was scheduled for them, and faults.
#include "sim/server_side.h"
#include "sim/transaction_coordinator.h"

namespace linger::sim {

void ServerSide::handle(const LoggedAnswerDue& event, Instant now, Effects& effects) {
  if (waits_for_pause(event.broker, event, now, effects)) return;
  BrokerContext context{cluster_, now, effects};
  find_broker(event.broker)->on(event, context);
}

void ServerSide::handle(const TransitionLogged& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  TransactionCoordinator{context}.on(event);
}

void ServerSide::handle(const MarkersDue& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  TransactionCoordinator{context}.on(event);
}

void ServerSide::handle(const ExpiryCheckDue& event, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  TransactionCoordinator{context}.on(event);
}

void ServerSide::apply_to(const MoveCoordinator& fault, Instant now, Effects& effects) {
  if (fault.to && find_broker(*fault.to) == nullptr) return;
  BrokerContext context{cluster_, now, effects};
  if (fault.of == core::CoordinatorType::Transaction) {
    return TransactionCoordinator{context}.move(fault);
  }
  cluster_.groups.seats.move(fault.key, fault.to, now + fault.loads);
  effects.happened.push_back(
      {std::nullopt, CoordinatorMoved{fault.of, fault.key.value_or(""), fault.to}});
}

void ServerSide::apply_to(const FenceProducer& fault, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  TransactionCoordinator{context}.fence(fault.transactional_id, fault.times);
}

void ServerSide::apply_to(const FailTransactionLog& fault, Instant now, Effects&) {
  cluster_.transactions.fails_until = now + fault.lasts;
}

void ServerSide::apply_to(const ExpireTransaction& fault, Instant now, Effects& effects) {
  BrokerContext context{cluster_, now, effects};
  TransactionCoordinator{context}.expire(fault.transactional_id);
}

void ServerSide::apply_to(const DelayCoordination& fault, Instant, Effects&) {
  cluster_.delay_coordination_answers(fault.delay);
}

}  // namespace linger::sim
