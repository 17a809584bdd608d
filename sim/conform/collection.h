// Looks for observations below directories: whole pairs, and what is wrong with the rest.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/conform/pair.h"
#include "sim/parse_error.h"

namespace linger::sim::conform {

struct Wanted {
  std::vector<std::string> directories;
  std::string era;     // only of this one; empty: of all
  std::string filter;  // only paths that contain this
};

struct Collection {
  std::vector<Pair> pairs;         // by path; one that stands below two directories is there once
  std::vector<ParseError> errors;  // a half that lacks the other, an unreadable file, …
};
Collection collect(const Wanted& wanted);

}  // namespace linger::sim::conform
