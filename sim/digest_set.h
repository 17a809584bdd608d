// A set of keys that are random numbers already.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/state_key.h"

namespace linger::sim {

// Open addressing; nobody asks in which order they stand.
class DigestSet {
 public:
  using Digest = core::StateKey::Digest;

  // False if it was there.
  bool insert(Digest digest) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    if (digest == Digest{}) digest.low = 1;  // that is what an empty slot looks like
    Digest& slot = slots_[place_of(digest)];
    if (slot == digest) return false;
    slot = digest;
    ++size_;
    return true;
  }
  std::size_t size() const { return size_; }

 private:
  std::size_t place_of(const Digest& digest) const {
    std::size_t at = static_cast<std::size_t>(digest.high) & (slots_.size() - 1);
    while (slots_[at] != Digest{} && slots_[at] != digest) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<Digest> old(slots_.empty() ? std::size_t{1024} : 2 * slots_.size());
    old.swap(slots_);
    for (const Digest& digest : old) {
      if (digest != Digest{}) slots_[place_of(digest)] = digest;
    }
  }

  std::vector<Digest> slots_;
  std::size_t size_ = 0;
};

}  // namespace linger::sim
