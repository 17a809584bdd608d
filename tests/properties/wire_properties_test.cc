#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/api.h"
#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/protocol.h"
#include "core/protocol_fields.h"
#include "core/protocol_messages.h"
#include "core/record.h"
#include "core/record_batch.h"

namespace linger::core {
namespace {

// --- Any record ---

ByteVector any_bytes() {
  return *rc::gen::arbitrary<ByteVector>();
}
std::string any_string() {
  return *rc::gen::arbitrary<std::string>();
}
bool any_bool() {
  return *rc::gen::arbitrary<bool>();
}
std::size_t any_count(std::size_t end) {
  return *rc::gen::inRange<std::size_t>(0, end);
}

// What to combine with a byte to get another.
Byte any_change() {
  return static_cast<Byte>(1 + any_count(255));
}

std::optional<ByteVector> any_nullable_bytes() {
  if (any_bool()) return std::nullopt;
  return any_bytes();
}

Record any_record() {
  Record record;
  record.timestamp = *rc::gen::arbitrary<std::int64_t>();
  record.key = any_nullable_bytes();
  record.value = any_nullable_bytes();
  const std::size_t headers = any_count(3);
  for (std::size_t i = 0; i < headers; ++i) {
    std::string key = any_string();
    record.headers.push_back({std::move(key), any_nullable_bytes()});
  }
  return record;
}

std::int64_t wrapping_difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

RecordBatchHeader any_header() {
  RecordBatchHeader header;
  header.base_offset = *rc::gen::arbitrary<std::int64_t>();
  header.partition_leader_epoch = *rc::gen::arbitrary<std::int32_t>();
  header.attributes = *rc::gen::element<std::int16_t>(0, kTransactionalFlag, kControlFlag);
  header.producer_id_and_epoch.producer_id = *rc::gen::arbitrary<std::int64_t>();
  header.producer_id_and_epoch.epoch = *rc::gen::arbitrary<std::int16_t>();
  header.base_sequence = *rc::gen::arbitrary<std::int32_t>();
  return header;
}

struct BatchOnWire {
  RecordBatchHeader header;
  std::vector<Record> records;
  ByteVector bytes;
};

BatchOnWire any_batch() {
  BatchOnWire batch{any_header(), {}, ByteVector(kRecordBatchHeaderSize)};
  batch.records.push_back(any_record());
  const std::size_t more = any_count(4);
  for (std::size_t i = 0; i < more; ++i) batch.records.push_back(any_record());
  batch.header.record_count = static_cast<std::int32_t>(batch.records.size());
  batch.header.last_offset_delta = batch.header.record_count - 1;
  batch.header.base_timestamp = batch.header.max_timestamp = batch.records[0].timestamp;
  for (std::int32_t i = 0; i < batch.header.record_count; ++i) {
    const Record& record = batch.records[static_cast<std::size_t>(i)];
    const std::int64_t delta = wrapping_difference(record.timestamp, batch.header.base_timestamp);
    append_record(batch.bytes, i, delta, record.view());
  }
  write_batch_header(batch.bytes, batch.header);
  return batch;
}

RC_GTEST_PROP(RecordProperties, TheComputedSizeIsTheEncodedSize, ()) {
  const Record record = any_record();
  const auto offset_delta = *rc::gen::arbitrary<std::int32_t>();
  const auto timestamp_delta = *rc::gen::arbitrary<std::int64_t>();
  const Bytes size = record_size(offset_delta, timestamp_delta, record.view());

  ByteVector bytes;
  RC_ASSERT(append_record(bytes, offset_delta, timestamp_delta, record.view()) == size);
  RC_ASSERT(Bytes{static_cast<std::int64_t>(bytes.size())} == size);
  RC_ASSERT(kRecordBatchOverhead + size <= batch_size_upper_bound(record.view()));
}

RC_GTEST_PROP(RecordBatchProperties, ABatchReadsBackAsItWasWritten, ()) {
  const BatchOnWire batch = any_batch();
  const Decoded<RecordBatch> decoded = decode_batch(batch.bytes);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(decoded.value().records == batch.records);

  RecordBatchHeader expected = batch.header;
  expected.batch_length = static_cast<std::int32_t>(batch.bytes.size() - 12);
  expected.crc = decoded.value().header.crc;
  RC_ASSERT(decoded.value().header == expected);
}

RC_GTEST_PROP(RecordBatchProperties, ABatchThatIsCutOffIsAnError, ()) {
  const BatchOnWire batch = any_batch();
  for (std::size_t size = 0; size < batch.bytes.size(); ++size) {
    RC_ASSERT(!decode_batch(ByteSpan{batch.bytes}.first(size)).ok());
  }
}

RC_GTEST_PROP(RecordBatchProperties, AChangedByteIsAnErrorButInOffsetAndLeaderEpoch, ()) {
  const BatchOnWire batch = any_batch();
  const Byte change = any_change();
  for (std::size_t at = 0; at < batch.bytes.size(); ++at) {
    ByteVector changed = batch.bytes;
    changed[at] ^= change;
    const Decoded<RecordBatch> decoded = decode_batch(changed);
    RC_ASSERT(decoded.ok() == (at < 8 || (at >= 12 && at < 16)));
    if (decoded.ok()) RC_ASSERT(decoded.value().records == batch.records);
  }
}

// The checksum keeps most damage from the decoder of records; without it, it stands alone.
RC_GTEST_PROP(RecordBatchProperties, AnyBytesAreReadAsRecordsOrRefused, ()) {
  const BatchOnWire batch = any_batch();
  ByteVector bytes{batch.bytes.begin() + kRecordBatchHeaderSize, batch.bytes.end()};
  bytes[any_count(bytes.size())] = *rc::gen::arbitrary<Byte>();
  const auto decoded = decode_records(batch.header, bytes);
  RC_TAG(decoded.ok());
  if (decoded.ok()) RC_ASSERT(decoded.value().size() == batch.records.size());
}

// --- Any message ---

// Fills the fields a message has in a version, by the same description by which it is written.
class Generator {
 public:
  static constexpr bool kWrites = false;
  Generator(std::int16_t version, std::deque<ByteVector>& records)
      : version_{version}, records_{records} {}

