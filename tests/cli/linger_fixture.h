// The built `linger`, some scenarios, and what it says about them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/command.h"

namespace linger {

class Linger : public testing::Test {
 protected:
  Linger() { place_.write("good.toml", kGood); }

  CommandResult linger(const std::string& arguments) const {
    return place_.run(std::string{"'"} + LINGER_BINARY + "' " + arguments);
  }

  // Bad input: exit 2, so said on stderr, and no file that was not there before.
  void expect_refused(const std::string& arguments, const std::string& message) const {
    const std::vector<std::string> before = place_.files();
    const CommandResult result = linger(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments << "\n" << result.out << result.err;
    EXPECT_EQ(result.out, "") << arguments;
    EXPECT_NE(result.err.find(message), std::string::npos) << arguments << "\n" << result.err;
    EXPECT_EQ(place_.files(), before) << arguments;
  }

  static constexpr const char* kGood = R"([lesson]
title = "A small one"

[[topic]]
name = "orders"

[producer]
linger.ms = 5

[[thread]]
name = "A"
run = [ { send = "orders", count = 3, every = "1ms" } ]

[[expect]]
that = "records.acknowledged == 3"
)";

  Workplace place_;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace linger
