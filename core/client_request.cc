#include "core/client_request.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "core/check.h"

namespace linger::core {

namespace {

// Since KIP-447 offsets in a transaction may come with who they are of.
constexpr std::int16_t kFirstVersionWithMember = 3;

bool names_member(const TxnOffsetCommitRequest& request) {
  return !request.member_id.empty() || request.generation_id != -1 ||
         request.group_instance_id.has_value();
}

// Some requests say what their oldest versions cannot; messages of the old formats travel in one
// version alone.
VersionRange versions_that_can_say(const RequestBody& body, VersionRange range) {
  if (const auto* produce = std::get_if<ProduceSend>(&body)) {
    if (produce->magic == Magic::V1) return {2, 2};
    if (produce->magic == Magic::V0) return {0, 1};
    range.first = std::max(range.first, kFirstProduceVersionOfFormat2);
    range.last = std::max(range.last, range.first);
  }
  const auto* find = std::get_if<FindCoordinatorRequest>(&body);
  const bool needs_type = find != nullptr && find->key_type == CoordinatorType::Transaction;
  if (needs_type) range.first = std::max<std::int16_t>(range.first, 1);
  // MetadataRequest.Builder refuses the oldest, where no list of topics could be an empty one.
  const bool is_metadata = std::holds_alternative<MetadataRequest>(body);
  if (is_metadata) range.first = std::max<std::int16_t>(range.first, 1);
  const auto* offsets = std::get_if<TxnOffsetCommitRequest>(&body);
  if (offsets != nullptr && names_member(*offsets)) {
    range.first = std::max(range.first, kFirstVersionWithMember);
  }
  return range;
}

// A produce request as the encoder sees it, and its buffers in the same order.
struct ProduceFrame {
  ProduceRequest request;
  std::vector<BufferSlice> records;
};

ProduceFrame frame_of(const ProduceSend& send, const TopicNames& names,
                      const BufferStore& buffers) {
  ProduceFrame frame{{send.transactional_id, send.acks, send.timeout, {}}, {}};
  frame.records.reserve(send.parts.size());
  const auto is_of = [](TopicId topic) {
    return [topic](const ProduceSend::Part& part) { return part.partition.topic == topic; };
  };
  for (auto first = send.parts.begin(); first != send.parts.end(); ++first) {
    const TopicId topic = first->partition.topic;
    if (std::any_of(send.parts.begin(), first, is_of(topic))) continue;  // with the topic's first
    ProduceRequestTopic& wire = frame.request.topics.emplace_back();
    wire.name = names.name(topic);
    wire.partitions.reserve(send.parts.size());
    for (auto part = first; part != send.parts.end(); ++part) {
      if (part->partition.topic != topic) continue;
      const ByteSpan records{buffers.bytes(part->buffer).data(),
                             static_cast<std::size_t>(part->size.count())};
      wire.partitions.push_back({part->partition.partition, records});
      frame.records.push_back({part->buffer, part->size});
    }
  }
  return frame;
}

NetworkSend encode_produce(const ProduceSend& send, const RequestHeader& header,
                           const TopicNames& names, const BufferStore& buffers) {
  ProduceFrame frame = frame_of(send, names, buffers);
  FrameAround around = encode_produce_request_around(header, frame.request);
  CHECK(around.gaps.size() == frame.records.size());
  for (std::size_t i = 0; i < around.gaps.size(); ++i) frame.records[i].at = around.gaps[i].at;
  return NetworkSend{std::move(around.bytes), std::move(frame.records)};
}

}  // namespace

RequestBody::RequestBody() = default;
RequestBody::RequestBody(const RequestBody&) = default;
RequestBody::RequestBody(RequestBody&&) noexcept = default;
RequestBody& RequestBody::operator=(const RequestBody&) = default;
RequestBody& RequestBody::operator=(RequestBody&&) noexcept = default;
RequestBody::~RequestBody() = default;

ApiKey api_key_of(const RequestBody& body) {
  return std::visit(
      [](const auto& request) {
        using T = std::decay_t<decltype(request)>;
        if constexpr (std::is_same_v<T, ProduceSend>) {
          return ApiKey::Produce;
        } else {
          return T::kApiKey;
        }
      },
      body);
}

VersionRange allowed_versions(const ClientRequest& request, const ClientVersions& spoken) {
  if (request.exact_version) return {*request.exact_version, *request.exact_version};
  const auto at = spoken.find(api_key_of(request.body));
  if (at == spoken.end()) return {};
  return versions_that_can_say(request.body, at->second);
}

std::vector<InFlightBatch> batches_of(const RequestBody& body) {
  std::vector<InFlightBatch> batches;
  if (const auto* produce = std::get_if<ProduceSend>(&body)) {
    batches.reserve(produce->parts.size());
    for (const ProduceSend::Part& part : produce->parts) {
      batches.push_back({part.partition, part.batch});
    }
  }
  return batches;
}

NetworkSend encode(const RequestBody& body, const RequestHeader& header, const TopicNames& names,
                   const BufferStore& buffers) {
  return std::visit(
      [&](const auto& request) {
        if constexpr (std::is_same_v<std::decay_t<decltype(request)>, ProduceSend>) {
          return encode_produce(request, header, names, buffers);
        } else {
          return NetworkSend{encode_request(header, Request{request})};
        }
      },
      body);
}

}  // namespace linger::core
