#include "core/message_set.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/byte_writer.h"
#include "core/crc32.h"
#include "core/record_format.h"
#include "support/hex.h"

namespace linger::core::message_set_test {
namespace {

// Written by the real classes: k=v; then (no key)=value-2, 5 ms later.
constexpr std::string_view kOne =
    "00000000000000000000001839268c3301000000018bcfe56800000000016b0000000176";
constexpr std::string_view kTwo =
    "00000000000000000000001839268c3301000000018bcfe56800000000016b0000000176"
    "00000000000000010000001d9456eae401000000018bcfe56805ffffffff0000000776616c75652d32";
constexpr std::string_view kWrapped =
    "000000000000000100000059292a73e901010000018bcfe56805ffffffff000000431f8b08000000000000ff6360"
    "8003094bb51e63462083b1fbfcd30c90086336882883ca83a464a784bd7a0257c3fa1f08801cf6b2c49cd2545d23"
    "005447424c4d000000";
constexpr std::int64_t kTimestamp = 1'700'000'000'000;

ByteVector bytes_in(std::string_view text) {
  return {text.begin(), text.end()};
}
Record first() {
  return {kTimestamp, bytes_in("k"), bytes_in("v"), {}};
}
Record second() {
  return {kTimestamp + 5, std::nullopt, bytes_in("value-2"), {}};
}
Record record_of(std::size_t key, std::size_t value) {
  return {0, ByteVector(key, Byte{'k'}), ByteVector(value, Byte{'v'}), {}};
}

ByteVector set_of(const std::vector<Record>& records, Magic magic = Magic::V1) {
  ByteVector set;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const RecordView record = records[i].view();
    const std::size_t before = set.size();
    set.resize(before + static_cast<std::size_t>(message_size(magic, record).count()));
    write_message(set.data() + before, magic, static_cast<std::int64_t>(i), record);
  }
  return set;
}

ByteVector wrapped(const std::vector<Record>& records, CompressionType type, Magic magic) {
  ByteVector set(static_cast<std::size_t>(wrapper_size(magic).count()));
  const ByteVector inside = compress(compression_of(type), magic, set_of(records, magic));
  set.insert(set.end(), inside.begin(), inside.end());
  write_wrapper(set, {magic, type, static_cast<std::int64_t>(records.size()) - 1, kTimestamp + 5});
  return set;
}

std::vector<std::int64_t> offsets(ByteSpan set) {
  const auto decoded = decode_message_set(set);
  std::vector<std::int64_t> found;
  for (const OffsetRecord& record : *decoded) found.push_back(record.offset);
  return found;
}

TEST(Crc32, IsTheChecksumOfZip) {
  EXPECT_EQ(crc32(bytes_of("123456789")), 0xCBF43926);
  EXPECT_EQ(crc32({}), 0u);
}

// --- Sizes ---

TEST(MessageSize, AddsAFixedOverheadToKeyAndValue) {
  EXPECT_EQ(message_size(Magic::V1, record_of(3, 5).view()), Bytes{42});
  EXPECT_EQ(message_size(Magic::V1, record_of(10, 100).view()), Bytes{144});
  EXPECT_EQ(message_size(Magic::V1, record_of(0, 1'048'542).view()), Bytes{1'048'576});
  EXPECT_EQ(message_size(Magic::V1, Record{}.view()), Bytes{34}) << "nulls take nothing";
}

TEST(MessageSize, WithoutATimestampIsEightBytesLess) {
  EXPECT_EQ(message_size(Magic::V0, record_of(3, 5).view()), Bytes{34});
}

TEST(RecordFormat, WithACodecTheUpperBoundCountsTheWrapper) {
  const Record record = record_of(3, 5);
  RecordFormat format{.magic = Magic::V1};
  EXPECT_EQ(batch_size_upper_bound(format, record.view()), Bytes{42});
  format.compression = compression_of(CompressionType::Gzip);
  EXPECT_EQ(batch_size_upper_bound(format, record.view()), Bytes{64});
  format.magic = Magic::V2;
  EXPECT_EQ(batch_size_upper_bound(format, record.view()), Bytes{93});
}

TEST(RecordFormat, Before011TheWrapperDidNotCount) {
  const RecordFormat format{.magic = Magic::V1,
                            .compression = compression_of(CompressionType::Gzip),
                            .counts_header = false};
  EXPECT_EQ(batch_size_upper_bound(format, record_of(3, 5).view()), Bytes{42});
}

TEST(RecordFormat, BeforeTheRecordsStandsAHeaderOrAWrapperOrNothing) {
  const Compression gzip = compression_of(CompressionType::Gzip);
  EXPECT_EQ(header_size(RecordFormat{}), Bytes{61});
  EXPECT_EQ(header_size(RecordFormat{Magic::V2, gzip}), Bytes{61});
  EXPECT_EQ(header_size(RecordFormat{Magic::V1, {}}), Bytes{0});
  EXPECT_EQ(header_size(RecordFormat{Magic::V1, gzip}), Bytes{34});
  EXPECT_EQ(header_size(RecordFormat{Magic::V0, gzip}), Bytes{26});
}

// --- Bytes ---

TEST(MessageSet, IsWrittenAsKafkaWritesIt) {
  EXPECT_EQ(hex_of(set_of({first()})), kOne);
  EXPECT_EQ(hex_of(set_of({first(), second()})), kTwo);
}

TEST(MessageSet, IsReadAsKafkaWritesIt) {
  const auto two = decode_message_set(from_hex(kTwo));
  ASSERT_TRUE(two.ok());
  EXPECT_EQ(*two, (std::vector<OffsetRecord>{{0, first()}, {1, second()}}));
}

TEST(MessageSet, IsReadOutOfKafkasWrapper) {
  const auto two = decode_message_set(from_hex(kWrapped));
  ASSERT_TRUE(two.ok()) << two.error().text();
  EXPECT_EQ(*two, (std::vector<OffsetRecord>{{0, first()}, {1, second()}}));
}

TEST(MessageSet, TheWrapperTellsTheLastOffsetAndTheLargestTimestamp) {
  const ByteVector set = wrapped({first(), second()}, CompressionType::Gzip, Magic::V1);
  MessageSetReader reader{set};
  const std::optional<Message> wrapper = reader.next();
  ASSERT_TRUE(wrapper.has_value());
  EXPECT_TRUE(wrapper->is_intact);
  EXPECT_EQ(wrapper->offset, 1);
  EXPECT_EQ(wrapper->record.timestamp, kTimestamp + 5);
  EXPECT_EQ(wrapper->compression_codec(), 1);
  EXPECT_FALSE(wrapper->record.key.has_value());
  EXPECT_EQ(wrapper->size, Bytes{static_cast<std::int64_t>(set.size())});
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_TRUE(reader.ok());
}

TEST(MessageSet, EveryCodecReadsBackInBothFormats) {
  for (const CompressionType type :
       {CompressionType::Gzip, CompressionType::Snappy, CompressionType::Lz4}) {
    EXPECT_EQ(*decode_message_set(wrapped({first(), second()}, type, Magic::V1)),
              (std::vector<OffsetRecord>{{0, first()}, {1, second()}}));
    const auto old = decode_message_set(wrapped({first(), second()}, type, Magic::V0));
    ASSERT_TRUE(old.ok());
    EXPECT_EQ(old->at(1).record.value, second().value);
    EXPECT_EQ(old->at(1).record.timestamp, -1) << "format 0 has none";
  }
}

// --- Offsets ---

TEST(MessageSet, ABrokerSetsEachOffset) {
  ByteVector set = set_of({first(), second()});
  assign_offsets(set, 40);
  EXPECT_EQ(offsets(set), (std::vector<std::int64_t>{40, 41}));
}

TEST(MessageSet, OfAWrapperOnlyTheLastOffsetIsSet) {
  ByteVector set = wrapped({first(), second(), first()}, CompressionType::Gzip, Magic::V1);
  const ByteVector before = set;
  assign_offsets(set, 40);
  EXPECT_EQ(offsets(set), (std::vector<std::int64_t>{40, 41, 42}));
  EXPECT_TRUE(std::equal(set.begin() + 8, set.end(), before.begin() + 8));
}

TEST(MessageSet, AsOneBatchItHasCountOffsetsAndTimestamps) {
  ByteVector set = wrapped({first(), second()}, CompressionType::Lz4, Magic::V1);
  assign_offsets(set, 7);
  const RecordBatchHeader header = summarize_message_set(set).value();
  EXPECT_EQ(header.magic, Magic::V1);
  EXPECT_EQ(header.base_offset, 7);
  EXPECT_EQ(header.last_offset(), 8);
  EXPECT_EQ(header.record_count, 2);
  EXPECT_EQ(header.compression_codec(), 3);
  EXPECT_EQ(header.max_timestamp, kTimestamp + 5);
  EXPECT_EQ(header.size(), Bytes{static_cast<std::int64_t>(set.size())});
  EXPECT_FALSE(header.producer_id_and_epoch.is_valid());
}

// --- What is no message set ---

TEST(MessageSet, CutOffAnywhereButBetweenMessagesItIsAnError) {
  const ByteVector set = from_hex(kTwo);
  for (std::size_t size = 1; size < set.size(); ++size) {
    EXPECT_EQ(decode_message_set(ByteSpan{set}.first(size)).ok(), size == 36) << size;
  }
}

TEST(MessageSet, AChangedByteIsAnErrorButInTheOffset) {
  for (const std::string_view hex : {kOne, kWrapped}) {
    const ByteVector set = from_hex(hex);
    for (std::size_t at = 0; at < set.size(); ++at) {
      ByteVector changed = set;
      changed[at] ^= 0x10;
      EXPECT_EQ(decode_message_set(changed).ok(), at < 8) << at;
    }
  }
}

TEST(MessageSet, AnEmptySetIsNoBatch) {
  EXPECT_TRUE(decode_message_set({}).value().empty());
  EXPECT_EQ(summarize_message_set({}).error().what, "there is no message");
}

TEST(MessageSet, AWrapperHoldsMessagesOfItsOwnFormat) {
  ByteVector set(34);
  const ByteVector inside =
      compress(compression_of(CompressionType::Gzip), Magic::V1, set_of({first()}, Magic::V0));
  set.insert(set.end(), inside.begin(), inside.end());
  write_wrapper(set, {Magic::V1, CompressionType::Gzip, 0, 0});
  EXPECT_EQ(decode_message_set(set).error().what,
            "a message that does not belong into this wrapper");
}

TEST(MessageSet, AWrapperWithNothingInItIsAnError) {
  const ByteVector empty = wrapped({}, CompressionType::Gzip, Magic::V1);
  EXPECT_EQ(decode_message_set(empty).error().what, "a wrapper with nothing in it");

  ByteVector null(static_cast<std::size_t>(wrapper_size(Magic::V1).count()));
  write_wrapper(null, {Magic::V1, CompressionType::Gzip, 0, 0});
  store(null.data() + null.size() - 4, std::int32_t{-1});
  const std::uint32_t checksum = crc32(ByteSpan{null}.subspan(16));
  store(null.data() + 12, checksum);
  EXPECT_EQ(decode_message_set(null).error().what, "a wrapper with nothing in it");
}

TEST(MessageSet, AWrapperWithoutAnOffsetLeavesThoseInside) {
  ByteVector set = wrapped({first(), second()}, CompressionType::Gzip, Magic::V1);
  store(set.data(), std::int64_t{0});
  const auto records = decode_message_set(set);
  ASSERT_TRUE(records.ok());
  EXPECT_EQ(records->at(0).offset, 0);
  EXPECT_EQ(records->at(1).offset, 1);
}

TEST(MessageSet, AWrapperWithAnOffsetBelowThoseInsideIsAnError) {
  ByteVector set = wrapped({first(), second(), second()}, CompressionType::Gzip, Magic::V1);
  store(set.data(), std::int64_t{1});
  EXPECT_EQ(decode_message_set(set).error().what,
            "a wrapper whose offset is less than what it holds");
}

TEST(MessageSet, ABrokerSetsItsOwnTimeOnEachMessageOrOnTheWrapper) {
  constexpr std::int64_t kAppended = 1'700'000'000'123;
  for (const CompressionType type : {CompressionType::None, CompressionType::Gzip}) {
    ByteVector set = type == CompressionType::None
                         ? set_of({first(), second()})
                         : wrapped({first(), second()}, type, Magic::V1);
    set_log_append_time_of_set(set, kAppended);
    const auto records = decode_message_set(set);
    ASSERT_TRUE(records.ok()) << "the checksums are the new ones";
    ASSERT_EQ(records->size(), 2u);
    for (const OffsetRecord& one : *records) EXPECT_EQ(one.record.timestamp, kAppended);
  }
}

}  // namespace
}  // namespace linger::core::message_set_test
