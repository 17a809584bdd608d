// Terms of decisions as they would be asked now, and what would be if one alone were otherwise.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kFlipRows[] = {
    {"turned round alone: data would go", "单独反转：就会发数据"},
    {"turned round alone: no data would go", "单独反转：就不发数据"},
    {"turned round alone: data goes all the same", "单独反转：照样发数据"},
    {"turned round alone: no data all the same", "单独反转：照样不发数据"},
    {"the same", "照旧"},
    {"no wait", "不等"},
    {"no bound now", "眼下不起作用"},
    {"without it: {}", "没有它：{0}"},
    {"with it: {}", "有了它：{0}"},
    {"something may be left to send to it: the sender looks again at once",
     "可能还有要发给它的：发送线程马上再看"},
    {"{}, it has {} of {}", "{}，它已得 {} / {}"},
    {"first in line", "排在首位"},
    {"whoever came before is served before", "先来者先得"},
    {"turned round alone: the call goes on", "单独反转：调用会继续"},
    {"turned round alone: the call waits all the same", "单独反转：调用照样等待"},
    {"turned round alone: the call fails", "单独反转：调用会失败"},
    {"only nodes of ready partitions are drained", "只取出有就绪分区的节点"},
    {"see below: may data go to it?", "见下：能向它发数据吗？"},
    {"each partition goes alone", "每个分区各走各的"},
    {"it failed, and its wait is not over", "它失败过，还没等够"},
    {"what was taken before it fills the request to the node", "此前取出的已占满这个请求"},
    {"the partition is not in the transaction yet, or the transaction has failed",
     "分区还没加入事务，或者事务已失败"},
    {"without one there are no sequence numbers", "没有它就没有序列号"},
    {"batches of two epochs must not be in flight together", "两个 epoch 的批次不能同时在途"},
    {"nobody knows what became of an earlier sequence", "没人知道更早的序列号结果如何"},
    {"a retry waits until it is the first in flight", "重试的批次要等到在途中排第一"},
    {"turned round alone: it would be taken", "单独反转：就会取出"},
    {"turned round alone: it would be left", "单独反转：就会留下"},
    {"turned round alone: taken all the same", "单独反转：照样取出"},
    {"turned round alone: left all the same", "单独反转：照样留下"},
    {"turned round alone: a pass now would take it", "单独反转：此刻的一轮会取走它"},
    {"turned round alone: a pass now would leave it all the same",
     "单独反转：此刻的一轮照样留下它"},
    {"turned round alone: it would expire all the same", "单独反转：照样会过期"},
    {"a pass now would take it", "此刻的一轮会取走它"},
    {"a pass now would leave it: {}", "此刻的一轮会留下它：{0}"},
    {"request timeout passed", "请求超时已过"},
    {"turned round alone: it would wait on", "单独反转：它会继续等待"},
    {"turned round alone: it hangs on the sequences of then", "单独反转：取决于当时的序列号"},
    {"turned round alone: split all the same", "单独反转：照样拆分"},
    {"turned round alone: split", "单独反转：就会拆分"},
    {"turned round alone: tried again all the same", "单独反转：照样重试"},
    {"turned round alone: tried again", "单独反转：就会重试"},
    {"turned round alone: given up all the same", "单独反转：照样放弃"},
    {"turned round alone: given up", "单独反转：就会放弃"},
    {"turned round alone: it is answered", "单独反转：会得到响应"},
    {"turned round alone: answered all the same", "单独反转：照样得到响应"},
    {"turned round alone: it is answered sooner", "单独反转：会更早得到响应"},
    {"turned round alone: it fails", "单独反转：会失败"},
    {"turned round alone: it fails all the same", "单独反转：照样失败"},
    {"what has gone wrong so far?", "至今出过什么故障？"},
    {"each is tried on a copy of the world, as if it had never happened",
     "每个都在世界的副本上试过，当作从未发生"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_flips() {
  return kFlipRows;
}

}  // namespace linger::viz
