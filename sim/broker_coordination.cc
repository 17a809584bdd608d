// What a broker does as a coordinator of transactions and groups.
#include <utility>

#include "core/check.h"
#include "sim/broker.h"
#include "sim/transaction_coordinator.h"

namespace linger::sim {

void Broker::serve_coordination(ConnectionId id, const core::RequestHeader& header,
                                const core::Request& request, std::int64_t number,
                                BrokerContext& in) {
  CoordinationAnswer answer = handle_coordination(
      request, {id_, id, header.correlation_id, header.api_version, number}, in);
  Connection& connection = *write(id);
  if (!answer.waits_for_log || connection.is_lost) {
    return answer_coordination(id, header, answer, in);
  }
  const Duration time = answer.waits_for_log->time;
  connection.serving = Serving::AwaitingLog;
  connection.logged_answer = LoggedAnswer{header, std::move(answer)};
  in.effects.scheduled.push_back({in.now + time, LoggedAnswerDue{id_, id, connection.served}});
}

void Broker::on(const LoggedAnswerDue& event, BrokerContext& in) {
  Connection* connection = write(event.connection);
  if (connection == nullptr || connection->served != event.request) return;
  if (connection->serving != Serving::AwaitingLog) return;
  LoggedAnswer logged = *std::exchange(connection->logged_answer, std::nullopt);
  const WaitsForLog& waited = *logged.answer.waits_for_log;
  const CoordinatorSeat& seat = in.cluster.transactions.seats.of(waited.transactional_id);
  if (seat.broker != id_) {
    logged.answer.response = waited.if_moved;
  } else if (!TransactionCoordinator{in}.has_enough_in_sync(seat)) {
    logged.answer.response = waited.if_refused;
  }
  connection->serving = Serving::Request;
  answer_coordination(event.connection, logged.header, logged.answer, in);
}

void Broker::answer_coordination(ConnectionId id, const core::RequestHeader& header,
                                 const CoordinationAnswer& coordination, BrokerContext& in) {
  const Duration delay = coordination.delay.value_or(in.cluster.coordination_answer_delay());
  if (coordination.fate == ResponseFate::Sent) {
    return answer(id, header, coordination.response, in, delay);
  }
  const core::ByteVector frame = core::encode_response(header, coordination.response);
  tell_sent(id, header, frame, Lost::Yes, in);
  stop_answering(id, {coordination.fate, delay}, in);
}

}  // namespace linger::sim
