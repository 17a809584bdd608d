// A value shared between copies of the world until one of them changes it.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace linger::core {

// Copying costs a reference count. write() gives this copy a value of its own first, if another
// copy still looks at the shared one. Copies may live in different threads.
template <class T>
class Cow {
 public:
  Cow() : value_{std::make_shared<T>()} {}
  explicit Cow(T value) : value_{std::make_shared<T>(std::move(value))} {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

  // Does another copy look at the value?
  bool is_shared() const { return value_.use_count() != 1; }

  T& write() {
    if (is_shared()) {
      value_ = std::make_shared<T>(std::as_const(*value_));
    } else {
      // Pairs with the release in the other owner's drop of its reference.
      std::atomic_thread_fence(std::memory_order_acquire);
    }
    return *value_;
  }

  friend bool operator==(const Cow& a, const Cow& b) {
    return a.value_ == b.value_ || *a.value_ == *b.value_;
  }

 private:
  std::shared_ptr<T> value_;
};

}  // namespace linger::core
