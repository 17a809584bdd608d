#include "viz/run_files.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "sim/run_export.h"

namespace linger::viz {

std::string free_path(const sim::Scenario& scenario, const std::string& ending) {
  const std::filesystem::path from = scenario.file.empty() ? "scenario.toml" : scenario.file;
  for (int number = 1;; ++number) {
    const std::filesystem::path path =
        from.parent_path() / (from.stem().string() + "-" + std::to_string(number) + ending);
    if (!std::filesystem::exists(path)) return path.string();
  }
}

bool write_whole(const std::string& path, const std::string& text) {
  const std::string unfinished = path + ".part";
  std::error_code error;
  {
    std::ofstream file{unfinished, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    if (file.good()) std::filesystem::rename(unfinished, path, error);
    if (file.good() && !error) return true;
  }
  std::filesystem::remove(unfinished, error);
  return false;
}

std::string file_ending(RunExport what) {
  switch (what) {
    case RunExport::SequenceSvg:
      return ".svg";
    case RunExport::Perfetto:
      return ".json";
    case RunExport::RecordsCsv:
      return ".csv";
    case RunExport::Handout:
      return ".md";
  }
  return "";
}

std::string exported(const sim::Timeline& timeline, RunExport what) {
  const sim::FinishedRun run{timeline.world(), timeline.past()};
  switch (what) {
    case RunExport::SequenceSvg:
      return sim::sequence_svg(run);
    case RunExport::Perfetto:
      return sim::perfetto_json(run);
    case RunExport::RecordsCsv:
      return sim::records_csv(run);
    case RunExport::Handout:
      return sim::lesson_handout(timeline.world().scenario);
  }
  return "";
}

}  // namespace linger::viz
