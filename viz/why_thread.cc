// Why a thread waits, what would let it go on, and how long it waits at most.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "sim/call_flip.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"
#include "viz/why_changes.h"
#include "viz/why_link.h"
#include "viz/why_sections.h"

namespace linger::viz {
namespace {

using core::BlockedOn;
using sim::CallTerm;

const sim::AppThread& thread_at(const Scene& scene, core::ThreadId thread) {
  return scene.world().threads[static_cast<std::size_t>(thread.value())];
}

core::ProducerIndex producer_of(const sim::AppThread& thread) {
  return core::ProducerIndex{static_cast<std::int32_t>(thread.producer)};
}

const core::SendCall* send_of(const sim::AppThread& thread) {
  if (thread.user_code && thread.user_code->sending) return &*thread.user_code->sending;
  return std::get_if<core::SendCall>(&thread.call);
}

std::optional<core::RecordId> record_of(const sim::AppThread& thread) {
  if (const auto* send = send_of(thread)) return send->record.id;
  if (const auto* get = std::get_if<core::FutureCall>(&thread.call)) return get->record;
  return std::nullopt;
}

struct Words {
  std::string what;
  std::string setting;
  const char* source = "";
  const char* rule = "";
};

// What there is to say of each term of a call.
class CallWords {
 public:
  CallWords(const Scene& scene, const sim::AppThread& thread)
      : scene_{scene},
        thread_{thread},
        producer_{process_of(scene, producer_of(thread)).producer} {}

  Words of(CallTerm term) const {
    switch (term) {
      case CallTerm::FirstInLine:
        return {tr("whoever came before is served before"), "", "BufferPool.allocate"};
      case CallTerm::MemoryFree:
        return {memory_text(),
                fmt::format("buffer.memory = {}", producer_.accumulator().pool().total().count()),
                "BufferPool.allocate"};
      case CallTerm::TopicKnown:
        return {tr("no answer has told of the topic and its partitions yet"), metadata_age(),
                "KafkaProducer.waitOnMetadata"};
      case CallTerm::PartitionKnown:
        return {partitions_text(), metadata_age(), "KafkaProducer.waitOnMetadata", "KAFKA-6833"};
      case CallTerm::BatchesComplete: {
        const auto left = static_cast<std::int64_t>(producer_.accumulator().incomplete().size());
        return {tr("{} are, some of them opened after flush() was called", number_text(left)), "",
                "RecordAccumulator.awaitFlushCompletion"};
      }
      case CallTerm::FateKnown:
        return {fate_text(), "", "FutureRecordMetadata.get"};
      case CallTerm::SenderStopped:
        return {tr("it sends what is left first, unless it is forced"), "", "KafkaProducer.close"};
      case CallTerm::Answered:
        return {tr("the transaction manager's request is not done"), "",
                "TransactionalRequestResult.await", "KIP-98"};
      case CallTerm::CodeReturned:
        return {tr("it runs on this thread, and takes its time"), "",
                "Serializer, Partitioner, ProducerInterceptor, Callback"};
      case CallTerm::PartitionFound:
        return {tr("with batch.size 0 each look moves the sticky choice on"), "batch.size = 0",
                "RecordAccumulator.append", "KAFKA-14303"};
      case CallTerm::TimeIsUp:
        return time_words();
    }
    return {};
  }

