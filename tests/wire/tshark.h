// Wireshark's opinion of a capture, by its program for terminals.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "support/command.h"

namespace linger {

// What it sees of one batch of records in a produce request. Message sets have no sequence; what it
// sees of them is the messages' bytes, see Seen::bytes_in_sets.
struct SeenBatch {
  std::int64_t size = 0;  // as a whole, with its header
  std::int32_t records = 0;
  std::int32_t sequence = -1;
  friend auto operator<=>(const SeenBatch&, const SeenBatch&) = default;
};

struct Seen {
  std::string error;                    // of the program itself
  std::vector<std::string> complaints;  // malformed, out of order, sent twice, bad checksums, …
  std::multiset<SeenBatch> batches;
  std::int64_t bytes_in_sets = 0;
  std::multiset<std::int32_t> requests;  // their correlation ids
  std::int64_t packets = 0;
};

inline bool has_tshark(const Workplace& place) {
  return place.run("command -v tshark").exit_code == 0;
}

// `brokers`: how many listen, from port 9092 on.
Seen ask_tshark(const Workplace& place, const std::string& file, std::int32_t brokers);

}  // namespace linger
