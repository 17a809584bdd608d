// What must hold in every world, one named function each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/world.h"

namespace linger::sim {

// How a law is broken. Where Kafka itself breaks it, the law says under which rule, setting or
// fault it does: that is a witness, and nobody's mistake.
struct Breach {
  Breach(std::string how, std::string_view by = {}) : what{std::move(how)}, spared_by{by} {}
  std::string what;
  std::string_view spared_by;  // a literal; empty: by nothing
};
// Nothing if the law holds, else what is wrong.
using Broken = std::optional<Breach>;

struct BrokenLaw {
  std::string name;
  std::string what;
  std::int64_t step = 0;  // after so many steps
  Instant at{};
  std::string_view spared_by{};  // see Breach
};

using LawCheck = Broken (*)(const World&);

struct Law {
  std::string_view name;
  LawCheck broken;
};

// Notes what is broken: what nothing spares among the broken laws, else among the spared ones, if
// anybody asks for those. Each law once, and once for each that spares it.
void note(std::string_view law, const Breach& breach, std::int64_t step, Instant at,
          std::vector<BrokenLaw>& broken, std::vector<BrokenLaw>* spared = nullptr);
void check(std::span<const Law> laws, const World& world, std::vector<BrokenLaw>& broken,
           std::vector<BrokenLaw>* spared = nullptr);

// A batch that fails because its leader does not know the producer closes the books of its
// partition: the next new one begins at 0, whatever else is under way, and maybe twice in one
// epoch. Empty if that has not happened.
std::string_view why_sequences_begin_again(ProducerIndex producer, TopicPartition partition,
                                           const World& world);

// A broker of the scenario appends batches, and gives an error for them that ends their tries.
bool appends_what_it_refuses(const Scenario& scenario);

// After each step.
std::span<const Law> laws_of_a_step();
// When the run is over.
std::span<const Law> laws_of_a_run();

}  // namespace linger::sim
