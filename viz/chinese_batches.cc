// Batches, deques, brokers, connections and the pool, as the picture and its charts tell of them.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kBatchRows[] = {
    // Patterns that many panels share.
    {"{} of {}", "{} / {}"},
    {" of {}", " / {}"},
    {"{}: {}", "{}：{}"},
    {"{} ({})", "{}（{}）"},
    {"{}, {}", "{}，{}"},
    {", {}", "，{}"},
    {"in {}", "{} 后"},
    {"in {}: {}", "{} 后：{}"},
    {"{} at {}", "{1}：{0}"},
    // What a batch is in.
    {"F", "填"},
    {"W", "等"},
    {"I", "途"},
    {"B", "退"},
    {"filling", "填充中"},
    {"waiting", "等待中"},
    {"ready", "就绪"},
    {"in flight", "在途"},
    {"backing off", "退避中"},
    {"back in its deque", "回到队列"},
    {"done", "已完成"},
    {"aborted", "已中止"},
    {"split", "已拆分"},
    {"succeeded", "成功"},
    {"waits again", "再次等待"},
    {"full", "已满"},
    {"closed", "已关闭"},
    // A batch.
    {"batch {}: {}\n{}, {} of {}", "批次 {}：{}\n{}，{} / {}"},
    {"\nlinger.ms: {} left", "\nlinger.ms：还剩 {}"},
    {"\nbackoff: {} left", "\n退避：还剩 {}"},
    {"\ndelivery.timeout.ms: {} left", "\ndelivery.timeout.ms：还剩 {}"},
    {"\nmade by splitting a larger batch", "\n由一个更大的批次拆分而来"},
    {"\nits sequence was rewritten", "\n序列号被改写过"},
    {"\nClick for its whole life.", "\n点击查看它的一生。"},
    // Batches over time.
    {"Batches over time", "批次时间图"},
    {"No batch was opened yet.", "还没有新开过批次。"},
    {"{} in a row, too short to be told apart: look at a shorter stretch of time.",
     "连着 {}，太短而分不开：请看更短的一段时间。"},
    {"Writes the run as a trace, beside the scenario.", "把本次运行写成轨迹文件，放在场景旁边。"},
    // Deques.
    {"no leader", "无 leader"},
    {"muted", "被静音"},
    {"goes along", "随行"},
    {"ready: {}", "就绪：{}"},
    {"backoff passed", "退避结束"},
    {"linger passed", "等待期满"},
    {"exhausted", "内存耗尽"},
    {"flushing", "正在刷写"},
    {"completing", "正在结束事务"},
    {"empty deque", "队列为空"},
    {"node already ready", "节点已就绪"},
    {"backing off {}", "退避 {}"},
    {"waits {}", "等待 {}"},
    {"to {}", "到 {}"},
    {"leader moved", "leader 已迁移"},
    {"\nanother broker leads it by now", "\n现在的 leader 已是另一个 broker"},
    {"\nat the sender's last look: {}", "\n发送线程上次查看时：{}"},
    {"\n{} in the deque, {} in flight", "\n队列中 {}，在途 {} 个"},
    {"\nmuted: one of its batches is in flight, the next has to wait",
     "\n被静音：它有一个批次在途，下一个必须等待"},
    {"\nClick for the decision, term by term.", "\n点击逐项查看判断。"},
    {"{} more above", "上方还有 {} 个"},
    {"{} more below", "下方还有 {} 个"},
    {"Sender", "发送线程"},
    {"the producer's I/O thread: {}\n{}{}{}", "生产者的 I/O 线程：{}\n{}{}{}"},
    // The pool.
    {"batch {} holds {}", "批次 {} 占用 {}"},
    {"non-pooled {}", "未入池 {}"},
    {"non-pooled: {} that no buffer has been made of", "未入池：{}，还没有做成缓冲区"},
    {"free list: {} of {}, ready for the next batches", "空闲列表：{}，每个 {}，供下一批使用"},
    {"gathered by the first thread in line: {}", "排在最前的线程已攒到：{}"},
    {"lost {}", "丢失 {}"},
    {"not to scale", "不按比例"},
    {"{} in batches", "批次占用 {}"},
    {"{} free", "空闲 {}"},
    {"thread {} waits for memory\n{} of {} gathered", "线程 {} 在等待内存\n已攒到 {} / {}"},
    {"\nmax.block.ms: {} left", "\nmax.block.ms：还剩 {}"},
    {"{} needs {}", "{} 需要 {}"},
    {"Buffer pool", "缓冲池"},
    {"Pool", "缓冲池"},
    {"no thread waits", "没有线程在等待"},
    {"{} wait", "{} 个在等待"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_batches() {
  return kBatchRows;
}

}  // namespace linger::viz
