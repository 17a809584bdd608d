// What can be wrong with a value: its kind, its unit, its TOML; and with a setting or a rule.
#include "viz/said.h"

namespace linger::viz {
namespace {

constexpr SaidRow kMistakesInValues[] = {
    // Kinds.
    {"this is {}, not {}", "这是{0}，不是{1}"},
    {"a table", "表"},
    {"a list", "列表"},
    {"a text", "字符串"},
    {"an integer", "整数"},
    {"true or false", "true 或 false"},
    {"a fraction or a date", "小数或日期"},
    {"a time", "时间"},
    {"a size", "大小"},
    {"write true or false, without quotes", "写 true 或 false，不加引号"},
    {"write it in quotes", "请加引号"},
    {"write it without quotes, such as 3", "不加引号，例如 3"},
    {"a number and a unit in quotes, such as \"5ms\"", "引号中写数字和单位，例如 \"5ms\""},
    {"such as 100 or \"16KiB\"", "例如 100 或 \"16KiB\""},
    {"{=} is out of range", "{0} 超出范围"},
    {"from {=} to {=}", "从 {0} 到 {1}"},
    {"{=} is negative", "{0} 是负数"},
    {"{=} has no unit", "{0} 没有单位"},
    {"a time is 0 or more, such as \"5ms\"", "时间不小于 0，例如 \"5ms\""},
    // Units.
    {"'{=}' is negative", "“{0}”是负数"},
    {"'{=}' has no unit", "“{0}”没有单位"},
    {"a time is 0 or more, such as 5ms", "时间不小于 0，例如 5ms"},
    {"'{=}' is no unit of time", "“{0}”不是时间单位"},
    {"use us, ms, s, m or h", "请用 us、ms、s、m 或 h"},
    {"'{=}' is no time", "“{0}”不是时间"},
    {"a number and a unit, such as 250us, 5ms or 1.5s", "数字加单位，例如 250us、5ms 或 1.5s"},
    {"a size is 0 or more, such as 16KiB", "大小不小于 0，例如 16KiB"},
    {"'{=}' may mean two things", "“{0}”有两种含义"},
    {"kB is 1000 bytes, KiB is 1024", "kB 是 1000 字节，KiB 是 1024 字节"},
    {"'{=}' is no unit of size", "“{0}”不是大小的单位"},
    {"use B, kB, MB, GB, KiB, MiB or GiB", "请用 B、kB、MB、GB、KiB、MiB 或 GiB"},
    {"'{=}' is no size", "“{0}”不是大小"},
    {"a number and a unit, such as 100, 16KiB or 1MB", "数字加单位，例如 100、16KiB 或 1MB"},
    {"'{=}' is too long", "“{0}”太长"},
    {"thirty years are the limit", "上限是三十年"},
    {"'{=}' is not a whole number of microseconds", "“{0}”不是整数微秒"},
    {"time is counted in whole microseconds, such as 250us", "时间以整数微秒计，例如 250us"},
    {"'{=}' is too much", "“{0}”太大"},
    {"a petabyte is the limit", "上限是 1 PB"},
    {"'{=}' is not a whole number of bytes", "“{0}”不是整数字节"},
    {"'{=}' is no bandwidth", "“{0}”不是带宽"},
    {"a size each second, such as 10MB/s", "每秒的大小，例如 10MB/s"},
    {"'{=}' names no partition", "“{0}”不是分区名"},
    {"a topic, a dash and a number, such as orders-0", "主题、连字符和编号，例如 orders-0"},
    {"'{=}' is no date and time", "“{0}”不是日期时间"},
    {"in UTC and since 1970, such as 2023-11-14T22:13:20Z",
     "UTC 时间，1970 年以后，例如 2023-11-14T22:13:20Z"},
    {"'{=}' is no version of {=}", "“{0}”不是 {1} 的版本"},
    {"a number from {=} to {=}, or none: brokers do not know the request",
     "{0} 到 {1} 的数字；或 none：broker 不认识这种请求"},
    // What was typed: a change, a sweep.
    {"'{=}' sets nothing", "“{0}”没有设置任何东西"},
    {"there is no era '{=}'", "没有时代“{0}”"},
    {"a rule cannot be '{=}'", "规则不能是“{0}”"},
    {"on or off", "on 或 off"},
    {"there is no producer '{=}'", "没有生产者“{0}”"},
    {"there is no request '{=}'", "没有请求“{0}”"},
    {"'{=}' varies nothing", "“{0}”没有变化的值"},
    {"'{=}' has an empty value", "“{0}”有一个空值"},
    {"the value {=} stands there twice", "值 {0} 写了两次"},
    {"'{=}' is varied twice", "“{0}”写了两次"},
    {"these are more than two settings", "配置超过两项"},
    // Rules: core/rules.cc.
    {"{=} needs {=}, which is off: turn {=} on or {=} off",
     "{0} 需要 {1}，而后者是关闭的：打开 {2} 或关闭 {3}"},
    {"{=} makes no difference here: {}. Leave it as its era has it",
     "{0} 在这里没有区别：{1}。请保持该时代原样"},
    {"it changes what Java's heap holds, and nothing that is sent or told",
     "它只改变 Java 堆里的内容，不影响发送和告知"},
    {"a host has one address here", "这里一个主机只有一个地址"},
    {"{=} changes nothing while {=} holds, which replaces it: turn {=} off",
     "{1} 取代了 {0}，它有效时 {0} 不起作用：关闭 {2}"},
    {"{=} is turned both on and off", "{0} 既打开又关闭"},
    // Settings. Kafka's own messages stay as they are: core/config_*.cc.
    {"no client has a setting {=}", "没有客户端有配置 {0}"},
    {"this model neither encrypts nor authenticates", "本模型既不加密也不认证"},
    {"at least {=}, or a shorter linger or request timeout", "至少 {0}，或缩短 linger 或请求超时"},
    {"one of {=}", "可选：{0}"},
    {"host:port, separated by commas", "host:port，用逗号分隔"},
    {"a whole number", "整数"},
    {"whole milliseconds, or with a unit: 5, 5ms, 2s, 1m, 1h",
     "整毫秒，或带单位：5、5ms、2s、1m、1h"},
    {"whole bytes, or with a unit: 16384, 16KiB, 1MB", "整字节，或带单位：16384、16KiB、1MB"},
    {"a value in {=}", "{0} 内的值"},
    {"a name, or leave the key out", "写一个名字，或去掉这个键"},
    {"acks=all, or enable.idempotence=false", "acks=all，或 enable.idempotence=false"},
    {"leave out enable.idempotence, and whatever switches it off: acks other than all, retries=0, "
     "more than 5 requests in flight",
     "去掉 enable.idempotence 以及关闭它的配置：非 all 的 acks、retries=0、5 个以上在途请求"},
    {"leave out retries: delivery.timeout.ms ends the attempts",
     "去掉 retries：由 delivery.timeout.ms 结束尝试"},
    {"at most 5: brokers keep the last 5 batches of a producer to recognise duplicates",
     "最多 5：broker 保留每个生产者最近 5 个批次来识别重复"},
    {"1: only KAFKA-5494 (1.0.0) allows more", "1：KAFKA-5494（1.0.0）起才允许更多"},
    // TOML.
    {"this is nested too deeply", "嵌套太深"},
    {"no scenario needs more than a few tables in one another", "场景用不着这么多层的表"},
    {"a text stands in quotes: \"{=}\"", "字符串要加引号：\"{0}\""},
    {"TOML wants key = value lines below [table] headers, and each key once",
     "TOML 要求在 [表] 标题下写“键 = 值”的行，每个键一次"},
};

}  // namespace

std::span<const SaidRow> mistakes_in_values() {
  return kMistakesInValues;
}

}  // namespace linger::viz
