#include "sim/wire_event.h"

namespace linger::sim {

WireEvent::WireEvent() = default;
WireEvent::WireEvent(const WireEvent&) = default;
WireEvent::WireEvent(WireEvent&&) noexcept = default;
WireEvent& WireEvent::operator=(const WireEvent&) = default;
WireEvent& WireEvent::operator=(WireEvent&&) noexcept = default;
WireEvent::~WireEvent() = default;

}  // namespace linger::sim
