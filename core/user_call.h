// Code of the user's that the producer calls: the call as a value, and its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/client_error.h"
#include "core/event.h"
#include "core/id.h"
#include "core/produce_request_result.h"
#include "core/producer_record.h"

namespace linger::core {

// The producer stops here, and goes on when it is given the answer. Who is called: the sender's
// thread for the outcome of records that reached the accumulator, else the caller of send().
struct UserCall {
  UserCallKind kind = UserCallKind::Callback;
  std::int32_t index = 0;  // of the interceptor
  std::optional<RecordId> record;
  std::optional<ProducerRecord> argument;  // onSend, serializers, partitioner: as it is so far
  std::optional<CallbackId> callback;
  std::optional<RecordMetadata> metadata;  // of an acknowledgement; offset -1 if it failed
  std::optional<ClientError> error;
};

struct UserCallAnswer {
  std::optional<std::string> threw;       // the class; one that ends in "Error" is a Java Error
  std::optional<ProducerRecord> record;   // onSend: instead of the argument
  std::optional<ByteVector> bytes;        // a serializer's result; none: the object as it is
  std::optional<std::int32_t> partition;  // a partitioner's
};

// Java's Errors are not Exceptions: nothing in the producer catches them.
inline bool is_java_error(const std::string& class_name) {
  return class_name.ends_with("Error");
}

}  // namespace linger::core
