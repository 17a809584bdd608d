// Nobody who could go on is forgotten while the sender sleeps.
#pragma once

#include "sim/laws.h"

namespace linger::sim {

// While a sender waits in a poll, no more than a millisecond before it wakes by itself
//
//   a batch becomes ready for a node that takes data now, or that could be connected to;
//   a batch expires, in its deque or in flight;
//
// and no thread waits for memory of which there is enough without having been told. Where Kafka
// misses a wakeup the breach names it:
//
//   a thread that begins to wait for memory makes every batch ready, and wakes nobody;
//   a record that does not fit closes a batch, and wakes nobody if no other is opened behind it:
//   its thread waits for memory, or, since KIP-480, it goes to another partition;
//   what is drained is looked at before what expires, which others may have had to wait for;
//   since KAFKA-13412 a record whose send() throws may be in a batch, and has woken nobody;
//   while a request of a transaction is under way no data is looked at;
//   before KIP-91 no expiry bounds the sleep;
//   before KAFKA-4840 and KAFKA-3651 whoever gives up waiting for memory tells nobody;
//   a connection that is not set up in time is noticed at the next look (since KAFKA-12762: which
//   comes after the whole set-up timeout, not what is left of it);
//   the sleep counts from the look, also if a callback held the sender in between.
Broken nobody_is_forgotten(const World& world);

}  // namespace linger::sim