 private:
  std::string metadata_age() const {
    return fmt::format("metadata.max.age.ms = {}", producer_.config().metadata_max_age.count());
  }
  // Memory goes to the thread that is first in line, as it comes back, until it has enough.
  std::string memory_text() const {
    const core::BufferPool& pool = producer_.accumulator().pool();
    std::string what = tr("{} of {} are free, {} in line", bytes_text(pool.available()),
                          bytes_text(pool.total()), count_text(pool.waiter_count(), "thread"));
    const PoolView view = pool_view(scene_, producer_of(thread_));
    const auto self = std::ranges::find(view.waiters, thread_.id, &WaiterBox::thread);
    if (self == view.waiters.end()) return what;
    return tr("{}, it has {} of {}", what, bytes_text(self->gathered), bytes_text(self->needed));
  }
  std::string partitions_text() const {
    const core::ProducerRecord& record = send_of(thread_)->record;
    const auto count = producer_.metadata().snapshot().partition_count(record.topic);
    return tr("the topic has {} as far as is known, the record is for number {}",
              count_text(count.value_or(0), "partition"), record.partition.value_or(0));
  }
  std::string fate_text() const {
    const auto record = record_of(thread_);
    if (!record) return "";
    return tr("{} is {}", record_label(*record), word(entry_of(scene_, *record).status));
  }
  Words time_words() const {
    if (thread_.blocked_on == BlockedOn::SenderExit) {
      return {tr("then the sender is stopped by force"), close_setting(), "KafkaProducer.close"};
    }
    return {tr("then the call ends with a TimeoutException"),
            fmt::format("max.block.ms = {}", producer_.config().max_block.count()),
            "KafkaProducer"};
  }
  std::string close_setting() const {
    const auto held =
        LastChange{scene_.timeline.trace(), scene_.index, scene_.position()}.held(thread_.id);
    if (!held) return "close(timeout)";
    const auto* call = scene_.timeline.trace()[*held].as<core::CallBlocked>();
    return fmt::format("close({})", duration_text(call->at_most));
  }

