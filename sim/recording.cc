#include "sim/recording.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/check.h"
#include "sim/event_text.h"
#include "sim/toml_text.h"

namespace linger::sim {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

// Far more than any socket holds, and small enough to be added up without end.
constexpr std::int64_t kMostRoom = std::numeric_limits<std::int32_t>::max();

std::string hexadecimal(core::ByteSpan bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const core::Byte byte : bytes) {
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 15];
  }
  return text;
}

std::optional<core::ByteVector> bytes_in_hex(std::string_view hexadecimal) {
  core::ByteVector bytes;
  if (hexadecimal.empty() || hexadecimal.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < hexadecimal.size(); i += 2) {
    const auto high = kHexDigits.find(hexadecimal[i]);
    const auto low = kHexDigits.find(hexadecimal[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes.push_back(static_cast<core::Byte>(high << 4 | low));
  }
  return bytes;
}

template <class Integer>
std::optional<Integer> number_of(std::string_view text) {
  Integer number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (auto at = text.find(by); at != std::string_view::npos; at = text.find(by)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.push_back(text);
  return parts;
}

// --- Written ---

std::string text_of(const SocketConnected& connected) {
  return fmt::format("connected {}", connected.room.count());
}
std::string text_of(const SocketConnectFailed&) {
  return "failed";
}
std::string text_of(const SocketHasRoom& room) {
  return fmt::format("room {}", room.more.count());
}
std::string text_of(const SocketReceived& received) {
  return fmt::format("received {}", hexadecimal(received.bytes.span()));
}
std::string text_of(const SocketEnded&) {
  return "ended";
}
std::string text_of(const SocketReset&) {
  return "reset";
}
std::string text_of(const SocketRefused& refused) {
  return fmt::format("refused {}", hexadecimal(core::bytes_of(refused.why)));
}

std::string text_of(const OutsideInput& input) {
  const auto at = input.at.time_since_epoch().count();
  const auto* notice = std::get_if<ClientNotice>(&input.what);
  if (notice == nullptr) return fmt::format("{} interrupted", at);
  return fmt::format("{} {}/{}/{} {}", at, notice->socket.producer.value(),
                     notice->socket.node.value(), notice->connection.value(),
                     std::visit([](const auto& what) { return text_of(what); }, notice->what));
}

// --- Read ---

using What = decltype(ClientNotice::what);

std::optional<Bytes> room_of(std::string_view text) {
  const auto room = number_of<std::int64_t>(text);
  if (!room || *room < 0 || *room > kMostRoom) return std::nullopt;
  return Bytes{*room};
}

std::optional<What> what_of(std::string_view word, std::optional<std::string_view> amount) {
  if (!amount) {
    if (word == "failed") return SocketConnectFailed{};
    if (word == "ended") return SocketEnded{};
    if (word == "reset") return SocketReset{};
    return std::nullopt;
  }
  if (word == "received") {
    auto bytes = bytes_in_hex(*amount);
    if (!bytes) return std::nullopt;
    return SocketReceived{SharedBytes{std::move(*bytes)}};
  }
  if (word == "refused") {
    const auto why = bytes_in_hex(*amount);
    if (!why) return std::nullopt;
    return SocketRefused{{why->begin(), why->end()}};
  }
  const auto room = room_of(*amount);
  if (room && word == "connected") return SocketConnected{*room};
  if (room && word == "room") return SocketHasRoom{*room};
  return std::nullopt;
}

// "0/-1/3": producer, node, connection.
std::optional<ClientNotice> notice_of(std::string_view connection, What what) {
  const auto parts = split(connection, '/');
  if (parts.size() != 3) return std::nullopt;
  const auto producer = number_of<std::int32_t>(parts[0]);
  const auto node = number_of<std::int32_t>(parts[1]);
  const auto id = number_of<std::int32_t>(parts[2]);
  if (!producer || !node || !id) return std::nullopt;
  return ClientNotice{
      {ProducerIndex{*producer}, NodeId{*node}}, ConnectionId{*id}, std::move(what)};
}

AppThreadSpec shutdown_hook(const Scenario& scenario, std::size_t producer,
                            core::Milliseconds timeout) {
  AppThreadSpec hook;
  hook.name = fmt::format("shutdown of {}", scenario.producers[producer].name);
  hook.producer = producer;
  hook.program = {CloseAction{timeout}};
  hook.on_interrupt = true;
  return hook;
}

// Metadata may name any broker; views and queries look for it by its number.
std::int32_t brokers_heard_of(const std::vector<OutsideInput>& inputs, std::int32_t at_least) {
  for (const OutsideInput& input : inputs) {
    if (const auto* notice = std::get_if<ClientNotice>(&input.what)) {
      at_least = std::max(at_least, std::min(notice->socket.node.value(), 98) + 1);
    }
  }
  return at_least;
}

}  // namespace

LiveScenario as_live(Scenario scenario, LiveStart start) {
  LiveScenario live;
  if (!scenario.faults.empty()) {
    live.left_out.push_back("faults: nothing can be done to real brokers from here");
    scenario.faults.clear();
  }
  if (!scenario.expectations.empty()) {
    live.left_out.push_back("expectations: they are of simulated brokers");
    scenario.expectations.clear();
  }
  scenario.warm = false;
  scenario.warm_metadata = false;
  scenario.epoch_ms = start.epoch_ms;
  const bool has_hooks = std::any_of(scenario.threads.begin(), scenario.threads.end(),
                                     [](const AppThreadSpec& spec) { return spec.on_interrupt; });
  for (std::size_t i = 0; !has_hooks && i < scenario.producers.size(); ++i) {
    scenario.threads.push_back(shutdown_hook(scenario, i, start.close_timeout));
  }
  scenario.live = LiveSpec{std::move(start.bootstrap), std::move(start.inputs), {}};
  live.scenario = std::move(scenario);
  return live;
}

Scenario as_recorded(Scenario scenario, std::size_t inputs_taken, const Digests& digests) {
  CHECK(scenario.live && scenario.live->inputs && inputs_taken <= scenario.live->inputs->size());
  const auto& all = *scenario.live->inputs;
  auto taken = std::make_shared<std::vector<OutsideInput>>(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(inputs_taken));
  scenario.cluster.brokers = brokers_heard_of(*taken, scenario.cluster.brokers);
  scenario.live->inputs = std::move(taken);
  scenario.live->digests = digest_map(digests);
  return scenario;
}

std::map<std::string, std::string> digest_map(const Digests& digests) {
  std::map<std::string, std::string> map;
  for (const core::Stream stream :
       {core::Stream::Application, core::Stream::Producer, core::Stream::Network,
        core::Stream::Brokers, core::Stream::Decisions}) {
    map.emplace(word(stream), digest_text(digests.of(stream)));
  }
  map.emplace("whole", digest_text(digests.whole()));
  return map;
}

std::string live_section(const LiveSpec& live) {
  std::string text = "[live]\nbootstrap = [";
  for (const HostAndPort& address : live.bootstrap) {
    text += fmt::format("{}{}", text.back() == '[' ? "" : ", ",
                        toml_quoted(fmt::format("{}:{}", address.host, address.port)));
  }
  text += "]\n";
  TomlTable digests;
  for (const auto& [stream, digest] : live.digests) digests.add_text(stream, digest);
  if (!digests.empty()) text += fmt::format("digests = {}\n", digests.in_line());
  if (!live.inputs || live.inputs->empty()) return text;
  text += "inputs = [\n";
  for (const OutsideInput& input : *live.inputs) text += fmt::format("  \"{}\",\n", text_of(input));
  return text + "]\n";
}

std::variant<OutsideInput, UnitError> parse_input(std::string_view line) {
  const auto parts = split(line, ' ');
  const auto at = number_of<std::int64_t>(parts[0]);
  const bool has_time = at && *at >= 0 && *at < Instant::max().time_since_epoch().count() / 2;
  if (has_time && parts.size() == 2 && parts[1] == "interrupted") {
    return OutsideInput{Instant{Duration{*at}}, Interrupted{}};
  }
  if (has_time && (parts.size() == 3 || parts.size() == 4)) {
    const auto amount = parts.size() == 4 ? std::optional{parts[3]} : std::nullopt;
    if (auto what = what_of(parts[2], amount)) {
      if (auto notice = notice_of(parts[1], std::move(*what))) {
        return OutsideInput{Instant{Duration{*at}}, std::move(*notice)};
      }
    }
  }
  return UnitError{
      fmt::format("'{}' is no input of a live run", line.substr(0, 60)),
      "recordings are written by linger live; such as \"1200 0/-1/0 connected 65536\""};
}

std::variant<HostAndPort, UnitError> parse_host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && colon > 0) {
    std::string_view host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
      host = host.substr(1, host.size() - 2);
    }
    const auto port = number_of<std::int32_t>(text.substr(colon + 1));
    if (port && *port > 0 && *port <= 65'535) return HostAndPort{std::string{host}, *port};
  }
  return UnitError{fmt::format("'{}' is no address of a broker", text),
                   "a host and a port, such as localhost:9092"};
}

}  // namespace linger::sim
