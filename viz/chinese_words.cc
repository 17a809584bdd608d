// Short words and amounts that many panels share: viz/text.cc.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kWordRows[] = {
    {"as written", "按原样"},
    {"branch: {}", "分支：{}"},
    {"the viewer speaks English", "查看器现在说中文"},
    {"no Chinese font was found: install WenQuanYi Micro Hei or Noto Sans CJK",
     "没有找到中文字体：请安装 WenQuanYi Micro Hei 或 Noto Sans CJK"},
    // Amounts.
    {"for ever", "永远"},
    {"{} min", "{} 分"},
    {"{} min {} s", "{} 分 {} 秒"},
    {"{}: 1 s shows {}", "{}: 1 秒播放 {}"},
    {"{} batches", "{} 个批次"},
    {"{} records", "{} 条记录"},
    {"{} failed attempts", "{} 次失败的尝试"},
    {"{} requests", "{} 个请求"},
    {"{} partitions", "{} 个分区"},
    {"{} bytes", "{} 字节"},
    {"{} more records", "还有 {} 条记录"},
    {"{} failed sendings", "{} 次发送失败"},
    {"{} buffers", "{} 个缓冲"},
    {"{} batch in the deques", "队列中 {} 个批次"},
    {"{} threads", "{} 个线程"},
    // Names.
    {"no broker", "无 broker"},
    {"bootstrap {}", "引导 {}"},
    {"broker {}", "broker {}"},
    {"sender", "发送线程"},
    {"thread {}", "线程 {}"},
    {"no seq", "无序列号"},
    // What becomes of records, and moments of a run.
    {"in send()", "在 send() 中"},
    {"pending", "未定"},
    {"acknowledged", "已确认"},
    {"failed", "失败"},
    {"refused", "被拒"},
    {"send", "发送"},
    {"drain", "取出"},
    {"retry", "重试"},
    {"expiry", "过期"},
    {"acknowledged batch", "批次被确认"},
    {"failed batch", "批次失败"},
    {"fault", "故障"},
    {"flush", "flush"},
    {"sender pass", "发送线程一轮"},
    {"record fate", "记录的结局"},
    {"append", "追加"},
    {"expired", "过期"},
    {"write", "写入"},
    {"allocate", "分配内存"},
    {"deallocate", "归还内存"},
    {"completion", "完成"},
    {"thing of interest", "要点"},
    // Panels, and what the ledger lists.
    {"batch inspector", "批次详情"},
    {"readiness", "就绪判断"},
    {"ledger of records", "记录账本"},
    {"consumer's view", "消费者视角"},
    {"comparison", "比较"},
    {"the application by hand", "手动操作应用"},
    {"all", "全部"},
    {"failed or refused", "失败或被拒"},
    {"of what is selected", "选中对象的"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_words() {
  return kWordRows;
}

}  // namespace linger::viz
