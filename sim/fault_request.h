// What can happen to a request of a client, or to its answer, at one broker.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/id.h"
#include "core/time.h"
#include "sim/fault_field.h"

namespace linger::sim {

// Only so many bytes of the next answers leave, and then the connection closes.
struct CutAnswer {
  static constexpr FaultInfo kInfo{"cut_answer", FaultTarget::Request,
                                   "so many bytes of the next answer leave, and the connection "
                                   "closes"};
  core::NodeId broker;
  core::Bytes after{};
  std::int32_t times = 1;
  friend bool operator==(const CutAnswer&, const CutAnswer&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"after", "10"}, self.after);
    v.may({"times", "2", 1}, self.times);
  }
};

// The connection closes when the broker has read so many bytes of the next request.
struct CutRequest {
  static constexpr FaultInfo kInfo{"cut_request", FaultTarget::Request,
                                   "the connection closes when so many bytes of the next request "
                                   "have arrived"};
  core::NodeId broker;
  core::Bytes after{1};
  std::int32_t times = 1;
  friend bool operator==(const CutRequest&, const CutRequest&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"after", "100", 1}, self.after);
    v.may({"times", "2", 1}, self.times);
  }
};

// Bytes that are no answer leave in the place of the next ones, and the connection closes: so many
// times, or for a while; without either, once. What the request asked for is done.
struct AnswerGarbage {
  static constexpr FaultInfo kInfo{"answer_garbage", FaultTarget::Request,
                                   "bytes that are no answer leave in its place, and the "
                                   "connection closes: so often, or for a while (once)"};
  core::NodeId broker;
  Garbage what = Garbage::Http;
  std::optional<std::int32_t> times{};
  std::optional<core::Duration> lasts{};
  friend bool operator==(const AnswerGarbage&, const AnswerGarbage&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"what", "\"http\""}, self.what);
    v.may({"times", "2", 1}, self.times);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

// Somebody who speaks something else connects to the broker and writes his first words.
struct Stranger {
  static constexpr FaultInfo kInfo{"stranger", FaultTarget::Broker,
                                   "somebody who speaks something else connects to the broker and "
                                   "writes his first words"};
  core::NodeId broker;
  StrangerSays says = StrangerSays::HttpGet;
  friend bool operator==(const Stranger&, const Stranger&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"says", "\"http get\""}, self.says);
  }
};

// The broker closes a connection on which a larger frame begins to arrive.
struct CloseAbove {
  static constexpr FaultInfo kInfo{"close_above", FaultTarget::Broker,
                                   "the broker closes a connection on which a larger frame begins "
                                   "to arrive"};
  core::NodeId broker;
  core::Bytes size{};
  std::optional<core::Duration> lasts{};
  friend bool operator==(const CloseAbove&, const CloseAbove&) = default;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor& v) {
    v.must({"broker", "1"}, self.broker);
    v.must({"size", "\"1MiB\""}, self.size);
    v.may({"for", "\"1s\""}, self.lasts);
  }
};

}  // namespace linger::sim
