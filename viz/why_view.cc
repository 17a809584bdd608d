#include "viz/why_view.h"

#include <string>
#include <utility>
#include <variant>

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
  void operator()(const BatchRef& batch) { add_batch_sections(scene_, batch, details_, view); }
  void operator()(const core::RecordId&) {
    if (const auto batch = selected_batch(scene_)) (*this)(*batch);
  }
  void operator()(const core::NodeId& broker) { add_broker(scene_, broker, details_, view); }
  void operator()(const core::ThreadId& thread) {
    if (thread.value() >= 0) return add_thread_sections(scene_, thread, details_, view);
    const std::int32_t producer = -1 - thread.value();
    if (static_cast<std::size_t>(producer) >= scene_.world().processes.size()) return;
    const core::ProducerIndex index{producer};
    add_sender(scene_, index, details_, view);
    for (const NodeView& node : node_views(scene_, index)) {
      add_node(node, index, details_, view);
    }
  }
  void operator()(const RequestRef& request) {
    const auto to = add_request_sections(scene_, request, details_, view);
    if (!to) return;
    for (const NodeView& node : node_views(scene_, request.producer)) {
      if (node.node == *to) add_node(node, request.producer, details_, view);
    }
  }

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
