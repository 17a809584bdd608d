#include "core/record_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_writer.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/crc32c.h"
#include "core/record.h"
#include "support/hex.h"

namespace linger::core::record_batch_test {
namespace {

constexpr std::int64_t kTimestamp = 1'700'000'000'000;

constexpr std::string_view kPlainBatch =
    "00000000000000000000003affffffff02e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffff"
    "ffffffffffffffffffffff0000000110000000026b027600";
constexpr std::string_view kTransactionalBatch =
    "00000000000000000000003affffffff02890f82a60010000000000000018bcfe568000000018bcfe56800000000"
    "00000003e80003000000000000000110000000026b027600";
constexpr std::string_view kIdempotentBatch =
    "00000000000000000000004cffffffff023fecfdf40000000000010000018bcfe568000000018bcfe56805000000"
    "00000003e80003000000070000000210000000026b02760022000a02010e76616c75652d320202680278";
constexpr std::string_view kCommitMarker =
    "000000000000000a000000420000000402f01af5600030000000000000018bcfe568000000018bcfe56800000000"
    "00000003e80003ffffffff000000012000000008000000010c00000000000200";
constexpr std::string_view kAbortMarker =
    "000000000000000a000000420000000402042423280030000000000000018bcfe568000000018bcfe56800000000"
    "00000003e80003ffffffff000000012000000008000000000c00000000000200";

ByteVector bytes_in(std::string_view text) {
  return {text.begin(), text.end()};
}

Record record_of(std::optional<std::string_view> key, std::optional<std::string_view> value,
                 std::int64_t timestamp = kTimestamp) {
  Record record;
  record.timestamp = timestamp;
  if (key) record.key = bytes_in(*key);
  if (value) record.value = bytes_in(*value);
  return record;
}

// A record whose key and value have these lengths; -1 is null.
struct Lengths {
  int key = -1;
  int value = -1;
};
Record record_of(Lengths lengths, std::int64_t timestamp = 0) {
  Record record;
  record.timestamp = timestamp;
  if (lengths.key >= 0) record.key = ByteVector(static_cast<std::size_t>(lengths.key));
  if (lengths.value >= 0) record.value = ByteVector(static_cast<std::size_t>(lengths.value));
  return record;
}

// The batch of these records, whatever `header` says of counts and times.
ByteVector batch_of(RecordBatchHeader header, const std::vector<Record>& records) {
  ByteVector batch(kRecordBatchHeaderSize);
  header.base_timestamp = header.max_timestamp = records.front().timestamp;
  for (const Record& record : records) {
    append_record(batch, header.record_count, record.timestamp - header.base_timestamp,
                  record.view());
    header.max_timestamp = std::max(header.max_timestamp, record.timestamp);
    ++header.record_count;
  }
  header.last_offset_delta = header.record_count - 1;
  write_batch_header(batch, header);
  return batch;
}

// The header that decoding gives: with what was found out when writing.
void expect_batch(std::string_view hex, const RecordBatchHeader& header,
                  const std::vector<Record>& records) {
  EXPECT_EQ(hex_of(batch_of(header, records)), hex);

  const Decoded<RecordBatch> decoded = decode_batch(from_hex(hex));
  ASSERT_TRUE(decoded.ok()) << decoded.error().text();
  const RecordBatchHeader& read = decoded.value().header;
  EXPECT_EQ(read.size(), Bytes{static_cast<std::int64_t>(hex.size() / 2)});
  EXPECT_EQ(read.base_offset, header.base_offset);
  EXPECT_EQ(read.partition_leader_epoch, header.partition_leader_epoch);
  EXPECT_EQ(read.attributes, header.attributes);
  EXPECT_EQ(read.producer_id_and_epoch, header.producer_id_and_epoch);
  EXPECT_EQ(read.base_sequence, header.base_sequence);
  EXPECT_EQ(read.base_timestamp, records.front().timestamp);
  EXPECT_EQ(read.record_count, static_cast<std::int32_t>(records.size()));
  EXPECT_EQ(decoded.value().records, records);
}

const RecordBatchHeader kIdempotentHeader{.producer_id_and_epoch = {1000, 3}, .base_sequence = 7};

std::vector<Record> two_records() {
  Record second = record_of(std::nullopt, "value-2", kTimestamp + 5);
  second.headers = {{"h", bytes_in("x")}};
  return {record_of("k", "v"), second};
}

// --- Sizes ---

TEST(RecordSize, ARecordOfAByteEachTakesNineAndItsBatch70) {
  const Record record = record_of(Lengths{1, 1});
  EXPECT_EQ(record_body_size(0, 0, record.view()), 8);
  EXPECT_EQ(record_size(0, 0, record.view()), Bytes{9});
  EXPECT_EQ(kRecordBatchOverhead + record_size(0, 0, record.view()), Bytes{70});
}

TEST(RecordSize, CountsKeyValueAndHeadersWithTheirLengths) {
  EXPECT_EQ(record_size(0, 0, record_of(Lengths{10, 100}).view()), Bytes{119});
  EXPECT_EQ(record_size(1, 70, record_of(Lengths{-1, 200}).view()), Bytes{210});
  Record with_header = record_of(Lengths{64, -1});
  with_header.headers = {{"trace", bytes_in("abc")}};
  EXPECT_EQ(record_size(2, 8000, with_header.view()), Bytes{84});
  with_header.headers = {{"trace", std::nullopt}};
  EXPECT_EQ(record_size(2, 8000, with_header.view()), Bytes{81});
}

TEST(RecordSize, GrowsByAByteAtOffsetDelta64AndAnotherAt8192) {
  const Record record = record_of(Lengths{3, 5});
  EXPECT_EQ(record_size(63, 0, record.view()), Bytes{15});
  EXPECT_EQ(record_size(64, 0, record.view()), Bytes{16});
  EXPECT_EQ(record_size(8191, 0, record.view()), Bytes{16});
  EXPECT_EQ(record_size(8192, 0, record.view()), Bytes{17});
}

TEST(RecordSize, ATimestampBeforeTheFirstCostsTwoBytesFrom65MillisecondsOn) {
  const Record record = record_of(Lengths{3, 5});
  EXPECT_EQ(record_size(0, -64, record.view()), Bytes{15});
  EXPECT_EQ(record_size(0, -65, record.view()), Bytes{16});
  EXPECT_EQ(record_size(0, -1000, record.view()), Bytes{16});
}

// How many equal records fit into a batch of this size, and the bytes they take.
struct Fit {
  int records = 0;
  std::int64_t bytes = 61;
  friend bool operator==(const Fit&, const Fit&) = default;
};
Fit fit_of(Lengths lengths, std::int64_t batch_size) {
  const Record record = record_of(lengths);
  Fit fit;
  while (true) {
    const std::int64_t next = record_size(fit.records, 0, record.view()).count();
    if (fit.bytes + next > batch_size) return fit;
    fit.bytes += next;
    ++fit.records;
  }
}

TEST(RecordSize, TellsHowManyRecordsABatchHolds) {
  EXPECT_EQ(fit_of({-1, 100}, 16'384), (Fit{148, 16'277}));
  EXPECT_EQ(fit_of({3, 5}, 16'384), (Fit{1024, 16'381}));
  EXPECT_EQ(fit_of({3, 5}, 1024), (Fit{64, 1021}));
  EXPECT_EQ(fit_of({3, 5}, 106), (Fit{3, 106}));
}

