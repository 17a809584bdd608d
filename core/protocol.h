// Frames: a 4-byte size, then a header, then a body. Everything that travels between a producer and
// a broker is one.
//
// Writing gives whole frames. Reading begins behind the size, which whoever cuts the stream into
// frames has consumed (in Kafka: NetworkReceive); what stands there is called the payload. Offsets
// in errors count from the start of the payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/api.h"
#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/id.h"
#include "core/protocol_messages.h"

namespace linger::core {

// In Kafka: RequestHeader. The response has the same correlation id, the key and version are known
// from it.
struct RequestHeader {
  ApiKey api_key{};
  std::int16_t api_version = 0;
  CorrelationId correlation_id{};
  std::optional<std::string> client_id{};
  friend bool operator==(const RequestHeader&, const RequestHeader&) = default;
};

// --- The producer's side ---

// Requires: the header has the request's key, and a version that is implemented (api.h).
ByteVector encode_request(const RequestHeader& header, const Request& request);

// Where records stand in a frame: behind how many of the bytes that are written, and how many they
// are themselves.
struct RecordsGap {
  std::size_t at = 0;
  std::size_t size = 0;
};

// The same frame without the records, and where they stand in it: a gap for each partition, in the
// order of the request. Of the records only the sizes are looked at, and the frame's size counts
// them: their bytes are read when they are written to the connection. Requires: no partition's
// records are null.
struct FrameAround {
  ByteVector bytes;
  std::vector<RecordsGap> gaps;
};
FrameAround encode_produce_request_around(const RequestHeader& header,
                                          const ProduceRequest& request);

// Reads the answer to the request that was sent with this header. It is an error if it has another
// correlation id. An ApiVersionsResponse with UNSUPPORTED_VERSION is read as version 0.
Decoded<Response> decode_response(const RequestHeader& sent, ByteSpan payload);

// --- The broker's side ---

// Reads the header and leaves `payload` at the body. Fails if the api key is none of ours: no one
// knows which form the header of an unknown request has. The version may be one not implemented: a
// broker answers an ApiVersions request of a version it does not know.
Decoded<RequestHeader> decode_request_header(ByteReader& payload);

// Reads the body that stands behind this header, to the end. Records are views of the payload.
Decoded<Request> decode_request_body(const RequestHeader& header, ByteReader& payload);

struct ReceivedRequest {
  RequestHeader header;
  Request request;
};
Decoded<ReceivedRequest> decode_request(ByteSpan payload);

// The answer to the request with this header. Requires: as encode_request. An ApiVersionsResponse
// with UNSUPPORTED_VERSION is written as version 0, and so may answer any version.
ByteVector encode_response(const RequestHeader& answered, const Response& response);

}  // namespace linger::core
