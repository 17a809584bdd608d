// What a transactional producer does: calls of the application, changes of state, requests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/api.h"
#include "core/client_error.h"
#include "core/cow.h"
#include "core/error_code.h"
#include "core/event_words.h"
#include "core/id.h"
#include "core/time.h"

namespace linger::core {

struct TransactionStateChanged {
  static constexpr const char* kName = "transaction_state";
  static constexpr Stream kStream = Stream::Producer;
  TransactionState from = TransactionState::Uninitialized;
  TransactionState to = TransactionState::Uninitialized;
  std::optional<ClientError> error;  // that the state carries, if it is one of error

  template <class Visitor>
  void visit(Visitor& v) const {
    v("from", from);
    v("to", to);
    v("error", error);
  }
};

// A change of state that may not be: whoever asked for it gets the error.
struct TransitionRefused {
  static constexpr const char* kName = "transition_refused";
  static constexpr Stream kStream = Stream::Producer;
  TransactionState from = TransactionState::Uninitialized;
  TransactionState to = TransactionState::Uninitialized;
  TransactionState now = TransactionState::Uninitialized;  // afterwards: a fatal one, if it was the
                                                           // sender's thread that asked
  ClientError error;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("from", from);
    v("to", to);
    v("now", now);
    v("error", error);
  }
};

struct TransactionalCallStarted {
  static constexpr const char* kName = "transactional_call_started";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;
  TransactionMethod call = TransactionMethod::InitTransactions;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
    v("call", call);
  }
};

struct TransactionalCallEnded {
  static constexpr const char* kName = "transactional_call_ended";
  static constexpr Stream kStream = Stream::Application;
  ThreadId thread;
  TransactionMethod call = TransactionMethod::InitTransactions;
  CallOutcome outcome = CallOutcome::Ok;
  Milliseconds took{};
  std::optional<ClientError> error;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("thread", thread);
    v("call", call);
    v("outcome", outcome);
    v("took_ms", took);
    v("error", error);
  }
};

// A request for a coordinator, with what it says. Of the fields each kind of request has its own.
struct TransactionRequestSent {
  static constexpr const char* kName = "transaction_request";
  static constexpr Stream kStream = Stream::Producer;
  CorrelationId correlation;
  NodeId node = kNoNode;
  ApiKey api = ApiKey::FindCoordinator;
  struct Contents {
    std::optional<CoordinatorType> looks_for;    // FindCoordinator
    std::string key;                             // whose coordinator that is
    std::optional<ProducerIdAndEpoch> producer;  // all but FindCoordinator
    std::optional<Milliseconds> timeout;         // InitProducerId
    std::string group;                           // AddOffsetsToTxn, TxnOffsetCommit
    std::optional<std::int32_t> generation;      // TxnOffsetCommit
    std::string member;
    std::string instance;
    std::string partitions;         // "t-0,t-1", with offsets "in-0@100,in-1@101"; in their order
    std::optional<bool> committed;  // EndTxn
  };
  Cow<Contents> contents;  // apart, since an event of any kind takes as much room as the largest
  bool is_retry = false;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("correlation", correlation);
    v("node", node);
    v("api", api);
    v("looks_for", contents->looks_for);
    v("key", contents->key);
    v("producer", contents->producer);
    v("timeout_ms", contents->timeout);
    v("group", contents->group);
    v("generation", contents->generation);
    v("member", contents->member);
    v("instance", contents->instance);
    v("partitions", contents->partitions);
    v("committed", contents->committed);
    v("retry", is_retry);
  }
};

// What became of it, at the moment when the transaction manager hears of it.
struct TransactionRequestAnswered {
  static constexpr const char* kName = "transaction_response";
  static constexpr Stream kStream = Stream::Producer;
  CorrelationId correlation;
  NodeId node = kNoNode;
  ApiKey api = ApiKey::FindCoordinator;
  RequestOutcome outcome = RequestOutcome::Ok;
  Milliseconds latency{};
  ErrorCode error = ErrorCode::None;  // of the whole
  std::string partitions;  // "t-0:NONE,t-1:TOPIC_AUTHORIZATION_FAILED", in the order looked at
  std::optional<NodeId> coordinator;           // FindCoordinator; -1: none
  std::optional<ProducerIdAndEpoch> producer;  // InitProducerId

  template <class Visitor>
  void visit(Visitor& v) const {
    v("correlation", correlation);
    v("node", node);
    v("api", api);
    v("outcome", outcome);
    v("latency_ms", latency);
    v("error", error);
    v("partitions", partitions);
    v("coordinator", coordinator);
    v("producer", producer);
  }
};

// The sender's thread sleeps before it repeats a request of the transaction manager's. It reads
// nothing meanwhile.
struct SenderBackedOff {
  static constexpr const char* kName = "sender_sleep";
  static constexpr Stream kStream = Stream::Producer;
  Milliseconds backoff{};

  template <class Visitor>
  void visit(Visitor& v) const {
    v("backoff_ms", backoff);
  }
};

// Batches are failed together: all of them, or those that were never drained.
struct BatchesAborted {
  static constexpr const char* kName = "batches_aborted";
  static constexpr Stream kStream = Stream::Producer;
  ClientError error;
  bool undrained_only = false;
  std::int32_t batches = 0;

  template <class Visitor>
  void visit(Visitor& v) const {
    v("error", error);
    v("undrained_only", undrained_only);
    v("batches", batches);
  }
};

}  // namespace linger::core
