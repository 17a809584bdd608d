// What can happen to a broker.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/id.h"
#include "core/time.h"
#include "sim/fault_field.h"

namespace linger::sim {

// The broker takes bytes and never answers; it does nothing with what it gets.
struct FallSilent {
  static constexpr FaultInfo kInfo{"silent", FaultTarget::Broker,
                                   "the broker takes bytes, does nothing with them and never "
                                   "answers; afterwards it knows no connection from before"};
  core::NodeId broker;
  std::optional<core::Duration> lasts{};
  friend bool operator==(const FallSilent&, const FallSilent&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// The broker's process ends: open connections break, and new ones are refused until it starts.
// Controlled, it hands over what it leads before. Differs: where one log stands for all replicas,
// it goes on leading what it led.
struct StopBroker {
  static constexpr FaultInfo kInfo{"stop", FaultTarget::Broker,
                                   "the broker's process ends: connections break and new ones are "
                                   "refused, until it starts; with controlled = true it first "
                                   "hands over what it leads"};
  core::NodeId broker;
  bool controlled = false;
  friend bool operator==(const StopBroker&, const StopBroker&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"controlled", "true"}, self.controlled);
  }
};

struct StartBroker {
  static constexpr FaultInfo kInfo{"start", FaultTarget::Broker,
                                   "a broker that was stopped starts"};
  core::NodeId broker;
  friend bool operator==(const StartBroker&, const StartBroker&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
  }
};

// What the broker gives as its address from now on, to those who ask any broker; without a host,
// its real one again. Its bootstrap address stays.
struct Advertise {
  static constexpr FaultInfo kInfo{"advertise", FaultTarget::Broker,
                                   "the address that clients are told from then on; without a "
                                   "host, the real one again"};
  core::NodeId broker;
  std::string host;
  std::int32_t port = 9092;
  friend bool operator==(const Advertise&, const Advertise&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"host", "\"localhost\""}, self.host);
    v.may({"port", "19092", 1}, self.port);
  }
};

// New connections stand, but the broker does not know the client: it says so and ends them, or,
// without an answer, leaves the client waiting. Connections that are open are as they were.
struct RefuseAuthentication {
  static constexpr FaultInfo kInfo{"refuse_authentication", FaultTarget::Broker,
                                   "new connections stand, but the broker does not know the "
                                   "client: it says so and closes them, or with answer = false "
                                   "leaves the client waiting"};
  core::NodeId broker;
  std::optional<core::Duration> lasts{};
  bool answer = true;
  friend bool operator==(const RefuseAuthentication&, const RefuseAuthentication&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"for", "\"1s\""}, self.lasts);
    v.may({"answer", "false"}, self.answer);
  }
};

// The broker's clock is wrong from now on; the clocks of producers are right.
struct SkewClock {
  static constexpr FaultInfo kInfo{"clock_skew", FaultTarget::Broker,
                                   "its clock is so far ahead or behind from then on, or right "
                                   "again: log append times, timestamps that are refused, producer "
                                   "ids that expire"};
  core::NodeId broker;
  core::Duration ahead{};
  core::Duration behind{};
  friend bool operator==(const SkewClock&, const SkewClock&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.may({"ahead", "\"1h\""}, self.ahead);
    v.may({"behind", "\"1h\""}, self.behind);
  }
};

// How much each client may produce to the broker. See ClientQuotaManager.
struct LimitProduceRate {
  static constexpr FaultInfo kInfo{"quota", FaultTarget::Broker,
                                   "each client may produce so much a second to it, over eleven "
                                   "windows of a second; whoever was faster is told how long to "
                                   "hold back, and not served meanwhile; before KIP-219 its "
                                   "answer comes late instead"};
  core::NodeId broker;
  Bandwidth rate;
  std::optional<core::Duration> lasts{};
  friend bool operator==(const LimitProduceRate&, const LimitProduceRate&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"to", "\"1MB/s\""}, self.rate);
    v.may({"for", "\"1m\""}, self.lasts);
  }
};

// From now on the answers to produce requests leave so long after the requests were served.
struct DelayAnswers {
  static constexpr FaultInfo kInfo{"delay_answers", FaultTarget::Broker,
                                   "from then on answers to produce requests leave so long after "
                                   "the requests were served; no answer passes another"};
  core::Duration delay{};
  friend bool operator==(const DelayAnswers&, const DelayAnswers&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"by", "\"5ms\""}, self.delay);
  }
};

}  // namespace linger::sim
