// The reader of observed scenarios, line by line: the class behind read_scenario().
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "sim/conform/scenario_reader.h"
#include "sim/conform/statement.h"

namespace linger::sim::conform {

// What a thread does, and when.
struct Planned {
  std::string thread;
  Instant at{};
  std::int32_t turn = 0;  // the order of the lines decides what comes first at one instant
  AppAction action;
};

class Reader {
 public:
  Reader(const std::string& file, core::Era era);

  void read_line(std::string_view line, std::int32_t number);
  std::variant<ObservedScenario, std::vector<ParseError>> finish();

 private:
  using Read = void (Reader::*)(Statement&);
  struct Word {
    std::string_view name;
    Read read;
  };
  static const std::vector<Word>& statements();
  static const std::vector<Word>& actions();
  void dispatch(const std::string& name, std::string_view kind, const std::vector<Word>& words,
                Statement& line);

  void era(Statement& line);
  void nodes(Statement& line);
  void topic(Statement& line);
  void warm(Statement& line) { is_warm_ = line.truth("warm"); }
  void latency(Statement& line) {
    scenario_.cluster.produce_answer_delay = line.milliseconds("the latency");
  }
  void connect_latency(Statement& line) {
    scenario_.network.link.connect = line.milliseconds("the latency");
  }
  void metadata_latency(Statement& line) {
    scenario_.cluster.answer_delay = line.milliseconds("the latency");
  }
  void metadata_age(Statement& line) { scenario_.metadata_age = line.milliseconds("the age"); }
  void compression_ratio(Statement& line);
  void config(Statement& line);
  void end(Statement& line) { scenario_.end = Instant{line.milliseconds("the end")}; }
  void tail(Statement& line) { scenario_.tail = line.milliseconds("the tail"); }
  void limit(Statement& line) { scenario_.limit = Instant{line.milliseconds("the limit")}; }
  void rand(Statement& line);
  void jitter(Statement& line) { scenario_.jitter = line.truth("jitter"); }
  void unknown_producer(Statement& line);
  void rule(Statement& line);
  void at(Statement& line);
  // Of transactions: reader_transactions.cc.
  void coordinator(Statement& line);
  void group_coordinator(Statement& line);
  void transaction_latency(Statement& line);
  void marker_latency(Statement& line);
  void init_version(Statement& line);
  void transactional_calls(Statement& line);
  void init(Statement& line) { call(core::TransactionMethod::InitTransactions, line); }
  void begin(Statement& line) { call(core::TransactionMethod::BeginTransaction, line); }
  void commit(Statement& line) { call(core::TransactionMethod::CommitTransaction, line); }
  void abort(Statement& line) { call(core::TransactionMethod::AbortTransaction, line); }
  void call(core::TransactionMethod method, Statement& line);
  void offsets(Statement& line);
  bool waits_in_call(Statement& line);

  void send(Statement& line);
  void flush(Statement& line);
  void close(Statement& line);
  void disconnect(Statement& line) { add_fault(Disconnect{broker(line)}, line); }
  void nodedown(Statement& line) { add_fault(StopBroker{broker(line)}, line); }
  void nodeup(Statement& line) { add_fault(StartBroker{broker(line)}, line); }
  void leader(Statement& line);
  void change_latency(Statement& line) {
    add_fault(DelayAnswers{line.milliseconds("the latency")}, line);
  }
  void metadata(Statement& line) {
    add_action(fmt::format("metadata-{}", line.line()), RequestMetadataAction{}, line);
  }
  void noop(Statement& line) {
    add_action(fmt::format("noop-{}", line.line()), SleepAction{}, line);
  }
  void move_coordinator(Statement& line);
  void move_group_coordinator(Statement& line);
  void fence(Statement& line);
  void transaction_timeout(Statement& line);
  void change_transaction_latency(Statement& line);

  NodeId broker(Statement& line) { return known_broker(line.node("the node"), line); }
  NodeId known_broker(NodeId node, Statement& line);
  void add_fault(Fault fault, const Statement& line) {
    scenario_.faults.push_back({Moment{now_, std::nullopt}, std::move(fault), line.line()});
  }
  void add_action(std::string thread, AppAction action, const Statement& line) {
    planned_.push_back({std::move(thread), now_, line.line(), std::move(action)});
  }
  void note_topic(const std::string& name, Statement& line);
  void note_partition(const PartitionName& partition, Statement& line);
  void produce_rule(Statement& line);
  void request_rule(core::ApiKey api, Statement& line);
  template <class Rule>
  void read_conditions(Rule& rule, std::string_view count, Statement& line);
  template <class Rule>
  static bool read_answer(Rule& rule, Statement& line);
  bool is_transactional() const { return settings_.contains("transactional.id"); }
  std::string transactional_id() const;
  void make_threads();
  void resolve_settings();
  std::int64_t clock_at_start() const;

  Mistakes mistakes_;
  std::string file_;
  Scenario scenario_;
  std::vector<core::Era> eras_;
  std::string description_;
  core::GivenSettings settings_;
  std::map<std::string, std::int32_t> setting_lines_;
  core::PinnedDraws pinned_;
  std::optional<core::Ratio> compression_ratio_;
  bool is_warm_ = true;
  bool calls_block_ = false;  // of a transaction
  std::vector<std::string> consumed_topics_;
  std::vector<Planned> planned_;
  Instant now_{};  // of the action that is read
};

}  // namespace linger::sim::conform
