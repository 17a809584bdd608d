#include "viz/mistake.h"

#include <fmt/format.h>

#include "viz/language.h"
#include "viz/said.h"

namespace linger::viz {

std::string mistake_text(const sim::ParseError& mistake) {
  std::string place = mistake.file;
  if (mistake.line > 0) place += fmt::format(":{}:{}", mistake.line, mistake.column);
  std::string text = tr("{}: error: {}", place, tr_mistake(mistake.message));
  if (!mistake.fix.empty()) text += "\n  " + tr("fix: {}", tr_mistake(mistake.fix));
  return text;
}

std::string mistake_text(const std::vector<sim::ParseError>& mistakes) {
  std::string all;
  for (const sim::ParseError& mistake : mistakes) all += mistake_text(mistake) + "\n";
  return all;
}

std::string mistake_line(std::string_view message, std::string_view fix) {
  if (fix.empty()) return tr_mistake(message);
  return tr("{}: {}", tr_mistake(message), tr_mistake(fix));
}

}  // namespace linger::viz