TEST(RecordSize, TheUpperBoundTakesEveryVaryingVarintAtItsLongest) {
  EXPECT_EQ(batch_size_upper_bound(record_of(Lengths{3, 5}).view()), Bytes{93});
  EXPECT_EQ(batch_size_upper_bound(record_of(Lengths{-1, 5}).view()), Bytes{90});
  EXPECT_EQ(batch_size_upper_bound(record_of(Lengths{-1, 100}).view()), Bytes{186});
  EXPECT_EQ(batch_size_upper_bound(record_of(Lengths{-1, 20'000}).view()), Bytes{20'087});
}

TEST(RecordSize, TheLargestValueUnderTheDefaultMaxRequestSizeMakesAShorterBatch) {
  const Record record = record_of(Lengths{-1, 1'048'489});
  EXPECT_EQ(batch_size_upper_bound(record.view()), Bytes{1'048'576});
  EXPECT_EQ(kRecordBatchOverhead + record_size(0, 0, record.view()), Bytes{1'048'561});
}

// --- Batches ---

TEST(RecordBatch, OfAPlainProducerHasNoProducerIdAndNoSequence) {
  expect_batch(kPlainBatch, {}, {record_of("k", "v")});
}

TEST(RecordBatch, OfATransactionIsMarkedInItsAttributes) {
  expect_batch(
      kTransactionalBatch,
      {.attributes = kTransactionalFlag, .producer_id_and_epoch = {1000, 3}, .base_sequence = 0},
      {record_of("k", "v")});
}

TEST(RecordBatch, OfSeveralRecordsCountsOffsetsAndTimesFromTheFirst) {
  expect_batch(kIdempotentBatch, kIdempotentHeader, two_records());
}

TEST(RecordBatch, AMarkerIsAControlBatchWithoutASequence) {
  const RecordBatchHeader header{.base_offset = 10,
                                 .partition_leader_epoch = 4,
                                 .attributes = kTransactionalFlag | kControlFlag,
                                 .producer_id_and_epoch = {1000, 3},
                                 .base_sequence = -1};
  Record marker;
  marker.timestamp = kTimestamp;
  marker.value = from_hex("000000000002");  // version, coordinator epoch
  marker.key = from_hex("00000001");        // version, commit
  expect_batch(kCommitMarker, header, {marker});
  marker.key = from_hex("00000000");  // version, abort
  expect_batch(kAbortMarker, header, {marker});
}

TEST(RecordBatch, ARecordCanBeWrittenWhereThereIsRoomForIt) {
  const std::vector<Record> records = two_records();
  ByteVector appended;
  append_record(appended, 1, 5, records[1].view());

  ByteVector written(static_cast<std::size_t>(record_size(1, 5, records[1].view()).count()));
  const Byte* end = write_record(written.data(), 1, 5, records[1].view());

  EXPECT_EQ(end, written.data() + written.size());
  EXPECT_EQ(written, appended);
}

TEST(RecordBatch, TheHeaderTellsWhatTheAttributesMean) {
  const RecordBatchHeader header{.attributes = 0x04 | kLogAppendTimeFlag | kControlFlag};
  EXPECT_EQ(header.compression_codec(), 4);
  EXPECT_TRUE(header.is_log_append_time());
  EXPECT_FALSE(header.is_transactional());
  EXPECT_TRUE(header.is_control());
}

TEST(RecordBatch, TheLastSequenceStartsAgainAtZero) {
  constexpr std::int32_t kLast = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ((RecordBatchHeader{.last_offset_delta = 1, .base_sequence = kLast - 1}).last_sequence(),
            kLast);
  EXPECT_EQ((RecordBatchHeader{.last_offset_delta = 2, .base_sequence = kLast - 1}).last_sequence(),
            0);
  EXPECT_EQ((RecordBatchHeader{.last_offset_delta = 2, .base_sequence = -1}).last_sequence(), -1);
}

// --- What a broker changes ---

TEST(RecordBatch, ABrokerSetsOffsetAndLeaderEpochWithoutTouchingTheChecksum) {
  ByteVector batch = from_hex(kIdempotentBatch);
  set_base_offset(batch, 42);
  set_partition_leader_epoch(batch, 9);

  const Decoded<RecordBatch> decoded = decode_batch(batch);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value().header.base_offset, 42);
  EXPECT_EQ(decoded.value().header.last_offset(), 43);
  EXPECT_EQ(decoded.value().header.partition_leader_epoch, 9);
  EXPECT_EQ(hex_of(batch).substr(32), kIdempotentBatch.substr(32));
}

TEST(RecordBatch, WithLogAppendTimeEveryRecordTellsTheBrokersTime) {
  ByteVector batch = from_hex(kIdempotentBatch);
  set_log_append_time(batch, kTimestamp + 1000);

  const Decoded<RecordBatch> decoded = decode_batch(batch);
  ASSERT_TRUE(decoded.ok()) << decoded.error().text();
  EXPECT_TRUE(decoded.value().header.is_log_append_time());
  EXPECT_EQ(decoded.value().header.max_timestamp, kTimestamp + 1000);
  EXPECT_NE(hex_of(batch).substr(34, 8), kIdempotentBatch.substr(34, 8));
  for (const Record& record : decoded.value().records) {
    EXPECT_EQ(record.timestamp, kTimestamp + 1000);
  }
}

// --- Reading what cannot be trusted ---

// As from_hex, with a checksum that fits whatever was put into it.
ByteVector resealed(ByteVector batch) {
  store(batch.data() + 17, crc32c(ByteSpan{batch}.subspan(21)));
  return batch;
}

TEST(RecordBatch, AChangedByteIsSeenByTheChecksum) {
  ByteVector batch = from_hex(kPlainBatch);
  batch.back() ^= 1;
  const Decoded<RecordBatch> decoded = decode_batch(batch);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().text(), "the checksum does not match at byte 17");
}

