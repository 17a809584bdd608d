#include "sim/server_side.h"

#include <gtest/gtest.h>

#include <vector>

#include "names.h"
#include "support/record_batches.h"
#include "support/server_side_driver.h"

namespace linger::sim {
namespace {

using namespace std::chrono_literals;


ServerSideDriver one_broker() {
  ServerSideDriver::Setup setup;
  TopicSpec orders;
  orders.name = "orders";
  orders.leaders = {NodeId{0}};
  setup.cluster.topics = {orders};
  setup.topics = {"orders"};
  return ServerSideDriver{setup};
}

TEST(ServerSide, AFaultForNobodyDoesNothing) {
  ServerSideDriver run = one_broker();
  const NodeId nobody{7};
  const PartitionName nowhere{"orders", 7};
  const std::vector<Fault> faults{
      AddLatency{nobody, 1ms, {}},        Disconnect{nobody},
      RefuseConnections{nobody, {}},      FallSilent{nobody, {}},
      FailProduce{nowhere, {}, 1, false}, LoseResponse{nowhere, 1, true},
      ChangeLeader{nowhere, NodeId{0}},   ChangeLeader{{"orders", 0}, nobody},
  };
  for (const Fault& fault : faults) run.apply(fault);
  run.run();
  EXPECT_TRUE(run.all<LeaderChanged>().empty());
  EXPECT_TRUE(run.all<BrokerStateChanged>().empty());
}

TEST(ServerSide, ASocketWithoutAConnectionIsNotListenedTo) {
  ServerSideDriver run = one_broker();
  run.send(kSocket, core::ByteVector(10));
  run.close(kSocket);
  run.run();
  EXPECT_TRUE(run.all<SegmentSent>().empty());
}

TEST(ServerSide, ASendBufferThatIsNotGivenIsTheSystems) {
  ServerSideDriver run = one_broker();
  run.open(kSocket, Bytes{-1});
  run.run();
  EXPECT_EQ(run.heard(kSocket).room, kSystemSendBuffer);
}

TEST(ServerSide, WhoTheRecordsOfABatchAreCanBeTold) {
  ServerSideDriver run = one_broker();
  run.open(kSocket);
  run.run();
  const core::ByteVector batch = batch_bytes({.records = 2});
  run.request(kSocket, produce_header(1), produce_request("orders", 0, batch));
  run.run();
  run.servers().annotate(kOrders0, 0, {core::RecordId{4}, core::RecordId{5}});
  std::vector<core::RecordId> ids;
  for (const LoggedRecord& record : run.log(kOrders0).records()) ids.push_back(*record.id);
  EXPECT_EQ(ids, (std::vector{core::RecordId{4}, core::RecordId{5}}));
}

}  // namespace
}  // namespace linger::sim
