// An ordinary producer.properties, as a Java producer is given it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/parse_error.h"

namespace linger::sim {

struct Property {
  std::string key;
  std::string value;
  std::int32_t line = 0;  // where it begins, from 1
  friend bool operator==(const Property&, const Property&) = default;
};

// Reads Java's format (java.util.Properties): "key=value", "key: value" or "key value"; comments
// begin with # or !; a backslash at the end of a line joins it with the next, elsewhere it writes
// \t, \n, \r, \f, \uXXXX or the character behind it. A key given twice has its last value.
std::variant<std::vector<Property>, std::vector<ParseError>> parse_properties(
    std::string_view text, const std::string& file);

// A file's settings for a scenario's producers, and what of it changes nothing here.
struct ProducerProperties {
  std::string file;
  std::vector<Property> settings;
  std::vector<std::string> warnings;  // "producer.properties:3: warning: …", a line each
};

// Leaves out, with a warning: what a scenario has of its own (the brokers, the serializers), what
// no client knows, encryption and authentication. Keeps, with a warning, what this model knows and
// does not act on.
ProducerProperties select_settings(std::vector<Property> properties, const std::string& file);

// Reads the file, and does both.
std::variant<ProducerProperties, std::vector<ParseError>> load_producer_properties(
    const std::string& path);

}  // namespace linger::sim
