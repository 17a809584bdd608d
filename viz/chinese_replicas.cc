// What the replicas of a broker and of a partition say, in Chinese.
#include <array>

#include "viz/chinese.h"

namespace linger::viz {

std::span<const ChineseRow> chinese_of_replicas() {
  static constexpr auto kRows = std::to_array<ChineseRow>({
      {"{} leads", "由 {} 领导"},
      {"nobody leads", "没有 leader"},
      {"asks for what comes from offset {}", "请求位移 {} 起的内容"},
      {"fetches nothing: it takes no part", "没有拉取：它不参与"},
      {"fetches nothing: it is stalled", "没有拉取：它停住了"},
      {"fetches nothing: nobody leads", "没有拉取：没有 leader"},
      {"fetches nothing: it does not reach the leader", "没有拉取：连不上 leader"},
      {"has all, and waits at the leader for more", "已全部复制，在 leader 处等新内容"},
      {"is about to be answered", "即将得到响应"},
      {"stuck: the next batch has {}, a fetch brings at most {}",
       "卡住了：下一个批次有 {}，一次拉取至多带回 {}"},
      {"is told to cut off what stands from offset {} on", "得知要截断位移 {} 起的内容"},
      {"is answered that there is nothing new", "得到响应：没有新内容"},
      {"an answer is under way: {}", "响应在途：{}"},
      {"{} beyond", "超出 {}"},
      {"{} behind", "落后 {}"},
      {"caught up", "已追上"},
      {"leader", "leader"},
      {"led last", "上任 leader"},
      {"follower", "follower"},
      {"log end offset {}, high watermark {}", "日志末端位移 {}，高水位 {}"},
      {"{} of the leader's log are missing here", "这里缺少 leader 日志中的 {}"},
      {"{} stand here alone, and will be cut off", "{} 只有这里有，将被截断"},
      {"{} were cut off so far", "至今截断了 {}"},
      {"it last had all {} ago", "上次全部追上是 {} 之前"},
      {"in sync", "同步"},
      {"out of sync", "未同步"},
      {", there in {}", "，{} 后到达"},
      {"the copy of {}: {}, leader epoch {}\n{}", "{} 的副本：{}，leader epoch {}\n{}"},
      {"{}: {}, leader epoch {}\n"
       "high watermark {}: what stands below is on all in-sync replicas\n"
       "{} of {} replicas are in sync, min.insync.replicas is {}",
       "{}：{}，leader epoch {}\n"
       "高水位 {}：低于它的内容在所有同步副本上都有\n"
       "{} / {} 个副本同步，min.insync.replicas 为 {}"},
      {"{} were lost when another broker came to lead", "换 leader 时丢失了 {}"},
      {", for {}", "，已 {}"},
      {"{} cut off so far", "至今截断 {}"},
      {"leader epoch {}", "leader epoch {}"},
      {"{}, high watermark {}", "{}，高水位 {}"},
      {"{} of {} in sync, min.insync.replicas {}", "{} / {} 同步，min.insync.replicas {}"},
      {"{} lost", "丢失 {}"},
      {"and {} earlier", "还有 {} 条更早的"},
      {"{} < min {}", "{} < min {}"},
      {"epoch {}  {}  {}", "epoch {}  {}  {}"},
      {"follows {}", "跟随 {} 个"},
      {"{}, {} out of sync", "{}，{} 个未同步"},
      {"{} of {} out", "{} / {} 未同步"},
      {"{} and its replicas", "{} 及其副本"},
      {"the replicas of {}", "{} 的副本"},
      {"it leads {}", "它领导 {} 个"},
      {"it follows {}", "它跟随 {} 个"},
      {"what happened to them", "它们的经历"},
  });
  return kRows;
}

}  // namespace linger::viz
