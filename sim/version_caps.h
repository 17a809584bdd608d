// How far brokers announce the versions of a request, as scenarios and commands write it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "core/api.h"
#include "sim/toml_text.h"
#include "sim/units.h"

namespace linger::sim {

// "none": the request is not announced at all.
inline constexpr std::int16_t kNotAnnounced = -1;

// "8" or "none", for this request.
std::variant<std::int16_t, UnitError> parse_version_cap(const core::Api& api,
                                                        std::string_view text);
// { Produce = 8, InitProducerId = "none" }
TomlTable version_caps_table(const std::map<core::ApiKey, std::int16_t>& caps);

}  // namespace linger::sim
