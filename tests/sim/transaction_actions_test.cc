// Transactional calls in the programs of threads: as they are written, and as they are made.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/scenario_parser.h"
#include "sim/scenario_writer.h"
#include "sim/world.h"

namespace linger::sim {
namespace {

constexpr std::string_view kProgram =
    "era = \"3.9\"\n"
    "seed = 1\n"
    "\n"
    "[[topic]]\n"
    "name = \"clicks\"\n"
    "partitions = 2\n"
    "\n"
    "[[thread]]\n"
    "name = \"A\"\n"
    "run = [\n"
    "  { init_transactions = true },\n"
    "  { begin_transaction = true },\n"
    "  { send_offsets = \"g\", offsets = { clicks-0 = 100, clicks-1 = 7 }, generation = 3, "
    "member = \"m\", instance = \"i\" },\n"
    "  { commit_transaction = true },\n"
    "  { abort_transaction = true, wait = false },\n"
    "]\n";

Scenario scenario_with(std::string_view text) {
  auto parsed = parse_scenario(text, "test.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  if (errors != nullptr) throw core::CheckFailure{sim::text(*errors) + std::string{text}};
  return std::get<Scenario>(std::move(parsed));
}

TEST(TransactionActions, AreReadFromAFile) {
  using enum core::TransactionMethod;
  const std::vector<AppAction> program = scenario_with(kProgram).threads.at(0).program;
  ASSERT_EQ(program.size(), 5u);
  EXPECT_EQ(std::get<TransactionAction>(program[0]), (TransactionAction{InitTransactions, true}));
  EXPECT_EQ(std::get<TransactionAction>(program[1]), (TransactionAction{BeginTransaction, true}));
  const auto& offsets = std::get<SendOffsetsAction>(program[2]);
  EXPECT_EQ(offsets.group, (core::ConsumerGroupMetadata{"g", 3, "m", "i"}));
  ASSERT_EQ(offsets.offsets.size(), 2u);
  EXPECT_EQ(offsets.offsets[1], (SendOffsetsAction::Offset{"clicks", 1, 7}));
  EXPECT_EQ(std::get<TransactionAction>(program[4]), (TransactionAction{AbortTransaction, false}));
}

TEST(TransactionActions, AreWrittenAsTheyAreRead) {
  EXPECT_EQ(scenario_text(scenario_with(kProgram)), kProgram);
}

TEST(TransactionActions, NameThePartitionThatDoesNotExist) {
  std::string text{kProgram};
  text.replace(text.find("clicks-1"), 8, "clicks-9");
  const auto parsed = parse_scenario(text, "test.toml");
  const auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  ASSERT_NE(errors, nullptr);
  EXPECT_NE(sim::text(*errors).find("there is no partition clicks-9"), std::string::npos);
}

// Without a transactional.id no call is of any use, and the thread goes on.
TEST(TransactionActions, AreRefusedByAProducerWithoutTransactionalId) {
  World world{std::make_shared<const Scenario>(scenario_with(kProgram))};
  TraceSink trace;
  while (step(world, trace)) {
  }
  std::vector<core::TransactionalCallEnded> ends;
  for (const TraceEvent& event : trace.events) {
    if (const auto* end = event.as<core::TransactionalCallEnded>()) ends.push_back(*end);
  }
  ASSERT_EQ(ends.size(), 5u);
  for (const core::TransactionalCallEnded& end : ends) {
    EXPECT_EQ(end.outcome, core::CallOutcome::Threw);
    EXPECT_EQ(end.error->exception, core::Exception::IllegalStateException);
  }
}

}  // namespace
}  // namespace linger::sim
