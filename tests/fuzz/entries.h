// What hostile input meets: one function for each way in. Each takes any bytes at all, and what it
// may not do is crash, run for ever, break one of the model's own checks or a promise of its own.
//
// The same functions are driven by libFuzzer (fuzzer.cc) and over the corpora (corpus_test.cc).
#pragma once

#include <span>
#include <string_view>

#include "core/bytes.h"

namespace linger::fuzz {

struct Entry {
  std::string_view name;  // of the corpus' folder, and of the program: fuzz_<name>
  void (*run)(core::ByteSpan input);
};
std::span<const Entry> entries();
// nullptr if there is none.
const Entry* find_entry(std::string_view name);

}  // namespace linger::fuzz
