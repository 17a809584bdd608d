#include "viz/picture_layout.h"

#include <gtest/gtest.h>

#include <string>

#include "viewer_fixture.h"

namespace linger::viz {
namespace {

constexpr Rect kPicture{0, 0, 960, 360};
constexpr Rect kPool{0, 360, 960, 440};

// Ten brokers, each the leader of one partition, and a record for each at once; the answers come
// from the first last.
std::string ten_brokers() {
  std::string leaders;
  for (int i = 0; i < 10; ++i) leaders += (i == 0 ? "" : ", ") + std::to_string(i);
  return R"(
warm = true
[cluster]
brokers = 10
[[topic]]
name = "orders"
leaders = [)" +
         leaders + R"(]
[network]
latency = "2ms"
[[thread]]
name = "A"
run = [{ send = "orders", partition = 9, value_size = 100 }]
)";
}

TEST(PictureLayout, ConnectionsWithoutRoomAreCountedAndNeverLieOverWhatIsBelow) {
  const ViewerState state = viewer_at(ten_brokers(), 1ms);
  const PipelineView view = pipeline_view(scene(state));
  const PictureLayout layout = picture_layout(view, kPicture, kPool, Scale{1});
  const ProducerPlace& producer = layout.producers.at(0);
  int shown = 0;
  for (const ConnectionPlace& place : producer.connections) {
    if (is_empty(place.area)) continue;
    ++shown;
    EXPECT_GE(place.area.top, producer.band.top);
    EXPECT_LE(place.area.bottom, producer.hidden_connections_note.top);
  }
  EXPECT_LE(producer.hidden_connections_note.bottom, producer.sender.top);
  EXPECT_GT(shown, 1);
  EXPECT_EQ(shown + producer.hidden_connections, 10);
}

TEST(PictureLayout, AConnectionWithARequestInFlightIsShownBeforeIdleOnes) {
  const ViewerState state = viewer_at(ten_brokers(), 1ms);
  const PipelineView view = pipeline_view(scene(state));
  const PictureLayout layout = picture_layout(view, kPicture, kPool, Scale{1});
  for (std::size_t i = 0; i < view.producers[0].connections.size(); ++i) {
    const ConnectionBox& connection = view.producers[0].connections[i];
    const bool is_shown = !is_empty(layout.producers[0].connections[i].area);
    if (connection.node == core::NodeId{9}) {
      EXPECT_EQ(connection.in_flight.size(), 1U);
      EXPECT_TRUE(is_shown);
    }
    if (connection.node == core::NodeId{8}) {
      EXPECT_FALSE(is_shown);
    }
  }
}

// Two producers of three threads each in the picture of a small screen.
TEST(PictureLayout, AThreadKeepsItsRoomBesideTheCompletions) {
  std::string toml = R"(
warm = true
[cluster]
brokers = 1
[[topic]]
name = "orders"
leaders = [0]
[network]
latency = "2ms"
)";
  for (const char* producer : {"first", "second"}) {
    toml += "[[producer]]\nname = \"" + std::string{producer} + "\"\n";
  }
  for (int i = 0; i < 6; ++i) {
    toml += "[[thread]]\nname = \"" + std::to_string(i) + "\"\nproducer = \"" +
            (i < 3 ? "first" : "second") +
            "\"\nrun = [{ send = \"orders\", partition = 0, value_size = 100 }]\n";
  }
  const ViewerState state = viewer_at(toml, 1ms);
  const PipelineView view = pipeline_view(scene(state));
  const PictureLayout layout = picture_layout(view, kPicture, kPool, Scale{1});
  ASSERT_EQ(layout.producers.size(), 2U);
  for (const ProducerPlace& producer : layout.producers) {
    ASSERT_EQ(producer.threads.size(), 3U);
    for (const Rect& thread : producer.threads) {
      EXPECT_GE(thread.height(), 30);
      EXPECT_LE(thread.bottom, layout.completions.top);
    }
  }
}

}  // namespace
}  // namespace linger::viz