  std::int16_t version() const { return version_; }
  void fall_back_to_version_0() { version_ = 0; }

  template <class Integer>
  requires std::is_integral_v<Integer>
  void operator()(Integer& value) { value = *rc::gen::arbitrary<Integer>(); }
  void operator()(ApiKey& key) { key = ApiKey{*rc::gen::arbitrary<std::int16_t>()}; }
  void operator()(CoordinatorType& type) {
    type = any_bool() ? CoordinatorType::Group : CoordinatorType::Transaction;
  }
  void operator()(NodeId& id) { id = NodeId{*rc::gen::arbitrary<std::int32_t>()}; }
  void operator()(Milliseconds& time) { time = Milliseconds{*rc::gen::arbitrary<std::int32_t>()}; }
  void operator()(ProducerIdAndEpoch& producer) {
    (*this)(producer.producer_id);
    (*this)(producer.epoch);
  }
  void operator()(Uuid& id) {
    (*this)(id.most_significant);
    (*this)(id.least_significant);
  }
  void operator()(std::string& text) { text = any_string(); }
  template <class Element>
  void operator()(std::vector<Element>& array) {
    const std::size_t count = any_count(3);
    for (std::size_t i = 0; i < count; ++i) (*this)(array.emplace_back());
  }
  template <class Value>
  void operator()(std::optional<Value>& value) {
    if (any_bool()) (*this)(value.emplace());
  }
  template <class Structure>
  requires std::is_class_v<Structure>
  void operator()(Structure& structure) { fields(*this, structure); }

  void records(std::optional<ByteSpan>& records) {
    if (any_bool()) records = records_.emplace_back(any_bytes());
  }
  template <class Element>
  void null_as_empty(std::optional<std::vector<Element>>& array) {
    (*this)(array);
    if (array && array->empty()) array.reset();
  }
  template <class Element>
  Element& only_one_of(std::vector<Element>& array) {
    return array.emplace_back();
  }
  void tags() {}
  template <class Field>
  void tags_with_0(Field& field) {
    if (any_bool()) (*this)(field);
  }

