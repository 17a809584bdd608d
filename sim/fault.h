// What can be done to brokers and wires: one vocabulary for scenarios, the command line and hands.
//
// A new fault is a struct in one of the files below, with its key and its fields; a line in the
// variant here; its sentence in fault.cc; what it does in server_side.cc; and its row in
// scenarios/README.md. Nothing else knows the faults one by one.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/fault_broker.h"
#include "sim/fault_coordination.h"
#include "sim/fault_field.h"
#include "sim/fault_partition.h"
#include "sim/fault_process.h"
#include "sim/fault_replica.h"
#include "sim/fault_request.h"
#include "sim/fault_topic.h"
#include "sim/fault_wire.h"

namespace linger::sim {

using FaultKinds =
    std::variant<AddLatency, AddJitter, LimitBandwidth, LimitSegments, DropSegments, AcceptNothing,
                 DropIdle, Disconnect, RefuseConnections, FallSilent, StopBroker, StartBroker,
                 DelayAnswers, RefuseAuthentication, Advertise, CloseAbove, Stranger, CutRequest,
                 CutAnswer, AnswerGarbage, LoseResponse, FailProduce, FailMetadata, ChangeLeader,
                 ExitProcess, MoveCoordinator, FenceProducer, ExpireTransaction, DelayCoordination,
                 ShrinkIsr, SlowFollower, StallFollower, SlowBroker, PauseBroker, SkewClock,
                 LimitProduceRate, CreateTopic, DeleteTopic, DeleteRecords, FailTransactionLog>;
// Compilers pay for copying and moving so many kinds: they do it in one file, see Event.
struct Fault : FaultKinds {
  using FaultKinds::variant;
  Fault();
  Fault(const Fault&);
  Fault(Fault&&) noexcept;
  Fault& operator=(const Fault&);
  Fault& operator=(Fault&&) noexcept;
  ~Fault();
};

// "disconnect broker 1"
std::string text(const Fault& fault);

const FaultInfo& info(const Fault& fault);

// One of each kind, its fields as they are if nobody says otherwise, in the order of the variant.
std::vector<Fault> fault_vocabulary();

}  // namespace linger::sim
