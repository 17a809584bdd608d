#include "core/in_flight_requests.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace linger::core {

namespace {
const std::deque<InFlightRequest> kNoRequests;
}

void InFlightRequests::add(InFlightRequest request) {
  requests_[request.node].push_front(std::move(request));
}

bool InFlightRequests::can_send_more(NodeId node) const {
  const std::deque<InFlightRequest>& queue = requests(node);
  return queue.empty() || (queue.front().send_completed && count(node) < max_in_flight_);
}

void InFlightRequests::on_send_completed(NodeId node) {
  CHECK(count(node) > 0);
  requests_.at(node).front().send_completed = true;
}

InFlightRequest InFlightRequests::complete_next(NodeId node) {
  CHECK(count(node) > 0);
  const auto at = requests_.find(node);
  InFlightRequest oldest = std::move(at->second.back());
  at->second.pop_back();
  if (at->second.empty()) requests_.erase(at);
  return oldest;
}

const InFlightRequest& InFlightRequests::last_sent(NodeId node) const {
  CHECK(count(node) > 0);
  return requests_.at(node).front();
}

InFlightRequest InFlightRequests::complete_last_sent(NodeId node) {
  CHECK(count(node) > 0);
  const auto at = requests_.find(node);
  InFlightRequest newest = std::move(at->second.front());
  at->second.pop_front();
  if (at->second.empty()) requests_.erase(at);
  return newest;
}

std::vector<InFlightRequest> InFlightRequests::clear_all(NodeId node, Order order) {
  const auto at = requests_.find(node);
  if (at == requests_.end()) return {};
  std::vector<InFlightRequest> all{std::move_iterator{at->second.begin()},
                                   std::move_iterator{at->second.end()}};
  requests_.erase(at);
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

const std::deque<InFlightRequest>& InFlightRequests::requests(NodeId node) const {
  const auto at = requests_.find(node);
  return at == requests_.end() ? kNoRequests : at->second;
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
