// Short words for what is on the screen. They are Kafka's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/api.h"
#include "core/bytes.h"
#include "core/event.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/ledger.h"
#include "sim/trace_names.h"
#include "viz/motion.h"
#include "viz/trace_index.h"
#include "viz/viewer_command.h"

namespace linger::viz {

// A length of time, as exact as it is of use: "250 µs", "12.0 ms", "1.50 s", "2 min 5 s"; "0 ms";
// "for ever". A moment of the run is sim::instant_text.
std::string duration_text(core::Duration duration);
std::string duration_text(core::Milliseconds duration);
// "933 B", "16 KiB", "1.5 MiB".
std::string bytes_text(core::Bytes bytes);
std::string count_text(std::int64_t count, std::string_view one);  // "1 record", "2 records"
std::string number_text(std::int64_t number);                      // "12 345"
// "0.01×: 10 ms of the run in a second", without what follows the colon if it says nothing.
std::string speed_text(double speed);

std::string batch_label(core::BatchId batch);                        // "b3"
std::string record_label(core::RecordId record);                     // "r7"
std::string offsets_text(std::int64_t first, std::int64_t records);  // "7", "0–7"
std::string broker_label(core::NodeId broker);  // "broker 1"; "bootstrap 1" for -1
std::string thread_name(const sim::TraceNames& names, core::ThreadId thread);  // the sender's, too
std::string request_label(core::ApiKey api, core::CorrelationId correlation);  // "Produce 7"
// "seq 0–7", "no seq"
std::string sequence_text(std::int32_t first, std::int32_t records);

std::string_view word(sim::RecordStatus status);
std::string_view word(MomentKind kind);
std::string_view word(FlightKind kind);
std::string_view word(Panel panel);
std::string_view name_of(Panel panel);  // in English, for files
std::string_view word(RecordFilter filter);
std::string_view word(JumpTarget target);

// "delivery.timeout.ms", and the like: the setting a wait is bounded by.
std::string_view setting_of(core::BlockedOn on);

}  // namespace linger::viz
