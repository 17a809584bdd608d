#include "sim/wakeup_law.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/batch_expiry.h"
#include "core/rules.h"
#include "sim/law_words.h"

namespace linger::sim {
namespace {

using core::Millis;
using core::Milliseconds;

constexpr Milliseconds kOneMillisecond{1};

// One sender that waits, and what it might have missed.
class Asleep {
 public:
  Asleep(const World& world, std::size_t index, const ProducerProcess& process)
      : scenario_{*world.scenario},
        rules_{scenario_.rules},
        index_{index},
        sender_{process.sender},
        batches_{process.batches},
        producer_{process.producer},
        accumulator_{producer_.accumulator()},
        now_{world.producer_time()},
        wakes_{sender_.due ? world.producer_time(*sender_.due) : core::kNever},
        held_{sender_.waits_since ? world.producer_time(*sender_.waits_since) -
                                        world.producer_time(sender_.turned_at)
                                  : Milliseconds{0}} {}

  static bool is_so(const World& world, const ProducerProcess& process) {
    const SenderThread& sender = process.sender;
    return sender.state == SenderThread::State::Polling && !process.has_exited &&
           !sender.is_spinning && (!sender.due || *sender.due > world.now);
  }

  Broken forgotten() {
    Broken breach = forgotten_waiter();
    if (breach && breach->spared_by.empty()) return breach;
    if (accumulator_.has_incomplete()) note(forgotten_batch(), breach);
    return breach;
  }

 private:
  // What nothing spares comes first.
  static void note(Broken found, Broken& breach) {
    if (found && (!breach || found->spared_by.empty())) breach = std::move(found);
  }

  // --- Memory ---

  Broken forgotten_waiter() const {
    const core::BufferPool& pool = accumulator_.pool();
    const auto& waiters = pool.waiters();
    const auto first = std::find_if(waiters.begin(), waiters.end(),
                                    [](const auto& waiter) { return !waiter.has_given_up; });
    if (first == waiters.end() || first->signalled) return std::nullopt;
    if (pool.available() + first->gathered < first->needed) return std::nullopt;
    const std::string_view spared_by = first == waiters.begin() ? "" : "before KAFKA-3651";
    return Breach{"a thread waits for " + std::to_string(first->needed.count()) +
                      " bytes, of which " + std::to_string(pool.available().count()) + " are free",
                  spared_by};
  }

  // --- Batches ---

  Broken forgotten_batch() {
    Broken breach;
    for_each_deque(accumulator_, [&](TopicPartition partition, const Deque& queue) {
      const bool is_found = breach && breach->spared_by.empty();
      if (!is_found && !queue.batches.empty()) note(forgotten_in(partition, queue), breach);
    });
    if (!breach || !breach->spared_by.empty()) note(expired_in_flight(), breach);
    return breach;
  }

  Broken forgotten_in(TopicPartition partition, const Deque& queue) const {
    const core::ProducerBatch& head = accumulator_.batches.at(queue.batches.front());
    Broken breach = not_sent(partition, queue, head);
    if (!breach || !breach->spared_by.empty()) note(not_expired(partition, queue, head), breach);
    return breach;
  }

  // --- Is it ready? ---

  Broken not_sent(TopicPartition partition, const Deque& queue,
                  const core::ProducerBatch& head) const {
    const auto leader = producer_.metadata().snapshot().known_leader(partition).node;
    if (!leader || accumulator_.is_muted(partition)) return std::nullopt;
    const Ready ready = when_ready(queue, head);
    if (!ready.at && !ready.by_waiters) return std::nullopt;
    const core::TransactionManager* transactions = producer_.transactions();
    if (transactions != nullptr &&
        transactions->may_drain(head, accumulator_.batches) != core::DrainVerdict::Taken) {
      return std::nullopt;
    }
    const Way way = way_to(*leader);
    if (way == Way::None) return std::nullopt;
    return Breach{batch_text(head.id) + " is ready before the sender wakes",
                  why_not_sent(queue, head, ready, way)};
  }

