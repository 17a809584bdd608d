#include "sim/fault.h"

#include <gtest/gtest.h>

namespace linger::sim {
namespace {

using namespace std::chrono_literals;
using core::NodeId;

TEST(Fault, IsToldAsASentence) {
  EXPECT_EQ(text(Disconnect{NodeId{1}}), "disconnect broker 1");
  EXPECT_EQ(text(AddLatency{NodeId{1}, 50ms, 2s}), "add 50ms latency to broker 1 for 2s");
  EXPECT_EQ(text(RefuseConnections{NodeId{0}, {}}), "refuse connections to broker 0");
  EXPECT_EQ(text(FallSilent{NodeId{2}, 10s}), "silence broker 2 for 10s");
  EXPECT_EQ(text(ChangeLeader{{"orders", 3}, NodeId{2}}),
            "change the leader of orders-3 to broker 2");
  EXPECT_EQ(text(ChangeLeader{{"orders", 3}, {}}), "change the leader of orders-3 to nobody");
}

TEST(Fault, TellsHowManyRequestsItIsFor) {
  EXPECT_EQ(text(FailProduce{{"orders", 0}, core::ErrorCode::NotLeaderOrFollower, 1, false}),
            "fail the next produce request for orders-0 with NOT_LEADER_OR_FOLLOWER");
  EXPECT_EQ(
      text(FailProduce{{"orders", 0}, core::ErrorCode::RequestTimedOut, 2, true}),
      "fail the next 2 produce requests for orders-0 with REQUEST_TIMED_OUT after the append");
  EXPECT_EQ(text(LoseResponse{{"orders", 0}, 1, true}),
            "lose the response to the next produce request for orders-0 and disconnect");
  EXPECT_EQ(text(LoseResponse{{"orders", 0}, 3, false}),
            "lose the response to the next 3 produce requests for orders-0 and stay silent");
}

}  // namespace
}  // namespace linger::sim
