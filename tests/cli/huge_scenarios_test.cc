// Scenarios that are huge, and legal: each ends within the memory that the README of the tests
// states, or is refused with the line.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "linger_fixture.h"

#if defined(__SANITIZE_ADDRESS__)
#define LINGER_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LINGER_IS_SANITIZED 1
#endif
#endif

namespace linger {
namespace {

struct Ended {
  int exit_code = -1;
  std::int64_t megabytes = 0;  // resident at most
};

class HugeScenarios : public Linger {
 protected:
  // `linger run`, measured as the kernel does.
  Ended run(const std::string& scenario) const {
    place_.write("huge.toml", scenario);
    const std::string file = place_.path("huge.toml");
    const std::string out = place_.path("out");
    const pid_t child = ::fork();
    if (child == 0) {
      const int to = ::open(out.c_str(), O_CREAT | O_WRONLY, 0600);
      ::dup2(to, 1);
      ::dup2(to, 2);
      ::execl(LINGER_BINARY, LINGER_BINARY, "run", file.c_str(), nullptr);
      ::_exit(127);
    }
    int status = 0;
    struct rusage used {};
    ::wait4(child, &status, 0, &used);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, used.ru_maxrss / 1'000};
  }

  void expect_within(std::int64_t megabytes, const std::string& scenario,
                     const std::string& acknowledged) const {
#ifdef LINGER_IS_SANITIZED
    GTEST_SKIP() << "a sanitizer has memory of its own";
#endif
    const Ended ended = run(scenario);
    const std::string said = place_.read("out");
    EXPECT_EQ(ended.exit_code, 0) << said;
    EXPECT_TRUE(has(said, acknowledged + " acknowledged")) << said;
    EXPECT_LE(ended.megabytes, megabytes);
    EXPECT_GT(ended.megabytes, megabytes / 4) << "far less: the README says too much";
  }
};

TEST_F(HugeScenarios, TenThousandPartitionsEndWithinAQuarterOfAGigabyte) {
  expect_within(250, R"([[topic]]
name = "t"
partitions = 10000

[[thread]]
name = "A"
run = [ { send = "t", count = 20000, key = "k{i}" } ]
)",
                "20000");
}

TEST_F(HugeScenarios, AThousandBrokersWithTenThousandPartitionsEndWithinAQuarterOfAGigabyte) {
  expect_within(250, R"([cluster]
brokers = 1000

[[topic]]
name = "t"
partitions = 10000

[[thread]]
name = "A"
run = [ { send = "t", count = 100000 } ]
)",
                "100000");
}

TEST_F(HugeScenarios, AMillionRecordsEndWithinHalfAGigabyte) {
  expect_within(500, R"([[topic]]
name = "t"

[[thread]]
name = "A"
run = [ { send = "t", count = 1000000 } ]
)",
                "1000000");
}

TEST_F(HugeScenarios, WhatIsLargerIsRefused) {
  place_.write("brokers.toml", "[cluster]\nbrokers = 1001\n[[topic]]\nname = \"t\"\n");
  expect_refused("run brokers.toml", "2:11: error: 1001 is out of range");
  place_.write("partitions.toml", "[[topic]]\nname = \"t\"\npartitions = 10001\n");
  expect_refused("run partitions.toml", "3:14: error: 10001 is out of range");
  place_.write("records.toml",
               "[[topic]]\nname = \"t\"\n[[thread]]\nname = \"A\"\n"
               "run = [ { send = \"t\", count = 20000001 } ]\n");
  expect_refused("run records.toml", "5:31: error: 20000001 is out of range");
}

}  // namespace
}  // namespace linger