  enum class Way { None, TakesData, CouldBeConnected, SetUpTooLong };
  // How it comes to be ready.
  struct Ready {
    std::optional<Millis> at;  // by time; none: not before the sender wakes
    bool by_waiters = false;   // for memory, and by nothing else
    bool is_told = false;      // to the sender: it is to look at once
  };

  std::string_view why_not_sent(const Deque& queue, const core::ProducerBatch& head,
                                const Ready& ready, Way way) const {
    const std::string_view busy = why_no_data_is_looked_at();
    if (!busy.empty()) return busy;
    if (way == Way::SetUpTooLong) {
      return rules_.has(core::Rule::Kafka12762SetupTimeoutEndsSleep)
                 ? "the whole set-up timeout counts from the last look"
                 : "before KAFKA-12762";
    }
    if (!ready.at) return "who begins to wait for memory wakes nobody";
    if (may_hold_what_was_refused()) return "since KAFKA-13412";
    if (ready.is_told && was_closed_alone(queue, head)) return kClosedAlone;
    if (was_set_free_by_an_expiry()) return "what an expiry sets free waits for the next look";
    return !ready.is_told && *ready.at + held_ >= wakes_ ? kHeld : "";
  }

  // send() looks at the transaction behind the append, and throws before it wakes the sender: where
  // there is none, or it has failed, or another thread of the producer ends it.
  bool may_hold_what_was_refused() const {
    const core::TransactionManager* transactions = producer_.transactions();
    const auto is_mine = [this](const AppThreadSpec& thread) { return thread.producer == index_; };
    return transactions != nullptr && transactions->is_transactional() &&
           rules_.has(core::Rule::Kafka13412SendChecksAfterAppend) &&
           (transactions->state() != core::TransactionState::InTransaction ||
            std::count_if(scenario_.threads.begin(), scenario_.threads.end(), is_mine) > 1);
  }

  // By a record that did not fit, and for which no batch was opened behind it: its thread waits for
  // memory, or, since KIP-480, it went to another partition, into a batch that was there.
  bool was_closed_alone(const Deque& queue, const core::ProducerBatch& head) const {
    const core::TransactionManager* transactions = producer_.transactions();
    const bool is_completing = transactions != nullptr && transactions->is_completing();
    return queue.batches.size() == 1 && head.builder.is_closed_for_appends() && !is_completing &&
           !accumulator_.is_closed() && !accumulator_.flush_in_progress();
  }

  // The sender drains first, and then lets batches expire, for which others had to wait.
  bool was_set_free_by_an_expiry() const {
    for (std::size_t i = 0; i < batches_.size(); ++i) {
      const BatchEntry& entry = batches_[i];
      if (entry.outcome == core::BatchState::Failed && entry.completed_at >= sender_.turned_at) {
        return true;
      }
    }
    return false;
  }

  Ready when_ready(const Deque& queue, const core::ProducerBatch& head) const {
    const core::TransactionManager* transactions = producer_.transactions();
    const bool is_told = queue.batches.size() > 1 || head.is_full() || accumulator_.is_closed() ||
                         accumulator_.flush_in_progress() ||
                         (transactions != nullptr && transactions->is_completing());
    const Millis retried = head.last_attempt + longest_backoff(head);
    // Who is told of something looks at once, who waits for a time when it is past.
    if (is_told && head.attempts == 0) return {now_, false, true};
    const Millis at =
        is_told ? retried : std::max(retried, head.last_attempt + accumulator_.settings().linger);
    if (at < wakes_) return {at, false, false};
    return {std::nullopt, accumulator_.pool().waiter_count() > 0 && retried < wakes_, false};
  }

  // As a draw of its jitter may be.
  Milliseconds longest_backoff(const core::ProducerBatch& batch) const {
    if (batch.attempts == 0) return Milliseconds{0};
    const auto& settings = accumulator_.settings();
    if (settings.skips_backoff_on_new_leader && batch.has_new_leader_for_this_attempt()) {
      return Milliseconds{0};
    }
    return settings.retry_backoff.backoff(batch.attempts - 1, ~std::uint64_t{0});
  }

