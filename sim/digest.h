// What happened in a run as a few 64-bit numbers, so that two runs can be compared without keeping
// either.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "sim/trace.h"

namespace linger::sim {

// One digest for each stream of the trace, and one of the whole. They are functions of the names
// and values of the events' fields alone, the same on every machine. The stream's digests leave out
// the step, which another stream's event would move; the whole has it.
class Digests {
 public:
  void add(const TraceEvent& event);

  std::uint64_t of(core::Stream stream) const { return streams_[static_cast<std::size_t>(stream)]; }
  std::uint64_t whole() const { return whole_; }

  friend bool operator==(const Digests&, const Digests&) = default;

 private:
  std::array<std::uint64_t, 5> streams_{};
  std::uint64_t whole_ = 0;
};

std::string digest_text(std::uint64_t digest);  // 16 hexadecimal digits

// One line each: "producer   89abcdef01234567", …, "whole      …".
std::string text(const Digests& digests);

}  // namespace linger::sim
