#include "sim/readable.h"

#include <gtest/gtest.h>

namespace linger::sim {
namespace {

using namespace std::chrono_literals;

TEST(Readable, AQuotientHasOneRoundedDecimal) {
  EXPECT_EQ(quotient_text(0, 7), "0.0");
  EXPECT_EQ(quotient_text(25, 3), "8.3");
  EXPECT_EQ(quotient_text(26, 3), "8.7");
  EXPECT_EQ(quotient_text(1, 20), "0.1");
  EXPECT_EQ(quotient_text(1, 21), "0.0");
  EXPECT_EQ(quotient_text(1999, 100), "20.0");
  EXPECT_EQ(quotient_text(5, 0), "-");
}

TEST(Readable, APercentageOfNothingIsNone) {
  EXPECT_EQ(percent_text(933, 16'384), "5.7 %");
  EXPECT_EQ(percent_text(3, 3), "100.0 %");
  EXPECT_EQ(percent_text(1, 0), "-");
}

TEST(Readable, SizesAreExactWhereThatHelps) {
  EXPECT_EQ(readable_size(core::Bytes{9'999}), "9999 B");
  EXPECT_EQ(readable_size(core::Bytes{16'384}), "16.0 KiB");
  EXPECT_EQ(readable_size(core::Bytes{33'554'432}), "32.0 MiB");
  EXPECT_EQ(readable_size(core::Bytes{3'221'225'472}), "3.0 GiB");
  EXPECT_EQ(readable_size(core::Bytes{1'099'511'627'776}), "1.0 TiB");
}

TEST(Readable, DurationsShowTheirMicroseconds) {
  EXPECT_EQ(readable_duration(12ms), "12.000 ms");
  EXPECT_EQ(readable_duration(1'234'005us), "1234.005 ms");
  EXPECT_EQ(readable_duration(-7us), "-0.007 ms");
}

TEST(Readable, OneIsCountedOtherwiseThanMany) {
  EXPECT_EQ(counted(1, "batch", "batches"), "1 batch");
  EXPECT_EQ(counted(0, "batch", "batches"), "0 batches");
  EXPECT_EQ(counted(2, "record"), "2 records");
}

TEST(TextTable, AlignsColumnsByCharactersAndEndsLinesWithoutSpaces) {
  TextTable table{{TextTable::Align::Left, TextTable::Align::Right}};
  table.add({"a", "1", "x"});
  table.add({"größe", "12", ""});
  table.add({"b"});
  EXPECT_EQ(table.text("> "),
            "> a       1  x\n"
            "> größe  12\n"
            "> b\n");
}

}  // namespace
}  // namespace linger::sim
