#include "sim/cli/see_it.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace linger::sim::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kViewer = "linger-view";

// From the working directory, where that is shorter.
std::string viewer() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return kViewer;
  const fs::path beside = self.parent_path() / kViewer;
  if (!fs::exists(beside, error)) return kViewer;
  const fs::path from_here = fs::proximate(beside, error);
  if (error || from_here.native().size() > beside.native().size()) return beside.string();
  return from_here.string();
}

}  // namespace

std::string quoted(const std::string& word) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view{"/._-+:,"}.find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return text + "'";
}

std::string viewer_command(const std::string& file, std::int64_t step) {
  return fmt::format("{} {} --step {} --toggle laws", quoted(viewer()), quoted(file), step);
}

}  // namespace linger::sim::cli
