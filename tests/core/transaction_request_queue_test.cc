// In which order the requests of a transaction manager leave its queue.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/transaction_requests.h"

namespace linger::core::transaction_request_queue_test {
namespace {

TransactionalRequest request(TransactionalRequestBody body) {
  TransactionalRequest request;
  request.body = std::move(body);
  return request;
}
TransactionalRequest epoch_bump() {
  TransactionalRequest bump = request(InitProducerIdRequest{});
  bump.is_epoch_bump = true;
  return bump;
}
TransactionalRequest offsets_of(const std::string& group) {
  AddOffsetsToTxnRequest offsets;
  offsets.group_id = group;
  return request(std::move(offsets));
}

std::vector<ApiKey> order_of(std::vector<TransactionalRequest> requests) {
  TransactionRequestQueue queue;
  for (TransactionalRequest& one : requests) queue.add(std::move(one));
  std::vector<ApiKey> order;
  while (!queue.is_empty()) order.push_back(queue.take().api());
  return order;
}

TEST(TransactionRequestQueue, WhatOthersWaitForLeavesFirst) {
  const std::vector expected{ApiKey::FindCoordinator, ApiKey::InitProducerId,
                             ApiKey::AddPartitionsToTxn, ApiKey::EndTxn, ApiKey::InitProducerId};
  const TransactionalRequest find = request(FindCoordinatorRequest{});
  const TransactionalRequest init = request(InitProducerIdRequest{});
  const TransactionalRequest add = request(AddPartitionsToTxnRequest{});
  const TransactionalRequest end = request(EndTxnRequest{});
  EXPECT_EQ(order_of({find, init, add, end, epoch_bump()}), expected);
  EXPECT_EQ(order_of({epoch_bump(), end, add, init, find}), expected);
  EXPECT_EQ(order_of({add, epoch_bump(), find, end, init}), expected);
}

// As java.util.PriorityQueue gives three of the priorities 2, 2 and 0.
TEST(TransactionRequestQueue, EqualOnesLeaveAsJavasHeapHasThem) {
  TransactionRequestQueue queue;
  queue.add(offsets_of("first"));
  queue.add(offsets_of("second"));
  queue.add(request(FindCoordinatorRequest{}));
  EXPECT_EQ(queue.take().api(), ApiKey::FindCoordinator);
  EXPECT_EQ(std::get<AddOffsetsToTxnRequest>(queue.take().body).group_id, "first");
  EXPECT_EQ(std::get<AddOffsetsToTxnRequest>(queue.take().body).group_id, "second");
}

}  // namespace
}  // namespace linger::core::transaction_request_queue_test
