#include "sim/live/live_socket.h"

namespace linger::sim::live {

namespace {

// What a socket takes before its peer has: Linux lets it grow to about this.
constexpr core::Bytes kUsualRoom{1'048'576};

}  // namespace

void LiveSocket::open(const OpenSocket& to) {
  const core::Bytes room = to.send_buffer > core::Bytes{0} ? to.send_buffer : kUsualRoom;
  asio::error_code no_address;
  const auto address = asio::ip::make_address(to.host, no_address);
  if (!no_address) {
    const asio::ip::tcp::endpoint endpoint{address, static_cast<asio::ip::port_type>(to.port)};
    return connect(Endpoints::create(endpoint, to.host, std::to_string(to.port)), room);
  }
  resolver_.async_resolve(
      to.host, std::to_string(to.port),
      [self = shared_from_this(), room](const asio::error_code& error, const Endpoints& endpoints) {
        if (self->is_closing_) return;
        if (error) return self->tell(SocketConnectFailed{});
        self->connect(endpoints, room);
      });
}

void LiveSocket::connect(const Endpoints& endpoints, core::Bytes room) {
  asio::async_connect(socket_, endpoints,
                      [self = shared_from_this(), room](const asio::error_code& error,
                                                        const asio::ip::tcp::endpoint&) {
                        if (self->is_closing_) return;
                        if (error) return self->tell(SocketConnectFailed{});
                        asio::error_code ignored;
                        self->socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
                        self->tell(SocketConnected{room});
                        self->read();
                      });
}

void LiveSocket::read() {
  socket_.async_read_some(
      asio::buffer(arriving_),
      [self = shared_from_this()](const asio::error_code& error, std::size_t count) {
        if (self->is_closing_) return;
        if (error == asio::error::eof) {
          self->has_ended_ = true;
          return self->tell(SocketEnded{});
        }
        if (error) return self->fail(error);
        core::ByteVector bytes{self->arriving_.begin(),
                               self->arriving_.begin() + static_cast<std::ptrdiff_t>(count)};
        self->tell(SocketReceived{SharedBytes{std::move(bytes)}});
        self->read();
      });
}

void LiveSocket::write(core::ByteVector bytes) {
  if (is_closing_ || bytes.empty()) return;
  waiting_.push_back(std::move(bytes));
  if (!is_writing_) write_next();
}

void LiveSocket::write_next() {
  is_writing_ = true;
  const core::ByteVector& first = waiting_.front();
  socket_.async_write_some(
      asio::buffer(first.data() + written_, first.size() - written_),
      [self = shared_from_this()](const asio::error_code& error, std::size_t count) {
        self->is_writing_ = false;
        if (error) return self->fail(error);
        self->written_ += count;
        if (self->written_ == self->waiting_.front().size()) {
          self->waiting_.pop_front();
          self->written_ = 0;
        }
        if (!self->is_closing_) {
          self->tell(SocketHasRoom{core::Bytes{static_cast<std::int64_t>(count)}});
        }
        if (!self->waiting_.empty()) return self->write_next();
        if (self->is_closing_) self->shut();
      });
}

void LiveSocket::close() {
  is_closing_ = true;
  resolver_.cancel();
  if (!is_writing_) shut();
}

// The peer is gone, or does not read any more: who reads hears of it once.
void LiveSocket::fail(const asio::error_code&) {
  if (is_closing_) return shut();
  if (!has_ended_) tell(SocketReset{});
  has_ended_ = true;
}

void LiveSocket::tell(What what) {
  if (!is_closing_) listener_(std::move(what));
}

void LiveSocket::shut() {
  asio::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace linger::sim::live
