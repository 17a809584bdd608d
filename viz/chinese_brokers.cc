// Connections, wires, brokers and their logs; and what is due.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kBrokerRows[] = {
    // Connections.
    {"not connected", "未连接"},
    {"disconnected", "已断开"},
    {"connecting", "连接中"},
    {"checking api versions", "检查 API 版本"},
    {"authentication failed", "认证失败"},
    {"handshake", "握手"},
    {"again in {}", "{} 后再连"},
    {"{}, {} old", "{}，已过 {}"},
    {"\nnot yet wholly written to the socket", "\n尚未全部写入套接字"},
    {"\nno answer is expected: acks=0", "\n不等响应：acks=0"},
    {"\nrequest.timeout.ms: {} left", "\nrequest.timeout.ms：还剩 {}"},
    {"\n{}: {}, {}", "\n{}：{}，{}"},
    {"connection to {}: {}\n{} of at most {} requests in flight",
     "到 {} 的连接：{}\n在途请求 {} 个，最多 {} 个"},
    {"\nmay connect again in {}", "\n{} 后可以再次连接"},
    {"\nthrottled for {}", "\n被限流，还有 {}"},
    {"\n{} wait in the socket", "\n{} 在套接字里等待"},
    {"{} without room here", "{} 在此放不下"},
    // Wires.
    {"answer to {}", "{} 的响应"},
    {"\nfrom {:.0f} to {:.0f} % of the frame", "\n帧的 {:.0f}% 到 {:.0f}%"},
    {"Frames on a wire", "线路上的帧"},
    {"Nothing was sent yet.", "还没有发送过任何内容。"},
    {"Click to look at this connection.", "点击查看这条连接。"},
    {"A record's bytes", "一条记录的字节"},
    {"No record was appended yet.", "还没有追加过记录。"},
    {"{} of {} B", "{} / {} B"},
    {"{}\nat byte {}, {}\n{}", "{}\n从第 {} 字节起，{}\n{}"},
    // Brokers and their logs.
    {"the broker is up", "运行中"},
    {"the broker is silent", "沉默"},
    {"the broker is down", "宕机"},
    {"the broker is paused", "已暂停"},
    {"leads no partition", "不领导任何分区"},
    {"queue empty", "队列为空"},
    {"{}: {}\n{} in its queue\nRight-click for what can go wrong with it.",
     "{}：{}\n队列中有 {}\n右键查看它会出的故障。"},
    {"\nis being served; others of its connection wait", "\n正在处理；同一连接的其他请求在等"},
    {"\nappended; acks=all waits for the followers", "\n已追加；acks=all 在等 follower"},
    {"offsets {}: {}", "位移 {}：{}"},
    {"\nof producer {}", "\n来自生产者 {}"},
    {"\nwritten from batch {}", "\n由批次 {} 写入"},
    {"\nDUPLICATE: these records stand in the log already", "\n重复：日志里已有这些记录"},
    {"\nOUT OF ORDER: later records stand before these", "\n乱序：更晚的记录排在它们前面"},
    {"again", "重复"},
    {"late", "迟到"},
    {"end {}", "末尾 {}"},
    {"the log of {}", "{} 的日志"},
    {"the log of {}\nnext offset {}, leader epoch {}", "{} 的日志\n下一个位移 {}，leader epoch {}"},
    // What is due.
    {"What is due", "即将到期"},
    {"\nand {} more of this kind", "\n同类的还有 {} 个"},
    {"\nClick to go there.", "\n点击前往。"},
    {"nothing is due any more: the run is over", "不会再发生什么：运行已结束"},
    {"bytes arrive at the other end of a wire", "字节到达线路另一端"},
    {"{} is done with something", "{} 处理完一件事"},
    {"a follower of {} fetches, or is answered", "{} 的 follower 拉取，或得到响应"},
    {"the coordinator of {} goes on with it", "{} 的协调者继续处理它"},
    {"a connection comes about, ends, or has room", "一条连接建立、结束，或有了空间"},
    {"thread {} goes on with its program", "线程 {} 继续执行程序"},
    {"thread {} gives up waiting", "线程 {} 放弃等待"},
    {"the sender's wait ends, and its next pass begins", "发送线程等待结束，开始下一轮"},
    {"{} of {} has waited for linger.ms", "{1} 的 {0} 等满 linger.ms"},
    {"{} of {} may be sent again", "{1} 的 {0} 可以再次发送"},
    {"{} of {} fails if its fate is not known by then", "{1} 的 {0} 若到时结局未知就失败"},
    {"{} to {} is given up, and the connection with it", "放弃发往 {1} 的 {0}，连接也一并放弃"},
    {"a connection to {} may be tried again", "可以再次尝试连接 {}"},
    {"the connection to {} is given up if it does not stand", "到 {} 的连接若仍未建立就放弃"},
    {"{} may be sent to again", "可以再次向 {} 发送"},
    {"the metadata is asked for again", "再次请求元数据"},
    {"thread", "线程"},
    {"linger", "linger"},
    {"backoff", "退避"},
    {"poll", "poll"},
    {"wire", "线路"},
    {"broker", "broker"},
    {"reconnect", "重连"},
    {"connection setup", "建立连接"},
    {"throttle", "限流"},
    {"request timeout", "请求超时"},
    {"max block", "阻塞上限"},
    {"delivery timeout", "投递超时"},
    {"metadata age", "元数据年龄"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_brokers() {
  return kBrokerRows;
}

}  // namespace linger::viz
