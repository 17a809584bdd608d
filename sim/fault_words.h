// The words that the fields of faults can be, in one place for reader and writer.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/protocol_messages.h"
#include "sim/fault_field.h"

namespace linger::sim {

// By the enum's values, in their order.
constexpr std::array<std::string_view, 3> words_of(Way) {
  return {"both", "to broker", "to client"};
}

constexpr std::array<std::string_view, 3> words_of(Garbage) {
  return {"http", "tls alert", "negative size"};
}
constexpr std::array<std::string_view, 4> words_of(StrangerSays) {
  return {"http get", "http post", "http head", "tls hello"};
}
constexpr std::array<std::string_view, 2> words_of(core::CoordinatorType) {
  return {"group", "transaction"};
}

template <class Enum>
std::string_view fault_word(Enum value) {
  return words_of(value)[static_cast<std::size_t>(value)];
}

}  // namespace linger::sim