  Way way_to(NodeId node) const {
    const core::NetworkClient& client = producer_.client();
    const core::ClusterConnectionStates& connections = client.connections();
    const Millis before = now_ - kOneMillisecond;
    const auto takes_data = [&](Millis at) {
      return client.node_decision(node, at, producer_.metadata()).ready;
    };
    if (takes_data(before) && takes_data(now_)) return Way::TakesData;
    const bool is_due = client.node_decision(node, now_, producer_.metadata()).metadata_due;
    if (!is_due && connections.can_connect(node, before)) return Way::CouldBeConnected;
    if (!connections.is_connecting(node)) return Way::None;
    const auto late = connections.nodes_with_connection_setup_timeout(before);
    return std::find(late.begin(), late.end(), node) == late.end() ? Way::None : Way::SetUpTooLong;
  }

  // --- Has it expired? ---

  Broken not_expired(TopicPartition partition, const Deque& queue,
                     const core::ProducerBatch& head) const {
    const core::ExpirySettings& settings = accumulator_.settings().expiry;
    const bool counts_from_creation = settings.clock == core::ExpiryClock::FromCreation;
    if (!counts_from_creation && accumulator_.is_muted(partition)) return std::nullopt;
    const auto place =
        queue.batches.size() > 1 ? core::PlaceInDeque::BeforeOthers : core::PlaceInDeque::Last;
    const Millis before = wakes_ - kOneMillisecond;
    if (!expiry_of(head, place, settings, before)) return std::nullopt;
    std::string_view spared_by = why_no_data_is_looked_at();
    if (spared_by.empty() && !counts_from_creation) spared_by = "before KIP-91";
    if (spared_by.empty() && !expiry_of(head, place, settings, before - held_)) spared_by = kHeld;
    return Breach{batch_text(head.id) + " expires before the sender wakes", spared_by};
  }

  Broken expired_in_flight() const {
    const core::ExpirySettings& settings = accumulator_.settings().expiry;
    if (settings.clock != core::ExpiryClock::FromCreation) return std::nullopt;
    Broken breach;
    producer_.sender().in_flight_batches().for_each([&](TopicPartition,
                                                        const std::vector<core::BatchId>& batches) {
      if (batches.empty()) return;
      const core::ProducerBatch& batch = accumulator_.batches.at(batches.front());
      const auto place = core::PlaceInDeque::BeforeOthers;
      const Millis before = wakes_ - kOneMillisecond;
      if (!expiry_of(batch, place, settings, before)) return;
      std::string_view spared_by = why_no_data_is_looked_at();
      if (spared_by.empty() && !expiry_of(batch, place, settings, before - held_)) {
        spared_by = kHeld;
      }
      note(Breach{batch_text(batch.id) + " expires in flight before the sender wakes", spared_by},
           breach);
    });
    return breach;
  }

  // --- Where Kafka misses it ---

  std::string_view why_no_data_is_looked_at() const {
    return has_request_under_way(producer_) ? "a request of a transaction is under way" : "";
  }

  static constexpr std::string_view kClosedAlone =
      "a batch that is closed, and has none behind it, wakes nobody";
  static constexpr std::string_view kHeld = "the sender was held between its look and its sleep";

  const Scenario& scenario_;
  const core::RuleSet& rules_;
  std::size_t index_;
  const SenderThread& sender_;
  const ChunkedList<BatchEntry>& batches_;
  const core::KafkaProducer& producer_;
  const core::RecordAccumulator& accumulator_;
  Millis now_;
  Millis wakes_;       // at the latest
  Milliseconds held_;  // from its look to its sleep
};

}  // namespace

Broken nobody_is_forgotten(const World& world) {
  Broken breach;
  for (std::size_t i = 0; i < world.processes.size(); ++i) {
    if (!Asleep::is_so(world, world.processes[i])) continue;
    Broken found = Asleep{world, i, world.processes[i]}.forgotten();
    if (!found || (breach && !found->spared_by.empty())) continue;
    breach = std::move(found);
    if (breach->spared_by.empty()) break;
  }
  return breach;
}

}  // namespace linger::sim
