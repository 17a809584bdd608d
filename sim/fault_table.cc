#include "sim/fault_table.h"

#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "sim/fault.h"

namespace linger::sim {

namespace {

// "`broker`, `extra`, (`for`)"
class FieldNames {
 public:
  template <class T>
  void must(const FieldInfo& field, const T&) {
    add(fmt::format("`{}`", field.key));
  }
  template <class T>
  void may(const FieldInfo& field, const T&) {
    add(fmt::format("(`{}`)", field.key));
  }

  std::string text;

 private:
  void add(const std::string& name) { text += (text.empty() ? "" : ", ") + name; }
};

// The example with all its fields: { broker = 1, extra = "5ms", for = "1s" }.
class KeyExample {
 public:
  template <class T>
  void must(const FieldInfo& field, const T&) {
    add(field);
  }
  template <class T>
  void may(const FieldInfo& field, const T&) {
    add(field);
  }

  std::string text;

 private:
  void add(const FieldInfo& field) {
    text += fmt::format("{} {} = {}", text.empty() ? "" : ",", field.key, field.example);
  }
};

template <class Kind>
std::string row(const Kind& kind) {
  FieldNames names;
  Kind::visit(kind, names);
  return fmt::format("| `{}` | {} | {} | {} |\n", Kind::kInfo.key, target_word(Kind::kInfo.target),
                     names.text, Kind::kInfo.meaning);
}

}  // namespace

std::string fault_table() {
  std::string table = "| fault | of | fields | what happens |\n|---|---|---|---|\n";
  for (const Fault& kind : fault_vocabulary()) {
    table += std::visit([](const auto& one) { return row(one); }, kind);
  }
  return table;
}

std::string fault_example(const Fault& kind) {
  return std::visit(
      [](const auto& one) {
        KeyExample example;
        one.visit(one, example);
        return fmt::format("{} = {{{} }}", one.kInfo.key, example.text);
      },
      kind);
}

std::string_view target_word(FaultTarget target) {
  constexpr std::array<std::string_view, 5> kWords{"broker", "wire", "request", "partition",
                                                   "process"};
  return kWords[static_cast<std::size_t>(target)];
}

}  // namespace linger::sim
