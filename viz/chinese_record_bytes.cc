// The fields of a record, byte by byte, and where they stand.
#include "viz/chinese.h"

namespace linger::viz {
namespace {

constexpr ChineseRow kRecordBytesRows[] = {
    {"{}, uncompressed", "{}，解压后"},
    {"in the buffer of {}", "在 {} 的缓冲区里"},
    {"its bytes are compressed when the batch is closed", "它的字节在批次关闭时才压缩"},
    {"{} in {}", "{1} 中的 {0}"},
    {"in the log of {}", "在 {} 的日志里"},
    {"length", "长度"},
    {"attributes", "属性"},
    {"timestamp delta", "时间戳增量"},
    {"offset delta", "位移增量"},
    {"key", "键"},
    {"key length", "键长度"},
    {"value", "值"},
    {"value length", "值长度"},
    {"headers", "记录头个数"},
    {"header key", "记录头的键"},
    {"header key length", "记录头的键长度"},
    {"header value", "记录头的值"},
    {"header value length", "记录头的值长度"},
    {"size", "长度"},
    {"timestamp", "时间戳"},
};

}  // namespace

std::span<const ChineseRow> chinese_of_record_bytes() {
  return kRecordBytesRows;
}

}  // namespace linger::viz
