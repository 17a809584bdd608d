// What may come next: the explorer's moves, in words.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kMoveRows[] = {
    // The panel.
    {"Moves", "走法"},
    {"What may come next", "接下来可能发生"},
    {"outcome", "结果"},
    {"this run", "本次运行"},
    {"another run", "另一次运行"},
    {"moves, step by step", "每一步的走法数"},
    {"Step {}: {} moves\nClick to go there.", "第 {} 步：{} 种走法\n点击前往。"},
    {"{} steps", "{} 步"},
    {"after {}, at {}", "{}之后，于 {}"},
    {"{}, after {}", "{1}之后：{0}"},
    {"“{}”, after {}", "“{}”{}之后"},
    {"This state is also that of {}.", "{}也是这个状态。"},
    {"leads to a state of {}", "通向{}的状态"},
    {"taken in “{}”", "“{}”走了这一步"},
    {"linger explore has no such move", "linger explore 没有这种走法"},
    {"Here a check of the model fails: {}", "模型的检查在此失败：{}"},
    {"{}\nClick to go on in this run.", "{}\n点击在本次运行中继续。"},
    {"{}\nClick to go on in the run that does this.", "{}\n点击转到这样走的那次运行。"},
    {"{}\nClick to take it: the run as it was stays as a branch.",
     "{}\n点击走这一步：原来的运行作为分支保留。"},
    {"Bytes leave a socket at once: nobody else comes before them.",
     "字节立刻离开 socket：没有谁能排在它前面。"},
    {"No fault may strike: linger-view --may 'disconnect = 0' lets one.",
     "没有允许的故障：linger-view --may 'disconnect = 0' 可允许一种。"},
    {"May strike: {} ({} of {} so far)", "可能发生：{}（目前 {} / {} 次）"},
    {"A recording cannot go otherwise than it did.", "录制的运行不能走别的路。"},
    {"The moves are listed while nothing moves.", "停住时才列出走法。"},
    {"States are not compared, since linger explore does not take this: {}.",
     "不比较状态，因为 linger explore 不接受：{}。"},
    {"{} goes back; {} saves the run as a scenario with its order.",
     "{} 退回；{} 把运行连同顺序存为场景。"},
    {"taken: {}", "已走：{}"},
    // What cannot be explored.
    {"a recording", "录制"},
    {"user code, but for callbacks that take no time", "用户代码（不耗时的回调除外）"},
    {"callbacks that take time or send", "耗时或会发送的回调"},
    {"offsets in a transaction", "事务中的位移"},
    {"transactional calls that nobody waits for", "无人等待的事务调用"},
    {"rules of requests, for which it matters how many there were", "与请求次数有关的请求规则"},
    {"a transaction log with replicas", "有副本的事务日志"},
    {"faults that wait for something in the trace", "等待轨迹中某事的故障"},
    // Threads.
    {"send to {}", "发往 {}"},
    {"its program ends", "程序结束"},
    {"its wait ends, and a pass begins", "等待结束，开始新一轮"},
    {"its pass goes on", "继续这一轮"},
    {"the sender: {}", "发送线程：{}"},
    {"the sender of {}: {}", "{} 的发送线程：{}"},
    {"as written: {}", "按原样：{}"},
    {"the lesson says something", "课程解说"},
    {"nothing is due: the run ends", "没有到期的事：运行结束"},
    // Wires and brokers.
    {"a segment", "一个段"},
    {"a part of {}", "{} 的一部分"},
    {"{} and {} more", "{} 与另外 {} 个"},
    {"{} (of {})", "{}（{}）"},
    {"connection {}", "连接 {}"},
    {"{} arrives at {}", "{} 到达 {}"},
    {"the answer to {} arrives from {}", "{1} 对 {0} 的响应到达"},
    {"bytes leave the socket for {}", "字节离开 socket 前往 {}"},
    {"bytes leave the socket of {}", "字节离开 {} 的 socket"},
    {"a call for a connection reaches {}", "连接请求到达 {}"},
    {"the connection to {} stands", "到 {} 的连接建立"},
    {"{} refuses the connection", "{} 拒绝连接"},
    {"{} hears who the client is", "{} 得知客户端是谁"},
    {"{} does not know the client", "{} 不认得客户端"},
    {"{} hears that its client closes", "{} 得知客户端关闭"},
    {"the client hears that {} closes", "客户端得知 {} 关闭"},
    {"the client hears that {} knows no such connection", "客户端得知 {} 没有这个连接"},
    {"{} has done {}", "{} 处理完 {}"},
    {"{} answers {}: its followers have it, or its time is up",
     "{} 响应 {}：follower 已有，或时间到"},
    {"{} answers {}: the transaction log has it", "{} 响应 {}：已写入事务日志"},
    {"an answer that {} held back leaves", "{} 扣住的响应离开"},
    {"{} speaks again", "{} 恢复应答"},
    {"the wires of {} are as they were", "{} 的线路恢复原样"},
    {"{} fetches again", "{} 恢复拉取"},
    {"{} goes on after its pause", "{} 停顿后继续"},
    {"the controller misses {}", "控制器发现 {} 不在"},
    {"a fetch of {} reaches the leader of {}", "{} 的拉取到达 {} 的 leader"},
    {"the leader of {} answers {}", "{} 的 leader 响应 {}"},
    {"{} hears from the leader of {}", "{} 收到 {} 的 leader 的响应"},
    {"the leader of {} looks who lags", "{} 的 leader 查看谁落后"},
    {"the transaction log has what {} did", "{} 所做的已写入事务日志"},
    {"the markers of {} are written", "写入 {} 的事务标记"},
    {"the coordinator looks whether {} takes too long", "协调者查看 {} 是否超时"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_moves() {
  return kMoveRows;
}

}  // namespace linger::viz
