#include "viz/record_bytes_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/message_set.h"
#include "core/record_batch.h"
#include "walk_fixture.h"

namespace linger::viz {
namespace {

core::ByteVector bytes_of_text(std::string_view text) {
  return {text.begin(), text.end()};
}

std::string value_of(const std::vector<ByteField>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &ByteField::name);
  return found == fields.end() ? "not there" : found->value;
}

// Fields follow one another, and all bytes of the record are some field's.
void expect_no_gap(const std::vector<ByteField>& fields, std::int64_t begin, std::int64_t end) {
  for (const ByteField& field : fields) {
    EXPECT_EQ(field.offset, begin) << field.name;
    begin += field.size;
  }
  EXPECT_EQ(begin, end);
}

TEST(RecordFields, ARecordIsReadFieldByField) {
  const core::ByteVector key = bytes_of_text("k");
  const core::ByteVector value = bytes_of_text("hello");
  core::RecordView record;
  record.key = key;
  record.value = value;
  const std::vector<core::RecordHeader> headers{{"trace", key}};
  core::ByteVector bytes;
  core::append_record(bytes, 0, 0, record);
  const auto begin = static_cast<std::int64_t>(bytes.size());
  record.headers = headers;
  core::append_record(bytes, 1, 300, record);

  const std::vector<ByteField> fields = record_fields(core::Magic::V2, bytes, 1);
  EXPECT_EQ(value_of(fields, "timestamp delta"), "300");
  EXPECT_EQ(value_of(fields, "offset delta"), "1");
  EXPECT_EQ(value_of(fields, "key"), "1 B \"k\"");
  EXPECT_EQ(value_of(fields, "value"), "5 B \"hello\"");
  EXPECT_EQ(value_of(fields, "headers"), "1");
  EXPECT_EQ(value_of(fields, "header key"), "5 B \"trace\"");
  const auto told = std::ranges::find(fields, "value", &ByteField::name);
  EXPECT_EQ(told->hex, "68 65 6c 6c 6f");
  expect_no_gap(fields, begin, static_cast<std::int64_t>(bytes.size()));
}

TEST(RecordFields, WhatIsNullHasNoBytes) {
  core::ByteVector bytes;
  core::append_record(bytes, 0, 0, core::RecordView{});
  const std::vector<ByteField> fields = record_fields(core::Magic::V2, bytes, 0);
  EXPECT_EQ(value_of(fields, "key length"), "null");
  EXPECT_EQ(value_of(fields, "key"), "not there");
  expect_no_gap(fields, 0, static_cast<std::int64_t>(bytes.size()));
}

TEST(RecordFields, AMessageOfAnOldFormatHasFieldsOfFixedWidth) {
  const core::ByteVector value = bytes_of_text("hello");
  core::RecordView record;
  record.value = value;
  record.timestamp = 1'000;
  for (const core::Magic magic : {core::Magic::V0, core::Magic::V1}) {
    const auto size = static_cast<std::size_t>(core::message_size(magic, record).count());
    core::ByteVector bytes(2 * size);
    core::write_message(core::write_message(bytes.data(), magic, 0, record), magic, 1, record);
    const std::vector<ByteField> fields = record_fields(magic, bytes, 1);
    EXPECT_EQ(value_of(fields, "offset"), "1");
    EXPECT_EQ(value_of(fields, "magic"), magic == core::Magic::V0 ? "0" : "1");
    EXPECT_EQ(value_of(fields, "timestamp"), magic == core::Magic::V0 ? "not there" : "1000");
    EXPECT_EQ(value_of(fields, "key length"), "null");
    EXPECT_EQ(value_of(fields, "value"), "5 B \"hello\"");
    expect_no_gap(fields, static_cast<std::int64_t>(size), static_cast<std::int64_t>(2 * size));
  }
}

TEST(RecordFields, BytesThatEndTooEarlyEndTheFields) {
  const core::ByteVector value = bytes_of_text("hello");
  core::RecordView record;
  record.value = value;
  core::ByteVector bytes;
  core::append_record(bytes, 0, 0, record);
  const std::size_t whole = record_fields(core::Magic::V2, bytes, 0).size();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_LT(record_fields(core::Magic::V2, core::ByteSpan{bytes}.subspan(0, size), 0).size(),
              whole);
  }
  EXPECT_TRUE(record_fields(core::Magic::V2, bytes, 1).empty());
}

TEST(RecordBytesView, ARecordIsReadInItsBufferAndThenInTheLog) {
  ViewerState state = viewer_at(kLinger, 3ms);
  handle(state, Select{core::RecordId{2}});
  const RecordBytesView filling = record_bytes_view(scene(state));
  EXPECT_EQ(filling.from, "in the buffer of b0");
  EXPECT_EQ(value_of(filling.fields, "offset delta"), "2");

  handle(state, SeekTime{at(6ms)});
  EXPECT_EQ(value_of(record_bytes_view(scene(state)).fields, "offset delta"), "2");
  handle(state, ToEnd{});
  const RecordBytesView stored = record_bytes_view(scene(state));
  EXPECT_EQ(stored.from, "in the log of orders-0");
  EXPECT_EQ(value_of(stored.fields, "offset delta"), "2");
  EXPECT_EQ(value_of(stored.fields, "value"), value_of(filling.fields, "value"));
}

TEST(RecordBytesView, CompressedRecordsAreReadUncompressed) {
  for (const char* era : {"3.9", "0.10.2"}) {
    std::string toml{kLinger};
    toml.replace(toml.find("linger.ms = 5"), 13, "linger.ms = 5\ncompression.type = \"gzip\"");
    ViewerState state = viewer_of("era = \"" + std::string{era} + "\"\n" + toml);
    handle(state, SeekTime{at(2500us)});
    handle(state, Select{core::RecordId{1}});
    EXPECT_TRUE(record_bytes_view(scene(state)).fields.empty());
    handle(state, ToEnd{});
    const RecordBytesView stored = record_bytes_view(scene(state));
    EXPECT_TRUE(stored.from.ends_with(", uncompressed")) << era << ": " << stored.from;
    EXPECT_EQ(value_of(stored.fields, std::string_view{era} == "3.9" ? "offset delta" : "offset"),
              "1")
        << era;
  }
}

TEST(RecordBytesView, AWalkToAndFroShowsWhatAFreshRunShowsThere) {
  for (const std::string_view toml : {kRetry, kDuplicates}) {
    expect_a_walk_shows_what_a_fresh_run_shows(
        toml, [](const ViewerState& state) { return record_bytes_view(scene(state)); });
  }
}

}  // namespace
}  // namespace linger::viz
