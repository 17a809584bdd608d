#include "sim/text_file.h"

#include <fstream>
#include <sstream>

namespace linger::sim {

std::optional<std::string> read_text_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  // Of an empty file there is nothing to copy, which the streams take for a failure.
  const bool is_empty = in && in.peek() == std::ifstream::traits_type::eof() && !in.bad();
  if (in) text << in.rdbuf();
  if (!is_empty && (!in || !text)) return std::nullopt;
  return text.str();
}

}  // namespace linger::sim
