// What laws about what happens in turn remember that decides what they may say of what comes, by
// the names that world_key() uses: a record is known by its partition and its place there.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/rules.h"
#include "sim/law_watch.h"
#include "sim/law_words.h"

namespace linger::sim {

// Places are counted in the order of appends. Who was told last follows from the fates, as long as
// there is an order; where none is promised, or a breach is spared, it makes no difference.
void CallbacksInOrder::add_to(core::StateKey& key, const World&) const {
  key.add(refused_late_.size());
  for (const TopicPartition partition : refused_late_) key.add(partition);
}

// Whether something is overdue at the last look, and at the one before.
void FateInTime::add_to(core::StateKey& key, const World& world) const {
  std::vector<std::pair<TopicPartition, bool>> overdue;
  for (const BatchOf& batch : without_fate_) {
    const Opened& opened = opened_.at(batch);
    const auto looks = looks_.find(batch.first);
    if (looks == looks_.end()) continue;
    const core::Millis deadline = opened.at + promised(config_of(batch.first, world));
    if (deadline > looks->second.last) continue;
    overdue.emplace_back(opened.partition, deadline <= looks->second.before);
  }
  std::sort(overdue.begin(), overdue.end());
  key.add(overdue.size());
  for (const auto& [partition, is_twice] : overdue) key.add(partition, is_twice);
  if (!overdue.empty()) key.add(told_since_look_.size());
}

// When the last look was counts as long as this law does.
void ExpiresByItsCase::add_to(core::StateKey& key, const World& world) const {
  if (!is_of_its_time(*world.scenario)) return;
  for (const auto& [producer, looked] : looked_) {
    key.add(producer);
    key.age(looked);
  }
}

void DoubtHoldsBack::add_to(core::StateKey& key, const World&) const {
  for (const auto& [producer, partition] : in_doubt_) key.add(producer, partition);
}

void NothingIsRefused::add_to(core::StateKey& key, const World&) const {
  key.add(went_wrong_);
}

void TransactionsAreWhole::add_to(core::StateKey& key, const World& world) const {
  if (begun_.empty()) return;
  std::map<TopicPartition, std::int64_t> counts;
  std::vector<std::pair<TopicPartition, std::int64_t>> names;
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    const TopicPartition partition = world.records[i].partition;
    names.emplace_back(partition, counts[partition]++);
  }
  for (const auto& [producer, begun] : begun_) {
    for (const Transaction& transaction : begun) {
      std::vector<std::pair<TopicPartition, std::int64_t>> records;
      for (const core::RecordId record : transaction.records) {
        records.push_back(names[static_cast<std::size_t>(record.value())]);
      }
      std::sort(records.begin(), records.end());
      key.add(producer, transaction.end, records.size());
      for (const auto& [partition, place] : records) key.add(partition, place);
    }
  }
  if (world.scenario->rules.has(core::Rule::Kafka13412SendChecksAfterAppend)) return;
  for (const auto& [producer, ending] : endings_) {
    key.add(producer, ending.by_commit, ending.by_abort, ending.was_by_both);
  }
}

}  // namespace linger::sim
