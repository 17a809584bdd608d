#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/batch_life.h"
#include "sim/event_text.h"
#include "sim/json_text.h"
#include "sim/message_sequence.h"
#include "sim/run_export.h"
#include "sim/run_series.h"
#include "sim/trace_names.h"

namespace linger::sim {

namespace {

// A producer is a process there; its tracks are threads of it.
constexpr std::int64_t kSenderTrack = 1;
constexpr std::int64_t kThreadTracks = 10;
constexpr std::int64_t kConnectionTracks = 1'000;
constexpr std::int64_t kSlots = 16;  // of a connection: requests in flight stand beside each other
constexpr std::int64_t kBatchTracks = 1'000'000;

class PerfettoWriter {
 public:
  explicit PerfettoWriter(const FinishedRun& run)
      : run_{run}, names_{names_of(*run.world.scenario)}, series_{*run.world.scenario} {
    const World start{run.world.scenario};
    sequence_.begin(start.servers.network());
    for (std::size_t i = 0; i < run.trace.size(); ++i) {
      lives_.add(run.trace[i], i);
      sequence_.add(run.trace[i], i);
      series_.add(run.trace[i], static_cast<std::int64_t>(i));
    }
    end_ = run.trace.empty() ? Instant{} : run.trace.back().at;
  }

  std::string text() {
    out_ = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
    for (std::size_t i = 0; i < names_.producers.size(); ++i) {
      name_process(static_cast<std::int32_t>(i), names_.producers[i]);
    }
    add_threads();
    add_batches();
    add_requests();
    add_counters();
    out_ += "\n]}\n";
    return std::move(out_);
  }

 private:
  // --- Events of the format ---

  static std::int64_t process_id(ProducerIndex producer) { return producer.value() + 1; }
  static std::int64_t microseconds(Instant at) { return at.time_since_epoch().count(); }

  void begin_event() {
    out_ += is_first_ ? "\n" : ",\n";
    is_first_ = false;
  }
  void name_process(std::int32_t producer, std::string_view name) {
    begin_event();
    fmt::format_to(std::back_inserter(out_),
                   R"({{"ph":"M","pid":{},"tid":0,"name":"process_name","args":{{"name":)",
                   producer + 1);
    append_json_text(name, out_);
    out_ += "}}";
  }
  void name_track(ProducerIndex producer, std::int64_t track, std::string_view name) {
    if (!named_.emplace(std::pair{producer, track}, true).second) return;
    begin_event();
    fmt::format_to(std::back_inserter(out_),
                   R"({{"ph":"M","pid":{},"tid":{},"name":"thread_name","args":{{"name":)",
                   process_id(producer), track);
    append_json_text(name, out_);
    fmt::format_to(std::back_inserter(out_),
                   R"(}}}},{{"ph":"M","pid":{},"tid":{},"name":"thread_sort_index",)"
                   R"("args":{{"sort_index":{}}}}})",
                   process_id(producer), track, track);
  }
  void add_span(ProducerIndex producer, std::int64_t track, Instant from, Instant to,
                std::string_view name) {
    begin_event();
    fmt::format_to(std::back_inserter(out_),
                   R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":)", process_id(producer),
                   track, microseconds(from), (to - from).count());
    append_json_text(name, out_);
    out_ += '}';
  }
  void add_instant(ProducerIndex producer, std::int64_t track, Instant at, std::string_view name) {
    begin_event();
    fmt::format_to(std::back_inserter(out_),
                   R"({{"ph":"i","s":"t","pid":{},"tid":{},"ts":{},"name":)", process_id(producer),
                   track, microseconds(at));
    append_json_text(name, out_);
    out_ += '}';
  }

  // --- Batches ---

  void add_batches() {
    for (const BatchLife& life : lives_.all()) {
      const std::int64_t track = kBatchTracks + life.batch.value();
      name_track(
          life.producer, track,
          fmt::format("batch {} {}", life.batch.value(), names_.topics.text(life.partition)));
      for (std::size_t i = 0; i < life.stages.size(); ++i) {
        const BatchLife::Stage& stage = life.stages[i];
        if (stage.phase == BatchPhase::Done) {
          add_instant(life.producer, track, stage.from, word(life.fate));
          break;
        }
        const Instant to = i + 1 < life.stages.size() ? life.stages[i + 1].from : end_;
        add_span(life.producer, track, stage.from, to, word(stage.phase));
      }
    }
  }

  // --- Connections ---

  // When the producer waits for the request no longer.
  std::map<std::pair<ProducerIndex, CorrelationId>, Instant> ends_of_requests() const {
    std::map<std::pair<ProducerIndex, CorrelationId>, Instant> ends;
    const auto note = [&ends](const Message& message, Instant at) {
      ends.try_emplace({message.producer, message.correlation}, at);
    };
    for (const SequenceLine& line : sequence_.lines()) {
      if (line.kind == SequenceLine::Kind::GivenUp) {
        note(sequence_.messages()[line.message], line.at);
      } else if (line.kind == SequenceLine::Kind::Arrived &&
                 !sequence_.messages()[line.message].is_request()) {
        note(sequence_.messages()[line.message], line.at);
      }
    }
    return ends;
  }
  void add_requests() {
    const auto ends = ends_of_requests();
    std::map<std::pair<ProducerIndex, std::int64_t>, std::vector<Instant>> busy_until;
    for (const Message& message : sequence_.messages()) {
      if (!message.is_request()) continue;
      const Instant from = sequence_.lines()[message.sent].at;
      const auto end = ends.find({message.producer, message.correlation});
      const Instant to = end == ends.end() ? without_answer(message) : end->second;
      const std::int64_t connection = std::max(message.connection.value(), 0);
      std::vector<Instant>& slots = busy_until[{message.producer, connection}];
      auto slot =
          std::find_if(slots.begin(), slots.end(), [from](Instant until) { return until <= from; });
      if (slot == slots.end()) slot = slots.insert(slots.end(), to);
      *slot = to;
      const std::int64_t place = std::min<std::int64_t>(slot - slots.begin(), kSlots - 1);
      const std::int64_t track = kConnectionTracks + connection * kSlots + place;
      name_track(message.producer, track,
                 fmt::format("connection {} to broker {}, slot {}", connection,
                             message.broker.value(), place + 1));
      add_span(message.producer, track, from, to, message_text(message));
    }
  }
  // acks=0 wants none; else it was still out at the end.
  Instant without_answer(const Message& message) const {
    return message.over ? sequence_.lines()[*message.over].at : end_;
  }

