#include "sim/conform/comparison.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace linger::sim::conform {
namespace {

constexpr std::array<std::string_view, 25> kMustAgree{
    "APPEND", "APPENDERR", "ALLOC", "BLOCK",  "UNBLOCK", "BLOCKTIMEOUT", "DRAIN",  "SEND",  "RESP",
    "RETRY",  "SPLIT",     "CB",    "EXPIRE", "DONE",    "SPLITINTO",    "MEM",    "FLUSH", "CLOSE",
    "ABORT",  "TXN",       "SLEEP", "MARKER", "TXNAPI",  "TXNREQ",       "TXNRESP"};
constexpr std::array<std::string_view, 13> kShouldAgree{
    "READY", "NOTREADY", "POLL",   "BROKER", "META",      "NET",  "PID",
    "MUTE",  "UNMUTE",   "RANDOM", "SPIN",   "TXNBROKER", "COORD"};
constexpr std::array<std::string_view, 6> kNotCompared{"APP",       "CLUSTER",   "SENDER",
                                                       "SENDOTHER", "RESPOTHER", "ABORTBATCHES"};
constexpr std::size_t kLinesBefore = 4;
constexpr std::size_t kLinesAfter = 2;

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string_view next_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t end = std::min(line.find(' ', begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

std::string field(const LineParts& parts, std::string_view name) {
  for (const auto& [key, value] : parts.fields) {
    if (key == name) return value;
  }
  return "";
}

std::vector<std::string> differing_fields(const std::string& expected, const std::string& actual) {
  const LineParts a = parts_of(expected);
  const LineParts b = parts_of(actual);
  std::vector<std::string> names;
  if (a.time != b.time) names.emplace_back("time");
  if (a.event != b.event) {
    names.emplace_back("event");
    return names;
  }
  for (const auto& [key, value] : a.fields) {
    if (field(b, key) != value) names.push_back(key);
  }
  for (const auto& [key, value] : b.fields) {
    if (field(a, key) != value && !contains(names, key)) names.push_back(key);
  }
  if (names.empty()) names.emplace_back("order of fields");
  return names;
}

}  // namespace

LineParts parts_of(std::string_view line) {
  LineParts parts;
  parts.time = next_word(line);
  parts.event = next_word(line);
  while (!line.empty()) {
    const std::string_view word = next_word(line);
    if (word.empty()) break;
    const std::size_t equals = std::min(word.find('='), word.size());
    parts.fields.emplace_back(word.substr(0, equals),
                              equals < word.size() ? word.substr(equals + 1) : "");
  }
  return parts;
}

namespace {

// So long a number fits into 64 bits.
constexpr std::size_t kMostDigits = 18;

bool is_number(std::string_view word) {
  return !word.empty() && word.size() <= kMostDigits &&
         word.find_first_not_of("0123456789") == std::string_view::npos;
}

void read_footer(std::string_view line, ObservedTrace& trace) {
  if (line.starts_with("# LOG ")) trace.logs.emplace_back(line);
  const bool is_of_all = line.starts_with("# END ");
  if (!is_of_all && !line.starts_with("# TXN ")) return;
  // Each total is a line of its own, so that one that differs leaves the others.
  for (const auto& [name, value] : parts_of(line).fields) {
    trace.should.push_back(fmt::format("- {} {}={}", is_of_all ? "END" : "TXNEND", name, value));
  }
}

bool is_of_transactions(const LineParts& parts) {
  return parts.event == "TXN" || parts.event == "TXNAPI";
}

// What an exception says need not agree, and neither must a change of state that was refused.
void read_transactional(std::string_view line, const LineParts& parts, ObservedTrace& trace) {
  constexpr std::string_view kMessage = " msg=";
  const std::size_t message = std::min(line.find(kMessage), line.size());
  const std::string_view fact = line.substr(0, message);
  if (!field(parts, "invalid").empty()) {
    trace.should.emplace_back(line);
    return;
  }
  trace.must.emplace_back(fact);
  if (message == line.size()) return;
  trace.should.push_back(fmt::format("{} MESSAGE of {}{}", parts.time,
                                     fact.substr(parts.time.size() + 1), line.substr(message)));
}

void read_event(std::string_view line, const std::string& place, std::int32_t number,
                ObservedTrace& trace) {
  const LineParts parts = parts_of(line);
  if (!is_number(parts.time) || parts.event.empty()) {
    trace.errors.push_back({place, number, 1, fmt::format("'{}' is no line of a trace", line),
                            "a time in milliseconds, an event, and its fields"});
  } else if (is_of_transactions(parts)) {
    read_transactional(line, parts, trace);
  } else if (contains(kMustAgree, parts.event)) {
    trace.must.emplace_back(line);
  } else if (contains(kShouldAgree, parts.event)) {
    trace.should.emplace_back(line);
  } else if (!contains(kNotCompared, parts.event)) {
    trace.warnings.push_back(
        fmt::format("{}:{}: warning: {} is an event that nobody knows: it is not compared", place,
                    number, parts.event));
  }
}

}  // namespace

ObservedTrace read_trace(std::string_view text, const std::string& file) {
  ObservedTrace trace;
  std::int32_t number = 0;
  bool has_end = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
    at = end + 1;
    ++number;
    has_end |= line.starts_with("# END ");
    if (line.starts_with('#')) {
      read_footer(line, trace);
    } else if (!line.empty()) {
      read_event(line, file, number, trace);
    }
  }
  if (!has_end) {
    trace.warnings.push_back(fmt::format(
        "{}:{}: warning: there is no line '# END': the trace is cut off", file, number));
  }
  return trace;
}

std::string without_choice(std::string line) {
  constexpr std::string_view kNode = " node=";
  const LineParts parts = parts_of(line);
  const bool is_asked = parts.event == "TXNREQ" || parts.event == "TXNRESP";
  if (!is_asked || field(parts, "api") != "FindCoordinator") return line;
  const std::size_t begin = line.find(kNode);
  if (begin == std::string::npos) return line;
  const std::size_t end = std::min(line.find(' ', begin + kNode.size()), line.size());
  return line.replace(begin, end - begin, " node=any");
}

// --- Aborts ---

namespace {

// One batch of those that are failed together, in no order: its callbacks, its end, the memory it
// gave back.
struct AbortedBatch {
  std::int64_t number = 0;
  std::vector<std::string> lines;
  std::string freed;
};

bool is_failed_callback(const LineParts& parts) {
  return parts.event == "CB" && !field(parts, "err").empty();
}

// The batch that begins at `at`, which is moved behind it; nothing if none does.
bool take_aborted(const std::vector<std::string>& lines, std::size_t& at, AbortedBatch& batch) {
  std::size_t next = at;
  while (next < lines.size() && is_failed_callback(parts_of(lines[next]))) {
    batch.lines.push_back(lines[next++]);
  }
  if (next == lines.size()) return false;
  const LineParts done = parts_of(lines[next]);
  if (done.event != "DONE" || field(done, "state") != "ABORTED") return false;
  const std::string number = field(done, "b");
  batch.number = is_number(number) ? std::stoll(number) : 0;
  batch.lines.push_back(lines[next++]);
  if (next < lines.size()) {
    const LineParts memory = parts_of(lines[next]);
    if (memory.event == "MEM" && memory.time == done.time) {
      batch.freed = field(memory, "freed");
      // What is free in between depends on the order; what was freed does not.
      batch.lines.push_back(fmt::format("{} MEM freed={}", memory.time, batch.freed));
      ++next;
    }
  }
  at = next;
  return true;
}

}  // namespace

std::vector<std::string> with_aborts_in_order(std::vector<std::string> lines) {
  std::vector<std::string> ordered;
  for (std::size_t at = 0; at < lines.size();) {
    std::vector<AbortedBatch> batches;
    for (AbortedBatch batch; take_aborted(lines, at, batch); batch = {}) batches.push_back(batch);
    if (batches.empty()) {
      ordered.push_back(std::move(lines[at++]));
      continue;
    }
    const std::string last = lines[at - 1];  // the memory when all is over
    std::stable_sort(
        batches.begin(), batches.end(),
        [](const AbortedBatch& a, const AbortedBatch& b) { return a.number < b.number; });
    for (AbortedBatch& batch : batches) {
      std::move(batch.lines.begin(), batch.lines.end(), std::back_inserter(ordered));
    }
    const LineParts end = parts_of(last);
    if (end.event == "MEM") {
      ordered.push_back(fmt::format("{} MEM free={} unalloc={} avail={} queued={}", end.time,
                                    field(end, "free"), field(end, "unalloc"), field(end, "avail"),
                                    field(end, "queued")));
    }
  }
  return ordered;
}

// --- Comparing ---

std::optional<Divergence> first_divergence(const std::vector<std::string>& expected,
                                           const std::vector<std::string>& actual) {
  const std::size_t common = std::min(expected.size(), actual.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (expected[i] != actual[i]) return Divergence{i, differing_fields(expected[i], actual[i])};
  }
  if (expected.size() == actual.size()) return std::nullopt;
  return Divergence{common, {"end"}};
}

std::string divergence_text(const Divergence& divergence, const std::vector<std::string>& expected,
                            const std::vector<std::string>& actual) {
  const std::size_t first = divergence.at - std::min(divergence.at, kLinesBefore);
  const auto line_of = [](const std::vector<std::string>& lines, std::size_t i) {
    return i < lines.size() ? lines[i] : std::string{"(nothing)"};
  };
  std::string text;
  for (std::size_t i = first; i < divergence.at; ++i) {
    text += fmt::format("      both  {}\n", expected[i]);
  }
  for (std::size_t i = divergence.at; i <= divergence.at + kLinesAfter; ++i) {
    text += fmt::format("  observed  {}\n", line_of(expected, i));
  }
  for (std::size_t i = divergence.at; i <= divergence.at + kLinesAfter; ++i) {
    text += fmt::format("      ours  {}\n", line_of(actual, i));
  }
  return text + fmt::format("   differs  {}\n", fmt::join(divergence.differing, ", "));
}

namespace {

void sort_by_time(std::vector<std::string>& lines) {
  const auto time = [](const std::string& line) {
    const std::string word = parts_of(line).time;
    return is_number(word) ? std::stoll(word) : -1;
  };
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const std::string& a, const std::string& b) { return time(a) < time(b); });
}

}  // namespace

