// Laws about what happens in turn: they follow a run event by event.
//
// A law of one's own is a class with a name, what it keeps, and see(); its place is the list below.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/producer_config.h"
#include "core/state_key.h"
#include "core/time.h"
#include "sim/decision_laws.h"
#include "sim/laws.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace linger::sim {

// Of one producer.
using PartitionOf = std::pair<ProducerIndex, TopicPartition>;

// guaranteeMessageOrder: with one request in flight, a partition waits until its batch is answered.
class MutedIsNotDrained {
 public:
  static constexpr std::string_view kName = "a muted partition is not drained";
  Broken see(const TraceEvent& event, const World& world);

 private:
  std::set<PartitionOf> muted_;
};

// What is acknowledged is told in the order of the appends, where the settings promise an order:
// one request in flight, or idempotence. Kafka breaks it elsewhere: a batch that is retried comes
// behind one that was sent after it. With idempotence, too, where brokers take any first sequence
// from a producer they do not know, as they do since 2.4: the first batch may fail, and the second
// not. And where a batch is appended and refused all the same, or its followers are late, so that
// the next one is acknowledged before it is told that it is a duplicate; and where a broker forgets
// the producer, which begins again with a later batch.
class CallbacksInOrder {
 public:
  static constexpr std::string_view kName = "acknowledgements come in the order of appends";
  Broken see(const TraceEvent& event, const World& world);
  void add_to(core::StateKey& key, const World& world) const;

 private:
  std::map<PartitionOf, std::int64_t> appended_;                         // how many
  std::map<core::RecordId, std::int64_t> places_;                        // in its partition
  std::map<PartitionOf, std::pair<std::int64_t, core::RecordId>> last_;  // told of each
  std::set<TopicPartition> refused_late_;                                // what was appended
};

// Since KIP-91 (2.1.0; before, as its default would have it) a record has its fate
// delivery.timeout.ms after its batch was opened, no matter what is crashed: the sender's next look
// at its batches sees to it. Except that
//
//   a sender without a producer id, or with a request of a transaction to make, looks at no batch;
//   a sender that is held up, in a callback or asleep in a backoff, makes no pass;
//   before KAFKA-14831 a batch that expires where its transaction cannot fail is left without a
//   fate: the exception comes first, and the batch is in no deque any more;
//   of a partition's deque, and of what it has in flight, Kafka looks at the oldest place first and
//     stops at a batch that is not due; without idempotence a retry may lie behind a younger batch.
class FateInTime {
 public:
  static constexpr std::string_view kName = "every record has its fate by delivery.timeout.ms";
  Broken see(const TraceEvent& event, const World& world);
  void add_to(core::StateKey& key, const World& world) const;

 private:
  // Before KIP-91 nobody promised any: as its default would have it.
  static core::Milliseconds promised(const core::ProducerConfig& config);
  struct Looks {  // when the sender had looked at its batches
    core::Millis last{};
    core::Millis before{};
  };
  using BatchOf = std::pair<ProducerIndex, core::BatchId>;
  struct Opened {
    TopicPartition partition;
    core::Millis at{};
  };
  Broken look(ProducerIndex producer, const World& world, core::Millis now);
  Broken told(const TraceEvent& event, const core::RecordCompleted& completed, const World& world);
  std::string_view why_late(const BatchOf& batch, core::Millis look, const World& world) const;
  bool may_lie_behind_a_younger_one(const BatchOf& batch, core::Millis look,
                                    const core::ProducerConfig& config) const;

  std::map<ProducerIndex, Looks> looks_;
  std::map<BatchOf, Opened> opened_;
  std::set<BatchOf> without_fate_;
  std::set<BatchOf> told_since_look_;  // the fates of these were
};

// From KAFKA-3388 (0.10.0) to KIP-91 request.timeout.ms counts for what waits in a deque: from the
// last append if the batch is full, from its creation plus linger.ms, or, once it was tried, from
// the last attempt plus retry.backoff.ms. Except that
//
//   a muted partition is not looked at;
//   nor is what lies behind a batch that is not due;
//   what is in flight is its request's affair.
class ExpiresByItsCase {
 public:
  static constexpr std::string_view kName = "before KIP-91 a batch expires by one of three clocks";
  Broken see(const TraceEvent& event, const World& world);
  void add_to(core::StateKey& key, const World& world) const;

