// Which codecs a scenario's producers use. What a codec makes of some bytes depends on its
// library's version; so does the trace, from the first size on.
#pragma once

#include <set>
#include <string>

#include "core/compression.h"
#include "sim/scenario.h"

namespace linger::sim {

// "zlib 1.2.13, lz4 1.9.4"; empty if nothing is compressed: then a run is the same everywhere.
inline std::string codec_mark(const Scenario& scenario) {
  std::set<core::CompressionType> used;
  for (const ProducerSpec& producer : scenario.producers) {
    used.insert(producer.config.config.compression_type);
  }
  std::string mark;
  for (const core::CompressionType type : used) {
    const std::string version = core::codec_version(type);
    if (!version.empty()) mark += (mark.empty() ? "" : ", ") + version;
  }
  return mark;
}

}  // namespace linger::sim