TEST(RecordBatch, OneThatIsCutOffIsAnError) {
  ByteVector batch = from_hex(kPlainBatch);
  batch.pop_back();
  EXPECT_EQ(decode_batch_header(batch).error().what, "the batch is cut off");
}

TEST(RecordBatch, OneShorterThanItsHeaderIsAnError) {
  ByteVector batch = from_hex(kPlainBatch);
  store(batch.data() + 8, std::int32_t{48});
  EXPECT_EQ(decode_batch_header(batch).error().what, "the batch is shorter than its header");
  store(batch.data() + 8, std::int32_t{-1});
  EXPECT_EQ(decode_batch_header(batch).error().what, "the batch is shorter than its header");
}

TEST(RecordBatch, OnlyFormat2IsReadHere) {
  ByteVector batch = from_hex(kPlainBatch);
  batch[16] = 1;
  EXPECT_EQ(decode_batch_header(batch).error().what, "the magic is not 2");
}

TEST(RecordBatch, ACountThatIsNotThatOfTheRecordsIsAnError) {
  ByteVector batch = from_hex(kPlainBatch);
  store(batch.data() + 57, std::int32_t{2});
  EXPECT_EQ(decode_batch(resealed(batch)).error().what,
            "the last offset delta does not fit the count of records");

  store(batch.data() + 23, std::int32_t{1});
  EXPECT_EQ(decode_batch(resealed(batch)).error().what, "the bytes end within a number");

  ByteVector two = from_hex(kIdempotentBatch);
  store(two.data() + 57, std::int32_t{1});
  store(two.data() + 23, std::int32_t{0});
  EXPECT_EQ(decode_batch(resealed(two)).error().text(), "bytes are left over at byte 70");

  store(two.data() + 57, std::int32_t{-1});
  store(two.data() + 23, std::int32_t{-2});
  EXPECT_EQ(decode_batch(resealed(two)).error().what, "a negative count of records");
}