 private:
  static bool is_of_its_time(const Scenario& scenario);
  std::map<ProducerIndex, core::Millis> looked_;
};

// While it is in doubt whether a batch has arrived, its partition takes no new sequence: the next
// one may have to be the same.
class DoubtHoldsBack {
 public:
  static constexpr std::string_view kName = "no new batch leaves while a sequence is in doubt";
  Broken see(const TraceEvent& event, const World& world);
  void add_to(core::StateKey& key, const World& world) const;

 private:
  std::set<PartitionOf> in_doubt_;
};

// A batch that has a sequence already is sent only when those of its epoch before it are done, so
// that the broker does not meet them in another order. (Before KAFKA-13794 the books could be
// wrong; and a broker that does not know the producer any more makes it close them.)
class RetriesKeepTheOrder {
 public:
  static constexpr std::string_view kName = "a batch is not sent again past an earlier sequence";
  Broken see(const TraceEvent& event, const World& world);
};

// As long as no fault has struck, no connection was closed and no batch has failed, what a producer
// of ours writes is what brokers take: they find it whole and in order, where they lead.
class NothingIsRefused {
 public:
  static constexpr std::string_view kName = "where nothing went wrong, brokers refuse nothing";
  Broken see(const TraceEvent& event, const World& world);
  void add_to(core::StateKey& key, const World& world) const;

 private:
  bool went_wrong_ = false;
};

// Whoever reads what is committed sees all records of a transaction or none when the run has come
// to rest: all if commitTransaction() succeeded, none if abortTransaction() did. A record whose
// send() threw belongs to none: since KAFKA-13412 it may be written all the same, in the next one,
// too. Except that
//
//   before brokers asked the coordinator, in 3.6.0, a late write could be left behind;
//   before KAFKA-13412 a commit that is still to be sent, or to be answered, is not taken back by
//     the abort that comes behind it: what has arrived is committed, and the abort may end the
//     transaction after that.
class TransactionsAreWhole {
 public:
  static constexpr std::string_view kName = "a transaction is seen whole, or not at all";
  Broken see(const TraceEvent& event, const World& world);
  void add_to(core::StateKey& key, const World& world) const;

 private:
  enum class End { Unknown, Committed, Aborted };
  struct Transaction {
    std::vector<core::RecordId> records;
    End end = End::Unknown;
  };
  // How the producer's present transaction is being ended, and if that was ever in both ways.
  struct Ending {
    bool by_commit = false;
    bool by_abort = false;
    bool was_by_both = false;
  };
  void note_ending(const TraceEvent& event);
  Broken judge_all(const World& world) const;
  static Broken judge(const Transaction& transaction, const std::set<core::RecordId>& seen,
                      std::string_view spared_by);

  std::map<ProducerIndex, std::vector<Transaction>> begun_;
  std::map<ProducerIndex, Ending> endings_;
};

class LawWatch {
 public:
  // `world`: after the step in which the event happened. What is broken is added to `broken`, or to
  // what Kafka itself breaks, see note().
  void take_in(const TraceEvent& event, const World& world, std::vector<BrokenLaw>& broken,
               std::vector<BrokenLaw>* spared = nullptr);
  // What of its memory decides what it may say of what comes, for whoever takes two worlds for the
  // same: see world_key(). What follows from the world itself is left out.
  void add_to(core::StateKey& key, const World& world) const;
  static std::vector<std::string_view> names();

 private:
  using Laws = std::tuple<MutedIsNotDrained, CallbacksInOrder, FateInTime, ExpiresByItsCase,
                          DoubtHoldsBack, RetriesKeepTheOrder, NothingIsRefused,
                          TransactionsAreWhole, SleepsAsDecided, DoesAsDecided>;
  Laws laws_;
};

}  // namespace linger::sim
