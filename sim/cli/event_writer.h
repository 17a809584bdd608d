// Takes events, as they come, to where they were asked for.
#pragma once

#include <optional>
#include <string>

#include "sim/cli/output_file.h"
#include "sim/scenario.h"
#include "sim/trace.h"
#include "sim/trace_names.h"

namespace linger::sim::cli {

class EventWriter {
 public:
  struct Wanted {
    std::optional<std::string> trace;  // a file of JSON lines
    bool lists_events = false;         // in words, on the standard output
  };
  EventWriter(const Scenario& scenario, const Wanted& wanted);

  void operator()(const TraceEvent& event);
  // False if the file could not be written.
  bool finish();
  std::string error() const { return file_ ? file_->error() : ""; }

 private:
  void write_pending();

  TraceNames names_;
  bool lists_events_;
  std::optional<OutputFile> file_;
  std::string pending_;
};

}  // namespace linger::sim::cli
