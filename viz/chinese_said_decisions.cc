// Why: the terms of decisions, and what is said of them.
#include "viz/said.h"

namespace linger::viz {
namespace {

constexpr SaidRow kSaidOfDecisions[] = {
    // Readiness.
    {"waiting", "等待中"},
    {"expired", "已等够"},
    {"exhausted", "内存耗尽"},
    {"closed", "已关闭"},
    {"flushing", "flush 中"},
    {"completing", "事务结束中"},
    {"waited {} of {} since it failed (KIP-580)", "失败后已等 {0}，共 {1}（KIP-580）"},
    {"waited {#} ms of {}", "已等 {0} ms，共 {1}"},
    {"waited {#} s of {}", "已等 {0} s，共 {1}"},
    {"{} batch in the deque", "双端队列里有 {0} 个批次"},
    {"{} batches in the deque", "双端队列里有 {0} 个批次"},
    {"{} batch in the deque, the first holds {} of {}",
     "双端队列里有 {0} 个批次，首个装了 {1}/{2}"},
    {"{} batches in the deque, the first holds {} of {}",
     "双端队列里有 {0} 个批次，首个装了 {1}/{2}"},
    {"{} wait for memory: all is sendable", "{0}在等内存：全部可发送"},
    {"{#} thread", "{0} 个线程"},
    {"{#} threads", "{0} 个线程"},
    {"ready: {}", "就绪：{0}"},
    // The drain.
    {"taken for {}", "已取出，发往 {0}"},
    {"left: with it the request would be larger than max.request.size ({} of {})",
     "留下：加上它，请求会超过 max.request.size（{0}，上限 {1}）"},
    {"nothing ready for its node", "它的节点没有就绪的分区"},
    {"node takes no data", "节点不收数据"},
    {"not ready itself", "自身未就绪"},
    {"request full", "请求已满"},
    {"transaction in the way", "事务不允许"},
    {"old epoch in flight", "旧 epoch 在途"},
    {"stale epoch in flight", "旧 epoch 在途"},
    {"sequence unresolved", "序列号未定"},
    {"earlier sequence in flight", "更早的序列号在途"},
    {"not allowed", "不允许"},
    {"taken", "已取出"},
    // What if one term were otherwise.
    {"waits {}", "等 {0}"},
    // The sender's sleep.
    {"asks its poll to wait {}: until the next ready check", "poll 至多等 {0}：到下次就绪判断"},
    {"asks its poll to wait {}: until a node may be ready", "poll 至多等 {0}：到节点可能就绪"},
    {"asks its poll to wait {}: until a batch expires", "poll 至多等 {0}：到有批次过期"},
    {"asks its poll to wait {}: for the transaction manager", "poll 至多等 {0}：为事务管理器"},
    {"a node is ready", "有节点就绪"},
    // Nodes.
    {"{#} in flight, and the last one is wholly written", "{0} 个在途，且最后一个已全部写出"},
    {"not ready: not “{}”", "未就绪：不满足“{0}”"},
    {"may data go to {}?", "能向 {0} 发数据吗？"},
    // Retries.
    {"retriable", "可重试"},
    {"{#} failed so far", "已失败 {0} 次"},
    {"b{#} is", "是 b{0}"},
    {"it was {} old", "它已有 {0}"},
    {"batch {#} of {}", "{1} 的批次 {0}"},
    // Threads.
    {"it does not: {}", "它没在等：{0}"},
    {"{} ms more", "还有 {0} ms"},
    {"{} s more", "还有 {0} s"},
    {"{} µs more", "还有 {0} µs"},
    {"{} of {} are free, {} in line", "{1} 中有 {0} 空闲，{2}在排队"},
    {"{#} are, some of them opened after flush() was called",
     "有 {0} 个，有的在 flush() 之后才新开"},
    {"the sender of {}", "{0} 的发送线程"},
    {"thread {}", "线程 {0}"},
    // Requests.
    {"{} {#} to broker {#}", "{0} {1}，发往 broker {2}"},
    {"{} {#} to bootstrap {#}", "{0} {1}，发往 bootstrap {2}"},
    {"answered", "已响应"},
};

}  // namespace

std::span<const SaidRow> said_of_decisions() {
  return kSaidOfDecisions;
}

}  // namespace linger::viz
