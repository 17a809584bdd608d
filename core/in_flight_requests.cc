#include "core/in_flight_requests.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace linger::core {

namespace {
const std::vector<InFlightRequest> kNoRequests;
}

// Requires: count(node) > 0.
InFlightRequests::Queue& InFlightRequests::queue(NodeId node) {
  const auto at = requests_.find(node);
  CHECK(at != requests_.end() && !at->second.empty());
  return at->second;
}

void InFlightRequests::add(InFlightRequest request) {
  Queue& queue = requests_[request.node];
  queue.insert(queue.begin(), std::move(request));
}

bool InFlightRequests::can_send_more(NodeId node) const {
  const Queue& queue = requests(node);
  return queue.empty() ||
         (queue.front().send_completed && static_cast<std::int32_t>(queue.size()) < max_in_flight_);
}

void InFlightRequests::on_send_completed(NodeId node) {
  queue(node).front().send_completed = true;
}

InFlightRequest InFlightRequests::complete_next(NodeId node) {
  Queue& queue = this->queue(node);
  InFlightRequest oldest = std::move(queue.back());
  queue.pop_back();
  return oldest;
}

const InFlightRequest& InFlightRequests::last_sent(NodeId node) const {
  CHECK(count(node) > 0);
  return requests(node).front();
}

InFlightRequest InFlightRequests::complete_last_sent(NodeId node) {
  Queue& queue = this->queue(node);
  InFlightRequest newest = std::move(queue.front());
  queue.erase(queue.begin());
  return newest;
}

std::vector<InFlightRequest> InFlightRequests::clear_all(NodeId node, Order order) {
  const auto at = requests_.find(node);
  if (at == requests_.end()) return {};
  std::vector<InFlightRequest> all = std::exchange(at->second, {});
  if (order == Order::OldestFirst) std::reverse(all.begin(), all.end());
  return all;
}

std::int32_t InFlightRequests::count(NodeId node) const {
  return static_cast<std::int32_t>(requests(node).size());
}

std::int32_t InFlightRequests::count() const {
  std::int32_t total = 0;
  for (const auto& [node, queue] : requests_) total += static_cast<std::int32_t>(queue.size());
  return total;
}

const std::vector<InFlightRequest>& InFlightRequests::requests(NodeId node) const {
  const auto at = requests_.find(node);
  return at == requests_.end() ? kNoRequests : at->second;
}

bool InFlightRequests::has_all_of(const InFlightRequests& other) const {
  return std::all_of(other.requests_.begin(), other.requests_.end(),
                     [this](const auto& entry) { return requests(entry.first) == entry.second; });
}

void InFlightRequests::increment_throttle_time(NodeId node, Milliseconds throttle) {
  const auto at = requests_.find(node);
  if (at == requests_.end()) return;
  for (InFlightRequest& request : at->second) request.throttle += throttle;
}

std::vector<NodeId> InFlightRequests::nodes_with_timed_out_requests(Millis now) const {
  std::vector<NodeId> nodes;
  for (const auto& [node, queue] : requests_) {
    const bool timed_out = std::any_of(queue.begin(), queue.end(), [now](const auto& request) {
      const Milliseconds waited = std::max(now - request.sent, Milliseconds{0});
      return waited - request.throttle > request.timeout;
    });
    if (timed_out) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace linger::core
