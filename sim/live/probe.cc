#include "sim/live/probe.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "core/byte_reader.h"
#include "core/protocol.h"
#include "sim/live/asio.h"

namespace linger::sim::live {

namespace {

constexpr std::int32_t kLargestAnswer = 1 << 20;

// Every broker since 0.10 answers this one.
const core::RequestHeader kQuestion{core::ApiKey::ApiVersions, 0, core::CorrelationId{7}, "linger"};

class Probe {
 public:
  Probe(const HostAndPort& address, std::chrono::milliseconds patience)
      : address_{address}, patience_{patience}, socket_{io_} {}

  std::optional<std::string> why_unusable() {
    if (const auto error = connect()) return error;
    const core::ByteVector request = core::encode_request(kQuestion, core::ApiVersionsRequest{});
    asio::error_code error;
    asio::write(socket_, asio::buffer(request), error);
    if (error) return not_kafka("it closed the connection");
    std::array<core::Byte, 4> size{};
    if (const auto failure = read(asio::buffer(size))) return failure;
    const auto count = core::load<std::int32_t>(size.data());
    if (count < 4 || count > kLargestAnswer) return not_kafka(starts_with(size));
    core::ByteVector answer(static_cast<std::size_t>(count));
    if (const auto failure = read(asio::buffer(answer))) return failure;
    if (core::decode_response(kQuestion, answer).ok()) return std::nullopt;
    return not_kafka("its answer makes no sense");
  }

 private:
  std::optional<std::string> connect() {
    asio::ip::tcp::resolver resolver{io_};
    asio::error_code error;
    const auto endpoints = resolver.resolve(address_.host, std::to_string(address_.port), error);
    if (error) return fmt::format("the host {} is not known: {}", address_.host, error.message());
    error = asio::error::timed_out;
    asio::async_connect(socket_, endpoints,
                        [&error](const asio::error_code& outcome, const asio::ip::tcp::endpoint&) {
                          error = outcome;
                        });
    wait();
    if (!error) return std::nullopt;
    return fmt::format("cannot connect to {}: {}", name(), error.message());
  }

  std::optional<std::string> read(asio::mutable_buffer into) {
    asio::error_code error = asio::error::timed_out;
    asio::async_read(socket_, into,
                     [&error](const asio::error_code& outcome, std::size_t) { error = outcome; });
    wait();
    if (!error) return std::nullopt;
    if (error == asio::error::timed_out) return not_kafka("it says nothing");
    return not_kafka("it closed the connection; perhaps it expects TLS");
  }

  // What has not happened by the end is given up.
  void wait() {
    io_.restart();
    io_.run_for(patience_);
    if (io_.stopped()) return;
    asio::error_code ignored;
    socket_.close(ignored);
    io_.poll();
  }

  std::string name() const { return fmt::format("{}:{}", address_.host, address_.port); }
  std::string not_kafka(const std::string& why) const {
    return fmt::format("{} does not answer as a Kafka broker does: {}", name(), why);
  }
  static std::string starts_with(const std::array<core::Byte, 4>& bytes) {
    const bool is_text = std::all_of(bytes.begin(), bytes.end(),
                                     [](core::Byte byte) { return byte >= 32 && byte < 127; });
    if (is_text)
      return fmt::format("its answer begins with '{}'", std::string{bytes.begin(), bytes.end()});
    return fmt::format("its answer begins with {:02x} {:02x} {:02x} {:02x}", bytes[0], bytes[1],
                       bytes[2], bytes[3]);
  }

  const HostAndPort& address_;
  std::chrono::milliseconds patience_;
  asio::io_context io_;
  asio::ip::tcp::socket socket_;
};

}  // namespace

std::optional<std::string> why_unusable(const std::vector<HostAndPort>& addresses,
                                        std::chrono::milliseconds patience) {
  std::string why;
  for (const HostAndPort& address : addresses) {
    const auto one = Probe{address, patience}.why_unusable();
    if (!one) return std::nullopt;
    why += (why.empty() ? "" : "\n") + *one;
  }
  return why;
}

}  // namespace linger::sim::live
