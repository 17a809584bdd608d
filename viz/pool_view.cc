// The buffer pool, as the picture's lower part.
#include <algorithm>
#include <variant>

#include "viz/pipeline_view.h"
#include "viz/text.h"

namespace linger::viz {
namespace {

// The thread whose send() waits for memory under this number.
const sim::AppThread* thread_of(const Scene& scene, core::ProducerIndex producer,
                                core::WaiterId waiter) {
  for (const sim::AppThread& thread : scene.world().threads) {
    if (thread.producer != static_cast<std::size_t>(producer.value())) continue;
    const auto* call = std::get_if<core::SendCall>(&thread.call);
    if (call != nullptr && call->append.waiter == waiter) return &thread;
  }
  return nullptr;
}

WaiterBox waiter_box(const Scene& scene, core::ProducerIndex producer,
                     const core::BufferPool::Waiter& waiter) {
  WaiterBox box;
  if (const sim::AppThread* thread = thread_of(scene, producer, waiter.id)) {
    box.thread = thread->id;
    box.name = thread_name(scene.names, thread->id);
  }
  box.needed = waiter.needed;
  box.gathered = waiter.whole_buffer ? waiter.needed : waiter.gathered;
  box.fraction = static_cast<float>(box.gathered.count()) /
                 static_cast<float>(std::max<std::int64_t>(box.needed.count(), 1));
  box.until = remaining(instant_of(scene.world(), waiter.waiting_since),
                        instant_of(scene.world(), waiter.deadline), scene.at);
  return box;
}

}  // namespace

PoolView pool_view(const Scene& scene, core::ProducerIndex producer) {
  const core::RecordAccumulator& accumulator = accumulator_of(scene, producer);
  const core::BufferPool& pool = accumulator.pool();
  PoolView view;
  view.total = pool.total();
  view.poolable = pool.poolable();
  view.free_buffers = static_cast<std::int32_t>(pool.free_list().size());
  view.free_list = core::Bytes{view.free_buffers * pool.poolable().count()};
  view.non_pooled = pool.non_pooled();
  view.gathered = pool.gathered_by_waiters();
  view.lost = pool.lost();
  view.available = pool.available();
  view.held = view.total - view.free_list - view.non_pooled - view.gathered - view.lost;
  for (const core::BatchId batch : accumulator.incomplete()) {
    const BatchRef ref{producer, batch};
    const core::ProducerBatch* held = find_batch(scene, ref);
    if (held == nullptr || held->is_split) continue;
    view.held_by.push_back(
        {ref, batch_label(batch), held->builder.capacity(), is_selected(scene, ref)});
  }
  for (const core::BufferPool::Waiter& waiter : pool.waiters()) {
    view.waiters.push_back(waiter_box(scene, producer, waiter));
  }
  return view;
}

}  // namespace linger::viz
