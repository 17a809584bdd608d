#include "viz/run_files.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "sim/lesson_texts.h"
#include "sim/run_export.h"
#include "viz/viewer_language.h"

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

namespace {

std::string handout(const ViewerState& state) {
  const std::shared_ptr<const sim::Scenario> scenario = state.timeline().world().scenario;
  const sim::LessonTexts& texts = lesson_texts(state);
  if (&texts == &state.english_texts) return sim::lesson_handout(scenario);
  return sim::lesson_handout(
      std::make_shared<const sim::Scenario>(sim::with_texts(*scenario, texts)),
      sim::kChineseHandout);
}

}  // namespace

std::string exported(const ViewerState& state, RunExport what) {
  const sim::Timeline& timeline = state.timeline();
  const sim::FinishedRun run{timeline.world(), timeline.past()};
  switch (what) {
    case RunExport::SequenceSvg:
      return sim::sequence_svg(run);
    case RunExport::Perfetto:
      return sim::perfetto_json(run);
    case RunExport::RecordsCsv:
      return sim::records_csv(run);
    case RunExport::Handout:
      return handout(state);
  }
  return "";
}

}  // namespace linger::viz
