#include "core/in_flight_requests.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/check.h"

namespace linger::core::in_flight_requests_test {
namespace {

constexpr NodeId kNode{0};
constexpr NodeId kOther{1};
constexpr Millis kStart{Milliseconds{1'000'000}};

InFlightRequest request(std::int32_t correlation, NodeId node = kNode, Milliseconds timeout = 30s) {
  InFlightRequest request;
  request.correlation = CorrelationId{correlation};
  request.node = node;
  request.sent = request.created = kStart;
  request.timeout = timeout;
  return request;
}

TEST(InFlightRequests, AResponseCompletesTheOldest) {
  InFlightRequests requests{5};
  requests.add(request(1));
  requests.add(request(2));
  EXPECT_EQ(requests.count(kNode), 2);

  EXPECT_EQ(requests.complete_next(kNode).correlation, CorrelationId{1});
  EXPECT_EQ(requests.count(kNode), 1);
  EXPECT_EQ(requests.complete_next(kNode).correlation, CorrelationId{2});
  EXPECT_EQ(requests.count(), 0);
}

TEST(InFlightRequests, ASendWithoutResponseCompletesTheNewest) {
  InFlightRequests requests{5};
  requests.add(request(1));
  requests.add(request(2));
  EXPECT_EQ(requests.last_sent(kNode).correlation, CorrelationId{2});

  EXPECT_EQ(requests.complete_last_sent(kNode).correlation, CorrelationId{2});
  EXPECT_EQ(requests.last_sent(kNode).correlation, CorrelationId{1});
}

TEST(InFlightRequests, ClearingGivesTheOldestFirst) {
  InFlightRequests requests{5};
  requests.add(request(1));
  requests.add(request(2));
  requests.add(request(3, kOther));

  const std::vector<InFlightRequest> cleared = requests.clear_all(kNode);

  ASSERT_EQ(cleared.size(), 2u);
  EXPECT_EQ(cleared[0].correlation, CorrelationId{1});
  EXPECT_EQ(cleared[1].correlation, CorrelationId{2});
  EXPECT_EQ(requests.count(kNode), 0);
  EXPECT_EQ(requests.count(), 1);
  EXPECT_TRUE(requests.clear_all(kNode).empty());
}

TEST(InFlightRequests, AnotherRequestWaitsUntilTheLastOneIsWritten) {
  InFlightRequests requests{2};
  EXPECT_TRUE(requests.can_send_more(kNode));
  requests.add(request(1));
  EXPECT_FALSE(requests.can_send_more(kNode));
  requests.on_send_completed(kNode);
  EXPECT_TRUE(requests.can_send_more(kNode));
  EXPECT_TRUE(requests.can_send_more(kOther));
}

TEST(InFlightRequests, NoMoreThanTheMaximumAreInFlight) {
  InFlightRequests requests{2};
  for (const std::int32_t correlation : {1, 2}) {
    requests.add(request(correlation));
    requests.on_send_completed(kNode);
  }
  EXPECT_FALSE(requests.can_send_more(kNode));
  requests.complete_next(kNode);
  EXPECT_TRUE(requests.can_send_more(kNode));
}

TEST(InFlightRequests, AnyRequestMayTimeItsNodeOut) {
  InFlightRequests requests{5};
  requests.add(request(1, kNode, 50ms));
  requests.add(request(2, kOther, 200ms));
  requests.add(request(3, kOther, 100ms));

  EXPECT_TRUE(requests.nodes_with_timed_out_requests(kStart + 50ms).empty());
  EXPECT_EQ(requests.nodes_with_timed_out_requests(kStart + 51ms), (std::vector{kNode}));
  EXPECT_EQ(requests.nodes_with_timed_out_requests(kStart + 100ms), (std::vector{kNode}));
  EXPECT_EQ(requests.nodes_with_timed_out_requests(kStart + 101ms), (std::vector{kNode, kOther}));
}

TEST(InFlightRequests, ThrottleTimeDoesNotCount) {
  InFlightRequests requests{5};
  requests.add(request(1, kNode, 100ms));
  requests.increment_throttle_time(kNode, 1s);
  requests.increment_throttle_time(kOther, 1s);

  EXPECT_TRUE(requests.nodes_with_timed_out_requests(kStart + 1100ms).empty());
  EXPECT_FALSE(requests.nodes_with_timed_out_requests(kStart + 1101ms).empty());
}

TEST(InFlightRequests, ThrottleTimeIsOnlyForWhatWasInFlightThen) {
  InFlightRequests requests{5};
  requests.increment_throttle_time(kNode, 1s);
  requests.add(request(1, kNode, 100ms));
  EXPECT_FALSE(requests.nodes_with_timed_out_requests(kStart + 101ms).empty());
}

TEST(InFlightRequests, CompletingWithoutRequestsIsAMistake) {
  InFlightRequests requests{5};
  EXPECT_THROW(requests.complete_next(kNode), CheckFailure);
  EXPECT_THROW(requests.complete_last_sent(kNode), CheckFailure);
}

}  // namespace
}  // namespace linger::core::in_flight_requests_test