TEST(RecordBatch, ALengthWithinARecordIsHeldAgainstTheRecordsOwn) {
  ByteVector batch = from_hex(kPlainBatch);
  batch[65] = 0x7E;  // a key of 63 bytes in a record of 8
  EXPECT_EQ(decode_batch(resealed(batch)).error().text(), "fewer bytes than announced at byte 66");
}

// Where the lengths of the second record of kIdempotentBatch stand, and what is wrong with each.
struct Damage {
  std::size_t at;
  Byte byte;  // as a zigzag varint: 1 is -1
  const char* error;
};
class DamagedRecord : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedRecord, IsAnError) {
  ByteVector batch = from_hex(kIdempotentBatch);
  batch[GetParam().at] = GetParam().byte;
  const Decoded<RecordBatch> decoded = decode_batch(resealed(batch));
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().what, GetParam().error);
}
constexpr const char* kTooFew = "fewer bytes than announced";
constexpr const char* kNull = "null where a value must be";
constexpr const char* kLeftOver = "bytes are left over";
constexpr const char* kEndsWithin = "the bytes end within a number";
INSTANTIATE_TEST_SUITE_P(Lengths, DamagedRecord,
                         ::testing::Values(Damage{70, 0x7E, kTooFew},      // the record
                                           Damage{70, 0x01, kNull},        //
                                           Damage{74, 0x7E, kTooFew},      // its key
                                           Damage{75, 0x7E, kTooFew},      // its value
                                           Damage{83, 0x00, kLeftOver},    // how many headers
                                           Damage{83, 0x04, kEndsWithin},  //
                                           Damage{83, 0x01, kNull},        //
                                           Damage{84, 0x7E, kTooFew},      // a header's key
                                           Damage{84, 0x01, kNull},        //
                                           Damage{86, 0x7E, kTooFew}));    // a header's value

