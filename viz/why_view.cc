#include "viz/why_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"
#include "viz/why_details.h"
#include "viz/why_sections.h"

namespace linger::viz {
namespace {

WhySection section(std::string question, std::string answer, WhyTone tone) {
  WhySection made;
  made.question = std::move(question);
  made.answer = std::move(answer);
  made.tone = tone;
  return made;
}

// --- Threads ---

const ThreadBox* find_thread(const std::vector<ThreadBox>& boxes, core::ThreadId id) {
  const auto found =
      std::find_if(boxes.begin(), boxes.end(), [id](const ThreadBox& box) { return box.id == id; });
  return found == boxes.end() ? nullptr : &*found;
}

// When the call that a thread is in was last held.
const sim::TraceEvent* last_block(const Scene& scene, core::ThreadId thread) {
  const auto held = scene.index.held_calls_of(thread);
  const auto later = std::lower_bound(held.begin(), held.end(), scene.position());
  if (later != held.begin()) return &scene.timeline.trace()[*std::prev(later)];
  return nullptr;
}

// Memory goes to the thread that is first in line, as it comes back, until it has enough.
std::vector<Term> memory_terms(const Scene& scene, core::ProducerIndex producer,
                               const core::BufferPool& pool, core::ThreadId thread) {
  const PoolView view = pool_view(scene, producer);
  const auto self = std::find_if(view.waiters.begin(), view.waiters.end(),
                                 [thread](const WaiterBox& one) { return one.thread == thread; });
  const bool is_first = self == view.waiters.begin() && self != view.waiters.end();
  std::string what = tr("{} of {} are free, {} in line", bytes_text(pool.available()),
                        bytes_text(pool.total()), count_text(pool.waiter_count(), "thread"));
  if (self != view.waiters.end()) {
    what = tr("{}, it has {} of {}", what, bytes_text(self->gathered), bytes_text(self->needed));
  }
  Term first{tr("first in line"),
             is_first ? Truth::True : Truth::False,
             !is_first,
             tr("whoever came before is served before"),
             "",
             "BufferPool.allocate"};
  Term free{tr("memory is free"),
            Truth::False,
            is_first,
            std::move(what),
            fmt::format("buffer.memory = {}", pool.total().count()),
            "BufferPool.allocate"};
  return {std::move(first), std::move(free)};
}

// What has to come for the thread to go on.
std::vector<Term> blocked_terms(const Scene& scene, core::ProducerIndex producer,
                                core::BlockedOn on, const ThreadBox& box) {
  const core::KafkaProducer& self = process_of(scene, producer).producer;
  switch (on) {
    case core::BlockedOn::Memory: {
      const core::BufferPool& pool = self.accumulator().pool();
      return memory_terms(scene, producer, pool, box.id);
    }
    case core::BlockedOn::Metadata:
      return {{tr("the topic is known"), Truth::False, true,
               tr("no answer has told of the topic and its partitions yet"),
               fmt::format("metadata.max.age.ms = {}", self.config().metadata_max_age.count()),
               "KafkaProducer.waitOnMetadata"}};
    case core::BlockedOn::Flush: {
      const auto left = static_cast<std::int64_t>(self.accumulator().incomplete().size());
      return {{tr("no batch is incomplete"), Truth::False, true,
               tr("{} are, some of them opened after flush() was called", number_text(left)), "",
               "RecordAccumulator.awaitFlushCompletion"}};
    }
    case core::BlockedOn::Future:
      return {{tr("the record's fate is known"), Truth::False, true,
               box.record ? tr("{} is {}", record_label(*box.record),
                               word(entry_of(scene, *box.record).status))
                          : "",
               "", "FutureRecordMetadata.get"}};
    case core::BlockedOn::SenderExit:
      return {{tr("the sender has stopped"), Truth::False, true,
               tr("it sends what is left first, unless it is forced"), "", "KafkaProducer.close"}};
    case core::BlockedOn::Transaction:
      return {{tr("the coordinator has answered"), Truth::False, true,
               tr("the transaction manager's request is not done"), "",
               "TransactionalRequestResult.await"}};
    case core::BlockedOn::UserCode:
      return {{tr("the user's code has returned"), Truth::False, true,
               tr("it runs on this thread, and takes its time"), "",
               "Serializer, ProducerInterceptor"}};
    case core::BlockedOn::EndlessLoop:
      return {{tr("a partition is found"), Truth::False, true,
               tr("with batch.size 0 each look moves the sticky choice on"), "batch.size = 0",
               "RecordAccumulator.append", "KAFKA-14303"}};
  }
  return {};
}

void add_thread(const Scene& scene, core::ThreadId id, WhyView& view) {
  const auto& threads = scene.world().threads;
  const auto index = static_cast<std::size_t>(id.value());
  if (index >= threads.size()) return;
  const core::ProducerIndex producer{static_cast<std::int32_t>(threads[index].producer)};
  const std::vector<ThreadBox> boxes = thread_boxes(scene, producer);
  const ThreadBox* box = find_thread(boxes, id);
  if (box == nullptr) return;
  view.title = tr("thread {}", box->name);
  if (!box->blocked_on) {
    WhySection free =
        section(tr("why does it wait?"), tr("it does not: {}", box->activity), WhyTone::Plain);
    free.until = box->until;
    view.sections.push_back(std::move(free));
    return;
  }
  WhySection held =
      section(tr("why does it wait?"), box->activity + " " + box->blocked_text, WhyTone::Waits);
  held.terms = blocked_terms(scene, producer, *box->blocked_on, *box);
  held.until = box->until;
  if (const sim::TraceEvent* event = last_block(scene, id)) {
    held.step = event->step;
    held.at = sim::instant_text(event->at);
    // The call waits for all of them: one alone lets it go on if it is the only one missing.
    const auto missing = std::count_if(held.terms.begin(), held.terms.end(),
                                       [](const Term& one) { return one.value == Truth::False; });
    for (Term& term : held.terms) {
      term.is_the_one = term.value == Truth::False && missing == 1;
      term.flip = term.is_the_one ? tr("turned round alone: the call goes on")
                                  : tr("turned round alone: the call waits all the same");
      term.changed_in = event->step;
      term.changed =
          sim::instant_text(event->at) + ": " + sim::describe(*event, scene.names).sentence;
    }
  }
  view.sections.push_back(std::move(held));
  const std::string_view bound = setting_of(*box->blocked_on);
  if (bound.empty()) return;
  WhySection gives_up =
      section(tr("how long at most?"),
              box->until ? tr("{} more", box->until->text) : tr("without limit"), WhyTone::Plain);
  gives_up.terms.push_back({std::string{bound}, Truth::NotEvaluated, false,
                            tr("then the call ends with a TimeoutException"), "", "KafkaProducer"});
  view.sections.push_back(std::move(gives_up));
}

// --- The sender's thread ---

void add_sender(const Scene& scene, core::ProducerIndex producer, const WhyDetails* details,
                WhyView& view) {
  const SenderBox box = sender_box(scene, producer);
  SleepView sleep = sleep_view(scene, producer);
  if (details != nullptr) add_details(*details, producer, sleep);
  view.title =
      tr("the sender of {}",
         scene.world().scenario->producers[static_cast<std::size_t>(producer.value())].name);
  view.sections.push_back(section(tr("what does it do?"), box.text, WhyTone::Plain));
  WhySection why = section(tr("how long does it sleep, and why?"), sleep.headline,
                           box.is_stopped ? WhyTone::Bad : WhyTone::Waits);
  why.terms = sleep.rows;
  why.until = sleep.until;
  view.sections.push_back(std::move(why));
}

// --- Nodes ---

void add_node(NodeView node, core::ProducerIndex producer, const WhyDetails* details,
              WhyView& view) {
  if (details != nullptr) add_details(*details, producer, node);
  WhySection why = section(tr("may data go to {}?", node.name), node.headline,
                           node.is_ready ? WhyTone::Good : WhyTone::Waits);
  why.terms = node.terms;
  view.sections.push_back(std::move(why));
}

void add_broker(const Scene& scene, core::NodeId broker, const WhyDetails* details, WhyView& view) {
  for (std::size_t i = 0; i < scene.world().processes.size(); ++i) {
    const core::ProducerIndex producer{static_cast<std::int32_t>(i)};
    for (const NodeView& node : node_views(scene, producer)) {
      if (node.node == broker) add_node(node, producer, details, view);
    }
  }
  if (!view.sections.empty()) view.title = broker_label(broker);
}

// What a selection has to say.
class WhyReader {
 public:
  WhyReader(const Scene& scene, const WhyDetails* details) : scene_{scene}, details_{details} {}

  void operator()(std::monostate) {}
  void operator()(const LaneRef&) {}
  void operator()(const BatchRef& batch) { add_batch_sections(scene_, batch, view); }
  void operator()(const core::RecordId&) {
    if (const auto batch = selected_batch(scene_)) (*this)(*batch);
  }
  void operator()(const core::NodeId& broker) { add_broker(scene_, broker, details_, view); }
  void operator()(const core::ThreadId& thread) {
    if (thread.value() >= 0) return add_thread(scene_, thread, view);
    const std::int32_t producer = -1 - thread.value();
    if (static_cast<std::size_t>(producer) >= scene_.world().processes.size()) return;
    const core::ProducerIndex index{producer};
    add_sender(scene_, index, details_, view);
    for (const NodeView& node : node_views(scene_, index)) {
      add_node(node, index, details_, view);
    }
  }
  void operator()(const RequestRef& request) { add_request_sections(scene_, request, view); }

  WhyView view;

 private:
  const Scene& scene_;
  const WhyDetails* details_;
};

}  // namespace

WhyView why_view(const Scene& scene, const WhyDetails* details) {
  WhyReader reader{scene, details};
  std::visit(reader, scene.selection);
  return std::move(reader.view);
}

}  // namespace linger::viz
