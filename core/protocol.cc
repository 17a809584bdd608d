#include "core/protocol.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <variant>

#include "core/byte_writer.h"
#include "core/check.h"
#include "core/protocol_io.h"

namespace linger::core {
namespace {

bool is_implemented(ApiKey key, std::int16_t version) {
  const Api* api = find_api(key);
  return api != nullptr && api->implemented.contains(version);
}

// A response's header ends with tagged fields in flexible versions, but for ApiVersions: the client
// reads its answer before it knows what the broker understands.
bool has_flexible_response_header(const RequestHeader& header) {
  return header.api_key != ApiKey::ApiVersions && is_flexible(header.api_key, header.api_version);
}

bool refuses_version(const Response& response) {
  const auto* api_versions = std::get_if<ApiVersionsResponse>(&response);
  return api_versions != nullptr && api_versions->error_code == kUnsupportedVersionError;
}

// Of a broker that refuses the version the error counts, however it writes the rest: librdkafka's
// mock cluster follows neither that version nor version 0. The real client can read it by chance,
// and so asks again in version 0.
bool begins_with_refusal(const RequestHeader& sent, ByteSpan payload) {
  constexpr std::size_t kAfterCorrelation = 4;
  if (sent.api_key != ApiKey::ApiVersions || payload.size() < kAfterCorrelation + 2) return false;
  return load<std::int32_t>(payload.data()) == sent.correlation_id.value() &&
         load<std::int16_t>(payload.data() + kAfterCorrelation) == kUnsupportedVersionError;
}

constexpr std::size_t kSizeBytes = 4;

// The frame is written. Fills in the size it begins with; `elsewhere` bytes of it stand somewhere
// else.
ByteVector finished(GrowingBytes frame, std::size_t elsewhere = 0) {
  const std::size_t size = frame.size() - kSizeBytes + elsewhere;
  CHECK(size <= std::numeric_limits<std::int32_t>::max());
  store(frame.data(), static_cast<std::int32_t>(size));
  return std::move(frame).take();
}

void write_request_header(GrowingBytes& frame, const RequestHeader& header) {
  CHECK(is_implemented(header.api_key, header.api_version));
  WriterInto writer{frame};
  writer.integer(static_cast<std::int16_t>(header.api_key));
  writer.integer(header.api_version);
  writer.integer(header.correlation_id.value());
  std::optional<ByteSpan> client_id;
  if (header.client_id) client_id = bytes_of(*header.client_id);
  writer.bytes(LengthPrefix::Int16, client_id);  // never compact
  if (is_flexible(header.api_key, header.api_version)) writer.unsigned_varint(0);
}

// Reads the body into the one of the variant's messages that has the header's key.
template <class AnyMessage, std::size_t kIndex = 0>
void read_body(const RequestHeader& header, ByteReader& payload, AnyMessage& any) {
  if constexpr (kIndex == std::variant_size_v<typename AnyMessage::variant>) {
    payload.fail("an unknown api key");
  } else {
    using Message = std::variant_alternative_t<kIndex, typename AnyMessage::variant>;
    if (header.api_key != Message::kApiKey) {
      return read_body<AnyMessage, kIndex + 1>(header, payload, any);
    }
    MessageReader io{header.api_key, header.api_version, payload};
    io(any.template emplace<kIndex>());
    payload.expect_end();
  }
}

template <class AnyMessage>
Decoded<AnyMessage> read_any_body(const RequestHeader& header, ByteReader& payload) {
  Decoded<AnyMessage> message{AnyMessage{}};
  read_body(header, payload, message.value());
  if (!payload.ok()) message = payload.error();
  return message;
}

template <class AnyMessage>
ApiKey key_of(const AnyMessage& any) {
  return std::visit([](const auto& message) { return message.kApiKey; }, any);
}

template <class AnyMessage>
void write_any_body(GrowingBytes& frame, const RequestHeader& header, const AnyMessage& any) {
  CHECK(key_of(any) == header.api_key);
  MessageWriter io{header.api_key, header.api_version, frame};
  std::visit([&](const auto& message) { io(message); }, any);
}

// Most frames need no more memory than that, but for their records.
GrowingBytes empty_frame() {
  constexpr std::size_t kUsualSize = 256;
  GrowingBytes frame{kUsualSize};
  frame.grow(kSizeBytes);
  return frame;
}

void skip_tags(ByteReader& reader) {
  reader.tagged_fields([](std::uint32_t, ByteReader&) { return false; });
}

}  // namespace

bool operator==(const ProduceRequestPartition& a, const ProduceRequestPartition& b) {
  if (a.index != b.index || a.records.has_value() != b.records.has_value()) return false;
  return !a.records ||
         std::equal(a.records->begin(), a.records->end(), b.records->begin(), b.records->end());
}

ApiKey api_key_of(const Request& request) {
  return key_of(request);
}
ApiKey api_key_of(const Response& response) {
  return key_of(response);
}

ByteVector encode_request(const RequestHeader& header, const Request& request) {
  GrowingBytes frame = empty_frame();
  write_request_header(frame, header);
  write_any_body(frame, header, request);
  return finished(std::move(frame));
}

FrameAround encode_produce_request_around(const RequestHeader& header,
                                          const ProduceRequest& request) {
  CHECK(header.api_key == ApiKey::Produce);
  GrowingBytes frame = empty_frame();
  write_request_header(frame, header);
  FrameAround around;
  MessageWriter io{header.api_key, header.api_version, frame};
  io.leave_records_out(around.gaps);
  io(request);

  std::size_t left_out = 0;
  for (const RecordsGap& gap : around.gaps) left_out += gap.size;
  around.bytes = finished(std::move(frame), left_out);
  return around;
}

Decoded<Response> decode_response(const RequestHeader& sent, ByteSpan payload) {
  CHECK(is_implemented(sent.api_key, sent.api_version));
  ByteReader reader{payload};
  const CorrelationId correlation_id{reader.integer<std::int32_t>()};
  if (correlation_id != sent.correlation_id) reader.fail("another request's correlation id");
  if (has_flexible_response_header(sent)) skip_tags(reader);
  Decoded<Response> response = read_any_body<Response>(sent, reader);
  if (!response.ok() && begins_with_refusal(sent, payload)) {
    ApiVersionsResponse refusal;
    refusal.error_code = kUnsupportedVersionError;
    response = Response{std::move(refusal)};
  }
  return response;
}

Decoded<RequestHeader> decode_request_header(ByteReader& payload) {
  RequestHeader header;
  header.api_key = ApiKey{payload.integer<std::int16_t>()};
  if (find_api(header.api_key) == nullptr) payload.fail("an unknown api key");
  header.api_version = payload.integer<std::int16_t>();
  header.correlation_id = CorrelationId{payload.integer<std::int32_t>()};
  const std::optional<ByteSpan> client_id = payload.nullable_bytes(LengthPrefix::Int16);
  if (client_id) header.client_id = text_of(*client_id);
  if (is_flexible(header.api_key, header.api_version)) skip_tags(payload);
  if (!payload.ok()) return payload.error();
  return header;
}

Decoded<Request> decode_request_body(const RequestHeader& header, ByteReader& payload) {
  if (!is_implemented(header.api_key, header.api_version))
    payload.fail("a version not implemented");
  return read_any_body<Request>(header, payload);
}

Decoded<ReceivedRequest> decode_request(ByteSpan payload) {
  ByteReader reader{payload};
  Decoded<RequestHeader> header = decode_request_header(reader);
  if (!header.ok()) return header.error();
  Decoded<Request> request = decode_request_body(header.value(), reader);
  if (!request.ok()) return request.error();
  return ReceivedRequest{std::move(header).value(), std::move(request).value()};
}

ByteVector encode_response(const RequestHeader& answered, const Response& response) {
  CHECK(is_implemented(answered.api_key, answered.api_version) || refuses_version(response));
  GrowingBytes frame = empty_frame();
  WriterInto writer{frame};
  writer.integer(answered.correlation_id.value());
  if (has_flexible_response_header(answered)) writer.unsigned_varint(0);
  write_any_body(frame, answered, response);
  return finished(std::move(frame));
}

}  // namespace linger::core
