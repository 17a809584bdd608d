#include "sim/scenario.h"

namespace linger::sim {

AppAction::AppAction() = default;
AppAction::AppAction(const AppAction&) = default;
AppAction::AppAction(AppAction&&) noexcept = default;
AppAction& AppAction::operator=(const AppAction&) = default;
AppAction& AppAction::operator=(AppAction&&) noexcept = default;
AppAction::~AppAction() = default;

}  // namespace linger::sim
