// What a choice of a question can point at: a thing that is seen in the picture of a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sim/fault.h"
#include "sim/query.h"
#include "sim/query_parser.h"

namespace linger::sim {

struct PictureThing {
  enum class Kind : std::uint8_t { Batch, Partition, Broker, Thread, Sender, Request };
  Kind kind = Kind::Batch;
  // Whose batch, request or sender; none: the first one's. Whose deque of a partition; none: any.
  std::optional<std::string> producer;
  std::int64_t number = 0;  // batch(0), broker(1), request(2)
  PartitionName partition;  // partition('orders-0'): its deque, and its log
  std::string name;         // thread('A')
  friend bool operator==(const PictureThing&, const PictureThing&) = default;
};

// As the query language calls it: "batch(0)", "producer('B').batch(0)", "sender".
std::variant<PictureThing, QueryError> parse_picture_thing(std::string_view text);
std::string text(const PictureThing& thing);

// What a value of the answer names: with first(batch_drained).partition, 'orders-0' is a partition.
// None: it is no thing of the picture, or that of one of several producers.
std::optional<PictureThing> named_thing(const Query& answer, const Query& value,
                                        bool has_one_producer);

}  // namespace linger::sim
