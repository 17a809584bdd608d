// librdkafka's mock cluster on loopback, as a program: tests start it, tell it what to do, and end
// it. It prints its addresses, then an "ok" for each line it is given:
//
//   mock_cluster 3 orders:3       three brokers, numbered from 1; a topic with three partitions
//     down 2, up 2                a broker's sockets close; it listens again
//     leader orders 0 3           another broker leads
//   mock_cluster http             no Kafka at all: a server that answers as web servers do
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

namespace {

bool obey(rd_kafka_mock_cluster_t* cluster, const std::string& line) {
  std::istringstream words{line};
  std::string what;
  words >> what;
  if (what == "leader") {
    std::string topic;
    std::int32_t partition = 0;
    std::int32_t broker = 0;
    words >> topic >> partition >> broker;
    return rd_kafka_mock_partition_set_leader(cluster, topic.c_str(), partition, broker) ==
           RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  std::int32_t broker = 0;
  words >> broker;
  const auto done = what == "down" ? rd_kafka_mock_broker_set_down(cluster, broker)
                                   : rd_kafka_mock_broker_set_up(cluster, broker);
  return done == RD_KAFKA_RESP_ERR_NO_ERROR;
}

int run_cluster(int brokers, const std::string& topic, int partitions) {
  char error[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_t* handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
  if (handle == nullptr) {
    std::cerr << error << '\n';
    return 1;
  }
  rd_kafka_mock_cluster_t* cluster = rd_kafka_mock_cluster_new(handle, brokers);
  rd_kafka_mock_topic_create(cluster, topic.c_str(), partitions, brokers);
  std::cout << rd_kafka_mock_cluster_bootstraps(cluster) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << (obey(cluster, line) ? "ok" : "failed") << std::endl;
  }
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(handle);
  return 0;
}

int run_web_server() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener, 8) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 1;
  }
  std::cout << "127.0.0.1:" << ntohs(address.sin_port) << std::endl;
  ::alarm(60);  // nobody tells it to end
  for (;;) {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client < 0) continue;
    char request[64];
    if (::read(client, request, sizeof request) > 0) {
      const std::string answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
      if (::write(client, answer.data(), answer.size()) < 0) std::perror("write");
    }
    ::close(client);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string{argv[1]} == "http") return run_web_server();
  if (argc != 3) return 2;
  const std::string topic = argv[2];
  const auto colon = topic.find(':');
  return run_cluster(std::atoi(argv[1]), topic.substr(0, colon),
                     std::atoi(topic.c_str() + colon + 1));
}