  // --- Threads ---

  struct OpenCall {
    Instant from{};
    std::string name;
  };

  std::int64_t thread_track(ProducerIndex producer, core::ThreadId thread) {
    const auto place = static_cast<std::size_t>(thread.value());
    if (thread.value() < 0) {
      name_track(producer, kSenderTrack, "sender");
      return kSenderTrack;
    }
    const std::int64_t track = kThreadTracks + thread.value();
    name_track(producer, track,
               place < names_.threads.size() ? "thread " + names_.threads[place] : "thread");
    return track;
  }
  void begin_call(ProducerIndex producer, core::ThreadId thread, Instant at, std::string name) {
    calls_[{producer, thread_track(producer, thread)}].push_back({at, std::move(name)});
  }
  void end_call(ProducerIndex producer, core::ThreadId thread, Instant at) {
    const std::int64_t track = thread_track(producer, thread);
    std::vector<OpenCall>& open = calls_[{producer, track}];
    if (open.empty()) return;
    add_span(producer, track, open.back().from, at, open.back().name);
    open.pop_back();
  }
  void add_threads() {
    for (const TraceEvent& event : run_.trace) {
      if (!event.producer) continue;
      visit_event(event, [&](const auto& what) { on(*event.producer, event.at, what); });
    }
    for (const auto& [track, open] : calls_) {
      for (const OpenCall& call : open)
        add_span(track.first, track.second, call.from, end_, call.name);
    }
  }
  void on(ProducerIndex producer, Instant at, const core::SendCalled& called) {
    begin_call(producer, called.thread, at, fmt::format("send r{}", called.record.value()));
  }
  void on(ProducerIndex producer, Instant at, const core::SendReturned& returned) {
    end_call(producer, returned.thread, at);
  }
  void on(ProducerIndex producer, Instant at, const core::SendFailed& failed) {
    end_call(producer, failed.thread, at);
  }
  void on(ProducerIndex producer, Instant at, const core::FlushStarted& flush) {
    begin_call(producer, flush.thread, at, "flush");
  }
  void on(ProducerIndex producer, Instant at, const core::FlushEnded& flush) {
    end_call(producer, flush.thread, at);
  }
  void on(ProducerIndex producer, Instant at, const core::CloseStarted& close) {
    begin_call(producer, close.thread, at, "close");
  }
  void on(ProducerIndex producer, Instant at, const core::CloseEnded& close) {
    end_call(producer, close.thread, at);
  }
  void on(ProducerIndex producer, Instant at, const core::TransactionalCallStarted& call) {
    begin_call(producer, call.thread, at, std::string{word(call.call)});
  }
  void on(ProducerIndex producer, Instant at, const core::TransactionalCallEnded& call) {
    end_call(producer, call.thread, at);
  }
  // What the sender waits for in its poll.
  void on(ProducerIndex producer, Instant at, const core::SenderSlept&) { polls_[producer] = at; }
  void on(ProducerIndex producer, Instant at, const core::SenderPassStarted& pass) {
    name_track(producer, kSenderTrack, "sender");
    if (const auto poll = polls_.extract(producer)) {
      add_span(producer, kSenderTrack, poll.mapped(), at, "poll");
    }
    add_instant(producer, kSenderTrack, at, fmt::format("pass {}", pass.pass));
  }
  template <class Other>
  void on(ProducerIndex, Instant, const Other&) {}

  // --- Counters ---

  void add_counters() {
    for (std::size_t i = 0; i < series_.producers(); ++i) {
      const ProducerIndex producer{static_cast<std::int32_t>(i)};
      for (const Quantity quantity : {Quantity::PoolAvailable, Quantity::RecordsWaiting,
                                      Quantity::RequestsInFlight, Quantity::RecordsAcknowledged}) {
        for (const Series::Sample& sample : series_.of(producer, quantity).samples()) {
          begin_event();
          fmt::format_to(std::back_inserter(out_),
                         R"({{"ph":"C","pid":{},"ts":{},"name":"{}","args":{{"value":{}}}}})",
                         process_id(producer), microseconds(sample.at), word(quantity),
                         sample.value);
        }
      }
    }
  }

  const FinishedRun& run_;
  TraceNames names_;
  BatchLives lives_;
  MessageSequence sequence_;
  RunSeries series_;
  Instant end_{};
  std::map<std::pair<ProducerIndex, std::int64_t>, bool> named_;
  std::map<std::pair<ProducerIndex, std::int64_t>, std::vector<OpenCall>> calls_;
  std::map<ProducerIndex, Instant> polls_;
  bool is_first_ = true;
  std::string out_;
};

}  // namespace

std::string perfetto_json(const FinishedRun& run) {
  return PerfettoWriter{run}.text();
}

}  // namespace linger::sim