  const Scene& scene_;
  const sim::AppThread& thread_;
  const core::KafkaProducer& producer_;
};

std::vector<Term> call_terms(const Scene& scene, const sim::AppThread& thread) {
  const CallWords words{scene, thread};
  std::vector<Term> terms;
  bool is_decided = false;
  for (const sim::CallTruth& truth : sim::terms_of_call(scene.world(), thread.id)) {
    Words said = words.of(truth.term);
    const bool decides = !truth.holds && !is_decided && truth.term != CallTerm::TimeIsUp;
    is_decided = is_decided || decides;
    terms.push_back({tr(word(truth.term)), truth.holds ? Truth::True : Truth::False, decides,
                     std::move(said.what), std::move(said.setting), said.source, said.rule});
  }
  return terms;
}

std::string flip_text(const sim::CallFlip& flip) {
  if (!flip.then) return tr("cannot be turned round alone");
  switch (*flip.then) {
    case sim::CallGoing::WaitsOn:
      return tr("turned round alone: the call waits all the same");
    case sim::CallGoing::GoesOn:
      return tr("turned round alone: the call goes on");
    case sim::CallGoing::Fails:
      return tr("turned round alone: the call fails");
  }
  return "";
}

// --- How long at most? ---

// The batch that keeps a flush() or a get() waiting for longest.
const core::ProducerBatch* awaited_batch(const core::RecordAccumulator& accumulator,
                                         const sim::AppThread& thread) {
  std::vector<core::ResultId> awaited;
  if (const auto* flush = std::get_if<core::FlushCall>(&thread.call)) awaited = flush->results;
  if (const auto* get = std::get_if<core::FutureCall>(&thread.call)) {
    awaited = {accumulator.results.resolve(get->future).result};
  }
  std::erase_if(awaited, [&accumulator](core::ResultId result) {
    return accumulator.results.at(result).is_done;
  });
  const core::ProducerBatch* last = nullptr;
  accumulator.batches.for_each([&](const core::ProducerBatch& batch) {
    if (batch.is_done() || std::ranges::count(awaited, batch.result) == 0) return;
    if (last == nullptr || batch.created >= last->created) last = &batch;
  });
  return last;
}

// Without a limit of its own a call waits no longer than a batch lives. Before KIP-91 nothing
// bounds that.
void add_life_of_batch(const Scene& scene, const sim::AppThread& thread, WhySection& section) {
  const core::ProducerIndex producer = producer_of(thread);
  const core::RecordAccumulator& accumulator = accumulator_of(scene, producer);
  const core::ExpirySettings& expiry = accumulator.settings().expiry;
  const core::ProducerBatch* batch = awaited_batch(accumulator, thread);
  if (batch == nullptr || expiry.clock != core::ExpiryClock::FromCreation) return;
  const BatchRef ref{producer, batch->id};
  const auto left = waits_of(scene, ref).delivery;
  if (left) section.answer = tr("{} more", left->text());
  Term term{tr("delivery timeout passed"),
            Truth::False,
            false,
            tr("then batch {} expires, and the call ends", batch->id.value()),
            fmt::format("delivery.timeout.ms = {}", expiry.delivery_timeout.count()),
            "RecordAccumulator.expiredBatches",
            "KIP-91"};
  const auto events = scene.index.events_of(ref);
  if (!events.empty() && events.front() < scene.position()) link(scene, events.front(), term);
  section.terms.push_back(std::move(term));
}

std::string activity_of(const ThreadBox& box) {
  return box.blocked_text.empty() ? box.activity : box.activity + " " + box.blocked_text;
}

}  // namespace

std::vector<TermDetail> details_of_call(const Scene& scene, core::ThreadId id) {
  std::vector<TermDetail> details;
  if (id.value() < 0 || static_cast<std::size_t>(id.value()) >= scene.world().threads.size()) {
    return details;
  }
  const auto flipped = sim::flip_call(scene.world(), id);
  if (!flipped) return details;
  const sim::AppThread& thread = thread_at(scene, id);
  const LastChange change{scene.timeline.trace(), scene.index, scene.position()};
  for (std::size_t i = 0; i < flipped->flips.size(); ++i) {
    const sim::CallFlip& flip = flipped->flips[i];
    TermDetail detail;
    detail.term = tr(word(flip.term));
    detail.flip = flip_text(flip);
    detail.is_the_one = flip.changes_outcome;
    link(scene, change.of(flip.term, flipped->held[i], producer_of(thread), id, record_of(thread)),
         detail);
    details.push_back(std::move(detail));
  }
  return details;
}

void add_thread_sections(const Scene& scene, core::ThreadId id, const WhyDetails* details,
                         WhyView& view) {
  if (static_cast<std::size_t>(id.value()) >= scene.world().threads.size()) return;
  const sim::AppThread& thread = thread_at(scene, id);
  const std::vector<ThreadBox> boxes = thread_boxes(scene, producer_of(thread));
  const auto box = std::ranges::find(boxes, id, &ThreadBox::id);
  if (box == boxes.end()) return;
  view.title = tr("thread {}", box->name);
  std::vector<Term> terms = call_terms(scene, thread);
  const bool is_known = details != nullptr && details->selection == scene.selection;
  if (is_known) add_details(details->call, terms);
  WhySection held;
  held.question = tr("why does it wait?");
  held.until = box->until;
  if (terms.empty()) {
    held.answer = tr("it does not: {}", box->activity);
    view.sections.push_back(std::move(held));
    return;
  }
  held.answer = activity_of(*box);
  held.tone = WhyTone::Waits;
  const LastChange change{scene.timeline.trace(), scene.index, scene.position()};
  const bool is_in_code = thread.blocked_on == BlockedOn::UserCode;
  const auto since = is_in_code ? change.of(CallTerm::CodeReturned, false, producer_of(thread), id,
                                            record_of(thread))
                                : change.held(id);
  if (since) {
    const sim::TraceEvent& event = scene.timeline.trace()[*since];
    held.step = event.step;
    held.at = sim::instant_text(event.at);
  }
  // That its time is up does not let it go on: it ends it.
  WhySection limit;
  limit.question = tr("how long at most?");
  for (Term& term : terms) {
    const bool is_limit = term.name == std::string{tr(word(CallTerm::TimeIsUp))};
    (is_limit ? limit : held).terms.push_back(std::move(term));
  }
  view.sections.push_back(std::move(held));
  if (is_in_code || thread.blocked_on == BlockedOn::EndlessLoop) return;
  limit.answer = tr("without limit");
  if (!limit.terms.empty() && box->until) limit.answer = tr("{} more", box->until->text());
  if (limit.terms.empty()) add_life_of_batch(scene, thread, limit);
  view.sections.push_back(std::move(limit));
}

}  // namespace linger::viz
