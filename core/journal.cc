#include "core/journal.h"

#include <tuple>
#include <variant>

namespace linger::core {

template <class E>
void Journal::put(E event) {
  events_.emplace_back(std::in_place_type<E>, std::move(event));
}

// Has put() compiled for all kinds.
template <class... Kinds>
struct Puts<std::variant<Kinds...>> {
  static constexpr auto kAll = std::tuple{&Journal::put<Kinds>...};
};
template struct Puts<EventKinds>;

}  // namespace linger::core
