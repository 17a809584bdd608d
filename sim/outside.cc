#include "sim/outside.h"

namespace linger::sim {

bool OutsideConnections::accept(const ClientNotice& notice) {
  using State = Connection::State;
  const auto at = open_.find(notice.socket);
  if (at == open_.end() || at->second.id != notice.connection) return false;
  State& state = at->second.state;
  const bool connects = std::holds_alternative<SocketConnected>(notice.what);
  if (connects || std::holds_alternative<SocketConnectFailed>(notice.what)) {
    return std::exchange(state, connects ? State::Open : State::Ended) == State::Opening;
  }
  if (state != State::Open) return false;
  const bool goes_on = std::holds_alternative<SocketHasRoom>(notice.what) ||
                       std::holds_alternative<SocketReceived>(notice.what);
  if (!goes_on) state = State::Ended;
  return true;
}

}  // namespace linger::sim
