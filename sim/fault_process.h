// What can happen to a process that sends.
#pragma once

#include "sim/fault_field.h"

namespace linger::sim {

// The process is gone without close(): what its producer still holds is lost.
struct ExitProcess {
  static constexpr FaultInfo kInfo{"exit", FaultTarget::Process,
                                   "the process of a producer is gone without close(); what the "
                                   "producer still holds is lost"};
  ProducerName producer;
  friend bool operator==(const ExitProcess&, const ExitProcess&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"producer", "\"producer\""}, self.producer);
  }
};

}  // namespace linger::sim
