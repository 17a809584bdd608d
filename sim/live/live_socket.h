// One TCP connection to a real broker.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/bytes.h"
#include "sim/live/asio.h"
#include "sim/outside.h"

namespace linger::sim::live {

// Tells what happens to the connection as a world's sockets are told, and nothing more once it was
// closed. Closing lets what was written leave first.
class LiveSocket : public std::enable_shared_from_this<LiveSocket> {
 public:
  using What = decltype(ClientNotice::what);
  using Listener = std::function<void(What)>;

  LiveSocket(asio::io_context& io, Listener listener)
      : resolver_{io}, socket_{io}, listener_{std::move(listener)} {}

  void open(const OpenSocket& to);
  void write(core::ByteVector bytes);
  void close();
  bool is_closed() const { return !socket_.is_open(); }

 private:
  using Endpoints = asio::ip::tcp::resolver::results_type;

  void connect(const Endpoints& endpoints, core::Bytes room);
  void read();
  void write_next();
  void fail(const asio::error_code& error);
  void tell(What what);
  void shut();

  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket socket_;
  Listener listener_;
  std::array<core::Byte, 65'536> arriving_{};
  std::deque<core::ByteVector> waiting_;
  std::size_t written_ = 0;  // of the first of them
  bool is_writing_ = false;
  bool is_closing_ = false;
  bool has_ended_ = false;
};

}  // namespace linger::sim::live
