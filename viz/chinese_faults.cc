// What can go wrong, and what is done by hand.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kFaultRows[] = {
    // The panel.
    {"There is nothing to aim at.", "没有可以瞄准的对象。"},
    {"Inject a fault now", "现在注入一个故障"},
    {"Click a broker or a partition to aim; right-click brings this up.",
     "点击 broker 或分区来瞄准；右键打开本面板。"},
    {"{}\n{}\nThe run as it was stays as a branch.", "{}\n{}\n原来的运行作为分支保留。"},
    {"{} of {}: most often of use", "{} / {}：最常用"},
    {"{} of {}: all kinds", "{} / {}：全部种类"},
    {"{} ({}: more)", "{}（{}：更多）"},
    {"Click for the next faults.", "点击查看后面的故障。"},
    {"branches ({})", "分支（{}）"},
    {"to come", "将要发生"},
    {"happened", "已经发生"},
    {"and {} more", "还有 {} 个"},
    {"{} when a condition holds", "条件成立时：{}"},
    {"{} saves the scenario with what was injected.", "{} 保存场景及注入的故障。"},
    // Its buttons.
    {"disconnect", "断开连接"},
    {"What is on the wire is lost, and what was sent is tried again.",
     "线路上的丢失，已发送的会重试。"},
    {"silence", "沉默"},
    {"Requests wait until request.timeout.ms, or until it speaks again.",
     "请求等到 request.timeout.ms，或等到它恢复。"},
    {"refuse", "拒绝连接"},
    {"The client backs off: reconnect.backoff.ms.", "客户端退避：reconnect.backoff.ms。"},
    {"latency", "延迟"},
    {"More is in flight, and linger.ms matters less.", "在途的更多，linger.ms 的影响变小。"},
    {"fail, retriable", "失败，可重试"},
    {"The batch goes back to its deque, and waits out its backoff.", "批次放回队列，等退避结束。"},
    {"fail after append", "追加后失败"},
    {"The retry is a duplicate; idempotence makes it harmless.", "重试会造成重复；幂等使它无害。"},
    {"lose response", "丢失响应"},
    {"Nobody knows whether it was written.", "谁也不知道是否已写入。"},
    {"change leader", "更换 leader"},
    {"Metadata is stale: NOT_LEADER_OR_FOLLOWER.", "元数据过时：NOT_LEADER_OR_FOLLOWER。"},
    {"fail for good", "彻底失败"},
    {"The records fail, and the application is told.", "记录失败，并通知应用。"},
    // Every kind: sim/fault_*.h.
    {"the broker takes bytes, does nothing with them and never answers; afterwards it knows no "
     "connection from before",
     "broker 收下字节却什么也不做，从不响应；之后也不认得先前的连接"},
    {"the broker's process ends: connections break and new ones are refused, until it starts; with "
     "controlled = true it first hands over what it leads",
     "broker 进程结束：连接断开，新连接被拒，直到它启动；controlled = true 时先交出它的 leader"},
    {"a broker that was stopped starts", "已停掉的 broker 启动"},
    {"the address that clients are told from then on; without a host, the real one again",
     "此后告诉客户端的地址；不写 host 则恢复真实地址"},
    {"new connections stand, but the broker does not know the client: it says so and closes them, "
     "or with answer = false leaves the client waiting",
     "新连接能建立，但 broker 不认得客户端：说明后关闭；answer = false 时让客户端一直等"},
    {"its clock is so far ahead or behind from then on, or right again: log append times, "
     "timestamps that are refused, producer ids that expire",
     "此后它的时钟快或慢这么多，或恢复准确：影响追加时间、被拒的时间戳、过期的生产者 ID"},
    {"from then on answers to produce requests leave so long after the requests were served; no "
     "answer passes another",
     "此后 Produce 响应在处理完这么久之后才发出；响应互不超越"},
    {"the broker, or to = \"none\", coordinates the transactional id or the group, or without a "
     "key "
     "all of them; while it loads, clients are asked to wait",
     "由该 broker（或 to = \"none\"）协调这个 transactional.id 或组，不写 key "
     "则协调全部；加载期间让客户端等待"},
    {"another producer, outside the scenario, initialises the transactional id, so often (once): "
     "an open transaction is aborted, and the epoch grows",
     "场景之外的另一个生产者初始化该 transactional.id，这么多次（一次）：未结束的事务被中止，epoch "
     "增大"},
    {"the coordinator finds that the open transaction took too long: it aborts it under a new "
     "epoch",
     "协调者认为未结束的事务太久：以新的 epoch 中止它"},
    {"no change comes to stand in the transaction log for so long: whoever asked for one is told "
     "COORDINATOR_NOT_AVAILABLE",
     "这段时间内事务日志写不进任何变更：请求者得到 COORDINATOR_NOT_AVAILABLE"},
    {"as delay_answers, for requests about transactions, offsets and coordinators",
     "同 delay_answers，但针对事务、位移和协调者的请求"},
    {"produce requests are answered with an error, so often or for a while (once); with append = "
     "true the records are in the log all the same",
     "Produce 请求得到错误响应，这么多次或一段时间（一次）；append = true 时记录仍写进日志"},
    {"metadata answers tell an error of it, so often or for a while (once)",
     "元数据响应报告它的错误，这么多次或一段时间（一次）"},
    {"the next batch is appended and the answer never sent; without disconnect the connection "
     "stays and says nothing",
     "下一个批次已追加，响应却从不发出；不带 disconnect 时连接保留但不作声"},
    {"another broker leads, or to = \"none\"; epoch = 5 instead of the next one",
     "换另一个 broker 当 leader，或 to = \"none\"；epoch = 5 代替下一个 epoch"},
    {"the process of a producer is gone without close(); what the producer still holds is lost",
     "生产者进程没有 close() 就消失；它还持有的全部丢失"},
    {"a follower leaves the in-sync replicas; for = \"1s\" keeps it out so long, else it joins "
     "again when it next fetches",
     "一个 follower 离开 ISR；for = \"1s\" 让它离开这么久，否则下次拉取时重新加入"},
    {"what it fetches as a follower arrives so much later", "它作为 follower 拉取的内容晚到这么久"},
    {"it fetches nothing as a follower, and does all else", "它作为 follower 不再拉取，其余照常"},
    {"it takes so much longer to serve a request", "它处理每个请求多花这么久"},
    {"its process stands still, as in a long garbage collection, and goes on where it was",
     "它的进程停住，如同一次很长的 GC，之后从原处继续"},
    {"so many bytes of the next answer leave, and the connection closes",
     "下一个响应只发出这么多字节，连接就关闭"},
    {"the connection closes when so many bytes of the next request have arrived",
     "下一个请求到达这么多字节时，连接关闭"},
    {"bytes that are no answer leave in its place, and the connection closes: so often, or for a "
     "while (once)",
     "发出的不是响应而是别的字节，然后连接关闭：这么多次，或一段时间（一次）"},
    {"somebody who speaks something else connects to the broker and writes his first words",
     "说另一种协议的人连上 broker，写下他的开场白"},
    {"the broker closes a connection on which a larger frame begins to arrive",
     "连接上开始到达更大的帧时，broker 就关闭它"},
    {"a topic that is not there comes to be, as its [[topic]] says or as topics are created by "
     "themselves; it has another id each time, and its leader epochs begin at 0",
     "创建一个不存在的主题，按其 [[topic]] 或按自动创建的方式；每次主题 ID 都不同，leader epoch 从 "
     "0 "
     "开始"},
    {"the topic is gone, with all that was in it", "主题连同其中的一切都没了"},
    {"records below an offset are deleted, or all that are replicated; brokers before 2.4 "
     "(unknown_producer) then forget each producer of whom none is left",
     "删除某位移之前的记录，或所有已复制的记录；2.4 之前的 "
     "broker（unknown_producer）随后忘掉没有记录留下的生产者"},
    {"segments take this much longer", "每个段多走这么久"},
    {"each segment takes longer by a time of its own, from 0 to this; none passes another",
     "每个段各自多走 0 到这么久；互不超越"},
    {"no more than this leaves in a second, of each connection", "每条连接每秒最多发出这么多"},
    {"what leaves is cut into pieces of at most this size", "发出的内容被切成不超过此大小的段"},
    {"segments of more bytes are lost, however often they are sent, and what is behind them waits; "
     "with 0, all that carries bytes",
     "更大的段无论发多少次都会丢失，后面的都在等；0 表示所有带字节的段"},
    {"the broker reads nothing: what is written stays in the client's socket, until that is full",
     "broker 什么也不读：写出的内容停在客户端套接字里，直到它满"},
    {"a middlebox forgets connections on which nothing has passed for so long; neither end is "
     "told, and what is sent later is lost",
     "中间设备忘掉这么久没有流量的连接；两端都不知道，之后发送的会丢失"},
    {"open connections break, and bytes on the wire are lost", "现有连接断开，线路上的字节丢失"},
    {"new connections are refused", "新连接被拒绝"},
    // By hand.
    {"Be the application", "由你来当应用"},
    {"Records go to {}", "记录发往 {}"},
    {"Producer: {}", "生产者：{}"},
    {"Click a deque to send there.", "点击一个队列，就发往那里。"},
    {"done by hand", "手动做过的"},
    {"{} undoes the last", "{} 撤销上一步"},
    {"Click to undo what was done last.", "点击撤销上一步。"},
    {"{} saves the scenario with what was done.", "{} 保存场景及所做的操作。"},
    {"The run is over: go back first.", "运行已结束：请先后退。"},
    {"The process is gone.", "进程已不在。"},
    {"send a record", "发送一条记录"},
    {"One record of 100 bytes, by a thread of its own.", "一条 100 字节的记录，由单独的线程发送。"},
    {"a burst of 10", "一次 10 条"},
    {"Ten records in one go.", "一口气 10 条记录。"},
    {"a burst of 100", "一次 100 条"},
    {"A hundred records in one go.", "一口气 100 条记录。"},
    {"20, one each ms", "20 条，每毫秒一条"},
    {"Twenty records, a millisecond between two of them.", "20 条记录，每两条间隔一毫秒。"},
    {"send and wait", "发送并等待"},
    {"send().get(): the thread waits for the record's fate.", "send().get()：线程等待记录的结局。"},
    {"begin", "开始事务"},
    {"commit", "提交"},
    {"abort", "中止"},
    {"flush(): nothing lingers, and the thread waits for all that was sent.",
     "flush()：不再逗留，线程等待已发送的全部完成。"},
    {"close(): what is left is sent first.", "close()：先把剩下的发完。"},
    {"close at once", "立即关闭"},
    {"close(0): what is left fails.", "close(0)：剩下的都失败。"},
    {"exit", "退出"},
    {"The process ends without close().", "进程不 close() 就结束。"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_faults() {
  return kFaultRows;
}

}  // namespace linger::viz
