#include "sim/version_caps.h"

#include <charconv>

#include <fmt/format.h>

namespace linger::sim {

std::variant<std::int16_t, UnitError> parse_version_cap(const core::Api& api,
                                                        std::string_view text) {
  if (text == "none") return kNotAnnounced;
  std::int16_t version = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, version);
  const bool is_number = failure == std::errc{} && stop == end;
  if (is_number && api.implemented.contains(version)) return version;
  return UnitError{fmt::format("'{}' is no version of {}", text, api.name),
                   fmt::format("a number from {} to {}, or none: brokers do not know the request",
                               api.implemented.first, api.implemented.last)};
}

TomlTable version_caps_table(const std::map<core::ApiKey, std::int16_t>& caps) {
  TomlTable table;
  for (const auto& [api, cap] : caps) {
    table.add(core::api_name(api), cap == kNotAnnounced ? "\"none\"" : fmt::format("{}", cap));
  }
  return table;
}

}  // namespace linger::sim