TEST(RecordBatch, RecordsThatTheCodecDoesNotKnowAreAnError) {
  ByteVector batch = from_hex(kPlainBatch);
  batch[22] = 1;
  EXPECT_TRUE(decode_checked_batch_header(resealed(batch)).ok());
  EXPECT_EQ(decode_batch(resealed(batch)).error().what, "not a gzip stream");
  batch[22] = 5;
  EXPECT_EQ(decode_batch(resealed(batch)).error().what, "an unknown codec");
}

TEST(RecordBatch, SeveralStandBehindOneAnother) {
  ByteVector log = from_hex(kPlainBatch);
  const ByteVector second = from_hex(kIdempotentBatch);
  log.insert(log.end(), second.begin(), second.end());

  const Decoded<std::vector<ByteSpan>> batches = split_batches(log);
  ASSERT_TRUE(batches.ok());
  ASSERT_EQ(batches.value().size(), 2u);
  EXPECT_EQ(hex_of(batches.value()[0]), kPlainBatch);
  EXPECT_EQ(hex_of(batches.value()[1]), kIdempotentBatch);
  EXPECT_EQ(decode_checked_batch_header(log).error().text(), "bytes are left over at byte 70");

  log.pop_back();
  EXPECT_EQ(split_batches(log).error().text(), "the batch is cut off at byte 82");
  EXPECT_TRUE(split_batches({}).value().empty());
}

TEST(RecordBatch, ItsRecordsCanBeReadWithoutCopyingThem) {
  const ByteVector batch = from_hex(kIdempotentBatch);
  const RecordBatchHeader header = decode_batch_header(batch).value();
  RecordReader reader{header, ByteSpan{batch}.subspan(kRecordBatchHeaderSize)};

  const std::optional<RecordView> first = reader.next();
  ASSERT_TRUE(first && first->key && first->value);
  EXPECT_EQ(first->key->data(), batch.data() + 66);
  EXPECT_EQ(text_of(*first->value), "v");

  const std::optional<RecordView> second = reader.next();
  ASSERT_TRUE(second && second->value);
  EXPECT_FALSE(second->key);
  EXPECT_EQ(second->timestamp, kTimestamp + 5);
  ASSERT_EQ(second->headers.size(), 1u);
  EXPECT_EQ(second->headers[0], (RecordHeader{"h", bytes_in("x")}));

  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.ok());
}

TEST(RecordBatch, WithoutRoomForItsHeaderNothingIsWritten) {
  ByteVector batch(60);
  EXPECT_THROW(write_batch_header(batch, {}), CheckFailure);
}

}  // namespace
}  // namespace linger::core::record_batch_test
