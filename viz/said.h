// Sentences that are made elsewhere, of events, faults and decisions, in the language in use. They
// are English when they come; the Chinese one is found by the pattern that the English one has.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linger::viz {

// The sentence as it is, unless Chinese is spoken and the tables have it, or a pattern fits. What
// stands in the places of the pattern is a sentence of its own, or several with commas between
// them.
std::string tr_said(std::string_view english);

// What is wrong with a scenario, a setting or a query, and what would be right: sim's errors have
// patterns of their own. Kafka's own messages stay as they are.
std::string tr_mistake(std::string_view english);

// A pattern: "{}" is any text that is not empty, "{#}" a number, "{=}" what somebody wrote, which
// stays as it is. The Chinese one names them by their place: "{0}".
struct SaidRow {
  std::string_view english;
  std::string_view chinese;
};

// All of them.
const std::vector<SaidRow>& said_rows();
const std::vector<SaidRow>& mistake_rows();

std::span<const SaidRow> said_of_application();
std::span<const SaidRow> said_of_producer();
std::span<const SaidRow> said_of_network();
std::span<const SaidRow> said_of_faults();
std::span<const SaidRow> said_of_decisions();

std::span<const SaidRow> mistakes_in_scenarios();
std::span<const SaidRow> mistakes_in_values();
std::span<const SaidRow> mistakes_in_queries();
std::span<const SaidRow> mistakes_in_toml();

}  // namespace linger::viz
