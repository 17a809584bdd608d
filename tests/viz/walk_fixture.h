// Somebody who goes to and fro in a run sees what a fresh run shows there.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "core/random.h"
#include "viewer_fixture.h"

namespace linger::viz {

// `look` gives what is compared, a value, of a viewer.
template <class Look>
void expect_a_walk_shows_what_a_fresh_run_shows(std::string_view toml, Look look) {
  ViewerState walker = viewer_of(toml);
  core::Random random{11, core::RandomStream::Applications};
  const std::int64_t steps = walker.timeline().frontier();
  for (int i = 0; i < 25; ++i) {
    const auto kind = random.uniform(0, 3);
    if (kind == 0) handle(walker, SeekStep{random.uniform(0, steps)});
    if (kind == 1) handle(walker, StepEvent{Way::Back});
    if (kind == 2) handle(walker, StepEvent{Way::Forward});
    if (kind == 3) handle(walker, ToEnd{});
    handle(walker, SeekStep{walker.timeline().cursor()});
    ViewerState fresh = viewer_of(toml);
    handle(fresh, SeekStep{walker.timeline().cursor()});
    ASSERT_EQ(look(walker), look(fresh)) << "at step " << walker.timeline().cursor();
  }
}

}  // namespace linger::viz
