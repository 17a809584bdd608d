#include "core/ascii.h"

#include <gtest/gtest.h>

namespace linger::core::ascii_test {
namespace {

TEST(Ascii, ComparesLettersWithoutTheirCase) {
  EXPECT_TRUE(equals_ignoring_case("ALL", "all"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("all", "al"));
  EXPECT_FALSE(equals_ignoring_case("[", "{"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(Ascii, TrimsBlanksAndControlCharactersAtBothEnds) {
  EXPECT_EQ(trimmed("  a b\t\r\n"), "a b");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Ascii, RaisesLettersOnly) {
  EXPECT_EQ(upper_case("sasl_ssl-1"), "SASL_SSL-1");
  EXPECT_EQ(upper_case("\xc3\xbc"), "\xc3\xbc");
}

}  // namespace
}  // namespace linger::core::ascii_test
