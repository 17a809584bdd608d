// How a world moves: the one place that knows who is told what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/journal.h"
#include "core/kafka_producer.h"
#include "sim/app_thread.h"
#include "sim/event_queue.h"
#include "sim/lane.h"
#include "sim/trace.h"
#include "sim/wire_event.h"
#include "sim/world.h"

namespace linger::sim {

// As the scenario has it, before its first action.
AppThread make_thread(const Scenario& scenario, std::size_t index);

// One step of a world. Lives no longer than the step.
class Stepper {
 public:
  Stepper(World& world, TraceSink& trace);

  // What is due next: when, and who it is.
  struct Due {
    Instant at{};
    EventClass event_class = EventClass::Wire;
    std::size_t index = 0;                     // of the thread, or of the producer
    Turn turn{};                               // of threads
    std::optional<EventQueue::Place> place{};  // of what is taken out of its turn
    bool is_departure = false;                 // a segment leaves, and nothing else
  };
  static std::optional<Due> next(const World& world);
  static bool is_before(const Due& a, const Due& b);
  // --- stepper_order.cc ---
  struct LaneDue {
    Lane lane;
    Due due;
  };
  // The first that is due of each lane, in the order in which they are due.
  static std::vector<LaneDue> next_of_each_lane(const World& world);
  // Who comes first in this step by the scenario's order; none: nobody, or there is no such order.
  static std::optional<Due> next_by_order(const World& world);

  // What was passed over comes late.
  void take(const Due& due);
  void end(std::string why, Instant at);

 private:
  // --- stepper.cc ---
  void happen(const Due& due);
  void intervene(const QueuedEvent& event);
  void apply_fault(std::size_t index);
  std::size_t producer_named(const std::string& name) const;
  void reach_narration(std::size_t index);
  void carry(std::size_t producer);
  void carry_all();
  void apply(Effects effects);
  void tell(const ClientNotice& notice);
  void record(std::optional<core::ProducerIndex> producer, SimEvent event);
  void drain_journal(std::size_t producer);
  template <class Kinds>
  void note(std::optional<core::ProducerIndex> producer, Kinds&& what);
  void take_in(const TraceEvent& event);

  // --- stepper_outside.cc ---
  void announce_producers();
  static const OutsideInput* next_input(const World& world);
  void hear_outside();
  void record_notice(const ClientNotice& notice);
  void carry_outside(std::size_t producer);
  void close_outside(ClientSocket socket);
  void command(OutsideCommand command);
  void interrupt();

  // --- stepper.cc ---
  void check_triggers(const std::vector<TraceEvent>& happened);

  // --- stepper_threads.cc ---
  void run_thread(AppThread& thread);
  void begin_action(AppThread& thread);
  void begin_send(AppThread& thread, const SendAction& action);
  void begin_close(AppThread& thread, const CloseAction& action);
  void begin_transactional(AppThread& thread, const TransactionAction& action);
  void begin_send_offsets(AppThread& thread, const SendOffsetsAction& action);
  void hold_in_transaction(AppThread& thread, core::TransactionCall call, bool waits);
  void collect_watched(AppThread& thread);
  void exit_process(std::size_t producer);
  void next_action(AppThread& thread);
  void advance_send(AppThread& thread);
  void handle(AppThread& thread, core::KafkaProducer::SendProgress progress);
  void finish_send(AppThread& thread, core::RecordId record,
                   const std::optional<core::RecordFuture>& future);
  void block(AppThread& thread, const core::Blocked& blocked);
  void end_thread(AppThread& thread);
  void wake_blocked_threads();
  bool may_advance(const AppThread& thread) const;
  bool waits_for_poll(const AppThread& thread) const;
  // So long from now; none if that is beyond the end of the world's clock.
  std::optional<Instant> after(core::Milliseconds wait) const;
  core::ProducerRecord make_record(AppThread& thread, const SendAction& action);

  // --- stepper_sender.cc ---
  void run_sender(std::size_t producer);
  void handle(std::size_t producer, core::Sender::Progress progress);
  void hold_in_poll(std::size_t producer, const core::Sender::Polling& polling);
  bool spins_at_end_of_poll(std::size_t producer);
  void spin(std::size_t producer);
  void wake_senders();
  // Starts what the producer calls. True if it is over at once, without taking time.
  UserCodeRun start_user_code(std::size_t producer, const core::UserCall& call, Duration& takes);
  // Sends what a callback sends. True when that is over.
  bool finish_sending(std::size_t producer, UserCodeRun& run, core::ThreadId thread);

  ProducerProcess& process(std::size_t index) { return world_.processes[index]; }
  core::Millis producer_now() const { return world_.producer_time(); }

  World& world_;
  TraceSink& trace_;
  core::Journal& journal_;
  bool has_triggers_;
  std::vector<TraceEvent> happened_;
};

}  // namespace linger::sim
