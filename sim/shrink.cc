#include "sim/shrink.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace linger::sim {
namespace {

class Shrinking {
 public:
  Shrinking(ChoiceList choices, const std::function<bool(const ChoiceList&)>& still_fails,
            int most_tries)
      : best_{std::move(choices)}, still_fails_{still_fails}, tries_left_{most_tries} {}

  ChoiceList run() {
    bool is_smaller = true;
    while (is_smaller && tries_left_ > 0) {
      is_smaller = drop_trailing_zeros();
      for (const std::size_t length : {16u, 8u, 4u, 2u, 1u}) {
        is_smaller = each_span(length, &Shrinking::without) || is_smaller;
        is_smaller = each_span(length, &Shrinking::with_zeros) || is_smaller;
      }
      is_smaller = lower_each() || is_smaller;
    }
    return best_;
  }

 private:
  using Change = ChoiceList (Shrinking::*)(std::size_t from, std::size_t length) const;

  bool take_if_it_fails(const ChoiceList& candidate) {
    if (tries_left_ <= 0 || candidate == best_) return false;
    --tries_left_;
    if (!still_fails_(candidate)) return false;
    best_ = candidate;
    return true;
  }

  // They say the same as none.
  bool drop_trailing_zeros() {
    const auto last = std::find_if(best_.rbegin(), best_.rend(), [](auto c) { return c != 0; });
    best_.erase(last.base(), best_.end());
    return false;
  }

  ChoiceList without(std::size_t from, std::size_t length) const {
    ChoiceList fewer = best_;
    const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(from);
    fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(length));
    return fewer;
  }
  ChoiceList with_zeros(std::size_t from, std::size_t length) const {
    ChoiceList plainer = best_;
    std::fill_n(plainer.begin() + static_cast<std::ptrdiff_t>(from), length, 0u);
    return plainer;
  }

  // From the back: what comes later depends on what comes before.
  bool each_span(std::size_t length, Change change) {
    bool is_smaller = false;
    for (std::size_t end = best_.size(); end >= length && tries_left_ > 0; --end) {
      if (end > best_.size()) continue;
      is_smaller = take_if_it_fails((this->*change)(end - length, length)) || is_smaller;
    }
    return is_smaller;
  }

  bool lower_each() {
    bool is_smaller = false;
    for (std::size_t i = 0; i < best_.size(); ++i) {
      std::uint32_t too_low = 0;  // with_zeros() has tried it
      while (i < best_.size() && best_[i] > too_low + 1 && tries_left_ > 0) {
        ChoiceList lower = best_;
        lower[i] = too_low + (best_[i] - too_low) / 2;
        if (take_if_it_fails(lower)) {
          is_smaller = true;
        } else {
          too_low = lower[i];
        }
      }
    }
    return is_smaller;
  }

  ChoiceList best_;
  const std::function<bool(const ChoiceList&)>& still_fails_;
  int tries_left_;
};

}  // namespace

ChoiceList shrunk(ChoiceList choices, const std::function<bool(const ChoiceList&)>& still_fails,
                  int most_tries) {
  return Shrinking{std::move(choices), still_fails, most_tries}.run();
}

}  // namespace linger::sim
