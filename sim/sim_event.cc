#include "sim/sim_event.h"

namespace linger::sim {

SimEvent::SimEvent(const SimEvent&) = default;
SimEvent::SimEvent(SimEvent&&) noexcept = default;
SimEvent& SimEvent::operator=(const SimEvent&) = default;
SimEvent& SimEvent::operator=(SimEvent&&) noexcept = default;
SimEvent::~SimEvent() = default;

}  // namespace linger::sim
