// A request on its way to a broker, before its version is chosen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/buffer_store.h"
#include "core/bytes.h"
#include "core/client_versions.h"
#include "core/compression.h"
#include "core/id.h"
#include "core/in_flight_requests.h"
#include "core/network_send.h"
#include "core/protocol.h"
#include "core/time.h"
#include "core/topic_names.h"

namespace linger::core {

// A produce request whose records stay in their buffers until the socket takes them.
struct ProduceSend {
  struct Part {
    TopicPartition partition;
    BatchId batch;
    BufferId buffer;
    Bytes size;
  };
  std::int16_t acks = -1;
  Milliseconds timeout{};
  std::optional<std::string> transactional_id;
  Magic magic = Magic::V2;  // of all parts
  std::vector<Part> parts;  // those of one topic travel together, at the place of the first
};

using RequestBodyKinds =
    std::variant<ProduceSend, ApiVersionsRequest, MetadataRequest, InitProducerIdRequest,
                 FindCoordinatorRequest, AddPartitionsToTxnRequest, AddOffsetsToTxnRequest,
                 TxnOffsetCommitRequest, EndTxnRequest>;
// Compilers pay for copying and moving so many kinds: they do it in one file, see Event.
struct RequestBody : RequestBodyKinds {
  using RequestBodyKinds::variant;
  RequestBody();
  RequestBody(const RequestBody&);
  RequestBody(RequestBody&&) noexcept;
  RequestBody& operator=(const RequestBody&);
  RequestBody& operator=(RequestBody&&) noexcept;
  ~RequestBody();
};

// In Kafka: ClientRequest and the builder in it.
struct ClientRequest {
  NodeId destination = kNoNode;
  RequestBody body;
  bool expect_response = true;
  Milliseconds timeout{};
  Millis created{};
  std::optional<std::int16_t> exact_version{};  // else the newest that both sides take
};

ApiKey api_key_of(const RequestBody& body);

// The versions in which a client that speaks these can say what the request says.
VersionRange allowed_versions(const ClientRequest& request, const ClientVersions& spoken);

// The batches of a produce request, in its order.
std::vector<InFlightBatch> batches_of(const RequestBody& body);

// The frame: of a produce request everything but the records, which are named.
// Requires: header.api_version is an allowed one.
NetworkSend encode(const RequestBody& body, const RequestHeader& header, const TopicNames& names,
                   const BufferStore& buffers);

}  // namespace linger::core
