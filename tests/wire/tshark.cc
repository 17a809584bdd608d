#include "tshark.h"

#include <algorithm>
#include <sstream>

namespace linger {
namespace {

constexpr std::int32_t kFirstPort = 9092;
constexpr std::int64_t kBeforeSize = 12;  // offset and size field, in front of batches and messages

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream stream{text};
  for (std::string part; std::getline(stream, part, by);) parts.push_back(part);
  return parts;
}

// One packet, a field for each -e below.
struct Packet {
  explicit Packet(const std::string& line) : fields{split(line, '|')} { fields.resize(11); }
  std::vector<std::string> all(std::size_t field) const { return split(fields[field], '^'); }

  std::vector<std::string> fields;
};

enum Field : std::size_t {
  kNumber,
  kMalformed,
  kExpert,
  kTcpChecksum,
  kIpChecksum,
  kToPort,
  kCorrelation,
  kRequestFrame,
  kRecords,
  kSequence,
  kSize
};

std::string command_for(const std::string& file, std::int32_t brokers) {
  std::string command = "tshark -n -r '" + file +
                        "' -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE"
                        " -T fields -E separator='|' -E occurrence=a -E 'aggregator=^'";
  for (std::int32_t i = 0; i < brokers; ++i) {
    command += " -d tcp.port==" + std::to_string(kFirstPort + i) + ",kafka";
  }
  for (const char* field :
       {"frame.number", "_ws.malformed", "_ws.expert.message", "tcp.checksum.status",
        "ip.checksum.status", "tcp.dstport", "kafka.correlation_id", "kafka.request_frame",
        "kafka.batch_size", "kafka.batch_base_sequence", "kafka.message_size"}) {
    command += std::string{" -e "} + field;
  }
  return command;
}

constexpr const char* kBeyondItsVersions = "Unsupported ApiVersions version. Supports v0-3.";

// What is worth a remark to Wireshark, and is as it should be.
bool is_usual(const std::string& remark) {
  return remark.starts_with("Connection ") || remark.starts_with("This frame ");
}

void look_for_complaints(const Packet& packet, Seen& seen) {
  const auto complain = [&](const std::string& what) {
    seen.complaints.push_back("packet " + packet.fields[kNumber] + ": " + what);
  };
  const std::vector<std::string> remarks = packet.all(kExpert);
  // The first question of a client of 3.9 for a broker's versions is in version 4, and whoever does
  // not know that answers in version 0 (KIP-511); Wireshark reads the answer by the question.
  const bool is_beyond_it =
      std::find(remarks.begin(), remarks.end(), kBeyondItsVersions) != remarks.end();
  if (!is_beyond_it) {
    if (!packet.fields[kMalformed].empty()) complain("malformed");
    for (const std::string& remark : remarks) {
      if (!is_usual(remark)) complain(remark);
    }
  }
  if (packet.fields[kTcpChecksum] != "1") complain("TCP checksum");
  if (packet.fields[kIpChecksum] != "1") complain("IP checksum");
}

void take_requests(const Packet& packet, Seen& seen) {
  for (const std::string& id : packet.all(kCorrelation)) seen.requests.insert(std::stoi(id));
  const auto records = packet.all(kRecords);
  const auto sequences = packet.all(kSequence);
  const auto sizes = packet.all(kSize);
  if (sequences.empty()) {
    for (const std::string& size : sizes) seen.bytes_in_sets += std::stoll(size) + kBeforeSize;
    return;
  }
  if (records.size() != sequences.size() || sizes.size() != sequences.size()) {
    seen.complaints.push_back("packet " + packet.fields[kNumber] + ": batches without a part");
    return;
  }
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    seen.batches.insert(
        {std::stoll(sizes[i]) + kBeforeSize, std::stoi(records[i]), std::stoi(sequences[i])});
  }
}

}  // namespace

Seen ask_tshark(const Workplace& place, const std::string& file, std::int32_t brokers) {
  Seen seen;
  const CommandResult result = place.run(command_for(file, brokers));
  if (result.exit_code != 0) {
    seen.error = result.err;
    return seen;
  }
  for (const std::string& line : split(result.out, '\n')) {
    const Packet packet{line};
    ++seen.packets;
    look_for_complaints(packet, seen);
    const std::int32_t port = std::stoi(packet.fields[kToPort]);
    if (port >= kFirstPort && port < kFirstPort + brokers) {
      take_requests(packet, seen);
    } else if (packet.all(kCorrelation).size() != packet.all(kRequestFrame).size()) {
      seen.complaints.push_back("packet " + packet.fields[kNumber] + ": answers to no request");
    }
  }
  return seen;
}

}  // namespace linger