 private:
  std::int16_t version_;
  std::deque<ByteVector>& records_;  // whose elements stay where they are
};

// The message of the header's api; `records` keeps what it refers to.
template <class AnyMessage, std::size_t kIndex = 0>
AnyMessage any_message(const RequestHeader& header, std::deque<ByteVector>& records) {
  if constexpr (kIndex < std::variant_size_v<typename AnyMessage::variant>) {
    using Message = std::variant_alternative_t<kIndex, typename AnyMessage::variant>;
    if (header.api_key != Message::kApiKey) {
      return any_message<AnyMessage, kIndex + 1>(header, records);
    }
    Message message;
    Generator{header.api_version, records}(message);
    return message;
  }
  return {};
}

// Every version of every api.
std::vector<RequestHeader> all_headers() {
  std::vector<RequestHeader> headers;
  for (const Api& api : kApis) {
    for (std::int16_t version = api.implemented.first; version <= api.implemented.last; ++version) {
      headers.push_back({api.key, version});
    }
  }
  return headers;
}

// The same with ids.
std::vector<RequestHeader> all_headers_of_any_ids() {
  std::vector<RequestHeader> headers = all_headers();
  for (RequestHeader& header : headers) {
    header.correlation_id = CorrelationId{*rc::gen::arbitrary<std::int32_t>()};
    if (any_bool()) header.client_id = any_string();
  }
  return headers;
}

RequestHeader any_header_of_any_version() {
  return *rc::gen::elementOf(all_headers());
}

ByteSpan payload_of(const ByteVector& frame) {
  return ByteSpan{frame}.subspan(4);
}

bool size_fits(const ByteVector& frame) {
  return load<std::int32_t>(frame.data()) == static_cast<std::int32_t>(frame.size()) - 4;
}

// Whatever can be read is a message: written again and read again it is the same.
bool is_message_or_error(const RequestHeader& header, const Decoded<Request>& decoded) {
  if (!decoded.ok()) return !decoded.error().what.empty();
  const ByteVector frame = encode_request(header, decoded.value());
  const Decoded<ReceivedRequest> again = decode_request(payload_of(frame));
  return again.ok() && again.value().header == header && again.value().request == decoded.value();
}

bool is_message_or_error(const Decoded<ReceivedRequest>& decoded) {
  if (!decoded.ok()) return !decoded.error().what.empty();
  return is_message_or_error(decoded.value().header, decoded.value().request);
}

bool is_message_or_error(const RequestHeader& header, const Decoded<Response>& decoded) {
  if (!decoded.ok()) return !decoded.error().what.empty();
  const ByteVector frame = encode_response(header, decoded.value());
  const Decoded<Response> again = decode_response(header, payload_of(frame));
  return again.ok() && again.value() == decoded.value();
}

RC_GTEST_PROP(ProtocolProperties, ARequestOfEveryVersionReadsBackAsItWasWritten, ()) {
  for (const RequestHeader& header : all_headers_of_any_ids()) {
    std::deque<ByteVector> records;
    const auto request = any_message<Request>(header, records);
    const ByteVector frame = encode_request(header, request);
    RC_ASSERT(size_fits(frame));

    const Decoded<ReceivedRequest> decoded = decode_request(payload_of(frame));
    RC_ASSERT(decoded.ok());
    RC_ASSERT(decoded.value().header == header);
    RC_ASSERT(decoded.value().request == request);
  }
}

RC_GTEST_PROP(ProtocolProperties, AResponseOfEveryVersionReadsBackAsItWasWritten, ()) {
  for (const RequestHeader& header : all_headers_of_any_ids()) {
    std::deque<ByteVector> records;
    const auto response = any_message<Response>(header, records);
    const ByteVector frame = encode_response(header, response);
    RC_ASSERT(size_fits(frame));

    const Decoded<Response> decoded = decode_response(header, payload_of(frame));
    RC_ASSERT(decoded.ok());
    RC_ASSERT(decoded.value() == response);
  }
}

RC_GTEST_PROP(ProtocolProperties, ADamagedRequestIsRefusedOrIsAnother, ()) {
  std::deque<ByteVector> records;
  const RequestHeader header = any_header_of_any_version();
  const ByteVector frame = encode_request(header, any_message<Request>(header, records));
  const ByteSpan payload = payload_of(frame);
  const Byte change = any_change();
  for (std::size_t at = 0; at < payload.size(); ++at) {
    RC_ASSERT(!decode_request(payload.first(at)).ok());
    ByteVector changed{payload.begin(), payload.end()};
    changed[at] ^= change;
    RC_ASSERT(is_message_or_error(decode_request(changed)));
  }
}

RC_GTEST_PROP(ProtocolProperties, ADamagedResponseIsRefusedOrIsAnother, ()) {
  std::deque<ByteVector> records;
  const RequestHeader header = any_header_of_any_version();
  const ByteVector frame = encode_response(header, any_message<Response>(header, records));
  const ByteSpan payload = payload_of(frame);
  const Byte change = any_change();
  for (std::size_t at = 0; at < payload.size(); ++at) {
    RC_ASSERT(!decode_response(header, payload.first(at)).ok());
    ByteVector changed{payload.begin(), payload.end()};
    changed[at] ^= change;
    RC_ASSERT(is_message_or_error(header, decode_response(header, changed)));
  }
}

RC_GTEST_PROP(ProtocolProperties, AnyBytesBehindAHeaderAreReadAsABodyOrRefused, ()) {
  for (const RequestHeader& header : all_headers()) {
    const ByteVector body = any_bytes();
    ByteReader request{body};
    RC_ASSERT(is_message_or_error(header, decode_request_body(header, request)));

    ByteVector response(4);  // the correlation id
    response.insert(response.end(), body.begin(), body.end());
    RC_ASSERT(is_message_or_error(header, decode_response(header, response)));
  }
}

}  // namespace
}  // namespace linger::core