std::vector<Leftovers> leftovers(const std::vector<std::string>& expected,
                                 const std::vector<std::string>& actual) {
  std::map<std::string, std::map<std::string, std::pair<std::size_t, std::size_t>>> counts;
  for (const std::string& line : expected) ++counts[parts_of(line).event][line].first;
  for (const std::string& line : actual) ++counts[parts_of(line).event][line].second;
  std::vector<Leftovers> all;
  for (const auto& [event, lines] : counts) {
    Leftovers one{event, 0, {}, {}};
    for (const auto& [line, count] : lines) {
      const std::size_t both = std::min(count.first, count.second);
      one.agreeing += both;
      one.missing.insert(one.missing.end(), count.first - both, line);
      one.extra.insert(one.extra.end(), count.second - both, line);
    }
    sort_by_time(one.missing);
    sort_by_time(one.extra);
    all.push_back(one);
  }
  return all;
}

std::string leftovers_text(const std::vector<Leftovers>& leftovers) {
  std::string text;
  for (const Leftovers& one : leftovers) {
    for (const std::string& line : one.missing) text += fmt::format("  observed  {}\n", line);
    for (const std::string& line : one.extra) text += fmt::format("      ours  {}\n", line);
  }
  return text;
}

}  // namespace linger::sim::conform
