#include "viz/why_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "sim/event_text.h"
#include "sim/trace_text.h"
#include "viz/language.h"
#include "viz/pipeline_view.h"
#include "viz/text.h"
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
  const auto past = scene.timeline.past();
  for (auto event = past.rbegin(); event != past.rend(); ++event) {
    const auto* blocked = event->as<core::CallBlocked>();
    if (blocked != nullptr && blocked->thread == thread) return &*event;
  }
  return nullptr;
}

// What has to come for the thread to go on.
std::vector<Term> blocked_terms(const Scene& scene, core::ProducerIndex producer,
                                core::BlockedOn on, const ThreadBox& box) {
  const core::KafkaProducer& self = process_of(scene, producer).producer;
  switch (on) {
    case core::BlockedOn::Memory: {
      const core::BufferPool& pool = self.accumulator().pool();
      const std::string what =
          tr("{} of {} are free, {} in line", bytes_text(pool.available()),
             bytes_text(pool.total()), count_text(pool.waiter_count(), "thread"));
      return {{tr("memory is free"), Truth::False, true, what,
               fmt::format("buffer.memory = {}", pool.total().count()), "BufferPool.allocate"}};
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
    for (Term& term : held.terms) {
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

void add_sender(const Scene& scene, core::ProducerIndex producer, WhyView& view) {
  const SenderBox box = sender_box(scene, producer);
  const SleepView sleep = sleep_view(scene, producer);
  view.title =
      tr("the sender of {}",
         scene.world().scenario->producers[static_cast<std::size_t>(producer.value())].name);
  view.sections.push_back(section(tr("what does it do?"), box.text, WhyTone::Plain));
  WhySection why = section(tr("how long does it sleep, and why?"), sleep.headline,
                           box.is_stopped ? WhyTone::Bad : WhyTone::Waits);
  for (const SleepView::Row& row : sleep.rows) {
    why.terms.push_back({row.name, row.decides ? Truth::True : Truth::False, row.decides, row.what,
                         row.time, "Sender.sendProducerData"});
  }
  why.until = sleep.until;
  view.sections.push_back(std::move(why));
}

// --- Nodes ---

void add_node(const NodeView& node, WhyView& view) {
  WhySection why = section(tr("may data go to {}?", node.name), node.headline,
                           node.is_ready ? WhyTone::Good : WhyTone::Waits);
  why.terms = node.terms;
  view.sections.push_back(std::move(why));
}

void add_broker(const Scene& scene, core::NodeId broker, WhyView& view) {
  for (std::size_t i = 0; i < scene.world().processes.size(); ++i) {
    for (const NodeView& node : node_views(scene, core::ProducerIndex{static_cast<int>(i)})) {
      if (node.node == broker) add_node(node, view);
    }
  }
  if (!view.sections.empty()) view.title = broker_label(broker);
}

// What a selection has to say.
class WhyReader {
 public:
  explicit WhyReader(const Scene& scene) : scene_{scene} {}

  void operator()(std::monostate) {}
  void operator()(const LaneRef&) {}
  void operator()(const BatchRef& batch) { add_batch_sections(scene_, batch, view); }
  void operator()(const core::RecordId&) {
    if (const auto batch = selected_batch(scene_)) (*this)(*batch);
  }
  void operator()(const core::NodeId& broker) { add_broker(scene_, broker, view); }
  void operator()(const core::ThreadId& thread) {
    if (thread.value() >= 0) return add_thread(scene_, thread, view);
    const std::int32_t producer = -1 - thread.value();
    if (static_cast<std::size_t>(producer) >= scene_.world().processes.size()) return;
    add_sender(scene_, core::ProducerIndex{producer}, view);
    for (const NodeView& node : node_views(scene_, core::ProducerIndex{producer})) {
      add_node(node, view);
    }
  }
  void operator()(const RequestRef& request) { add_request_sections(scene_, request, view); }

  WhyView view;

 private:
  const Scene& scene_;
};

}  // namespace

WhyView why_view(const Scene& scene) {
  WhyReader reader{scene};
  std::visit(reader, scene.selection);
  return std::move(reader.view);
}

}  // namespace linger::viz
