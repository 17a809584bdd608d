// libFuzzer's way into one of the entries, which LINGER_FUZZ_ENTRY names.
#include <cstddef>
#include <cstdint>

#include "entries.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const linger::fuzz::Entry* const entry = linger::fuzz::find_entry(LINGER_FUZZ_ENTRY);
  entry->run({data, size});
  return 0;
}
