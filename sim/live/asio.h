// What is used of Asio. The system's sockets have a `struct linger`, which is the name of our own
// namespace: here it is called otherwise.
#pragma once

#define linger system_linger
#include <asio/buffer.hpp>
#include <asio/connect.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/signal_set.hpp>
#include <asio/write.hpp>
#undef linger
