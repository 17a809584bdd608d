// Where each thing of the pipeline stands in its picture. No ImGui here: what is drawn, what is
// clicked and what flies from one place to another all ask here.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "viz/layout.h"
#include "viz/motion.h"
#include "viz/pipeline_view.h"

namespace linger::viz {

// The picture's columns, from left to right.
struct PictureColumns {
  Rect threads;
  Rect deques;
  Rect in_flight;
  Rect wires;
  Rect brokers;
};

// Places of the parts of a view's element stand in vectors as long as the element's own, in the
// same order; the place of a part for which there is no room is empty.
struct LanePlace {
  Rect area;
  Rect head;   // name and verdict
  Rect track;  // the batches, the deque's head at the right
  std::vector<Rect> batches;
  int hidden = 0;
};

struct RequestPlace {
  Rect area;
  std::vector<Rect> batches;  // one above the other
  int hidden = 0;
  Rect rest;  // below them, to tell how many are hidden
};
struct ConnectionPlace {
  Rect area;  // empty: nothing worth showing
  Rect head;
  std::vector<Rect> slots;  // for requests in flight, the oldest at the right
  std::vector<RequestPlace> requests;
  int hidden = 0;
  Point port;         // the wire's end at the producer
  Point broker_port;  // and at the broker
};

struct ProducerPlace {
  Rect band;
  Rect name;  // empty if there is only one producer
  std::vector<Rect> threads;
  Rect deques;              // the window onto the lanes
  float deques_height = 0;  // of all lanes: more than the window's if they have to be scrolled
  std::vector<LanePlace> lanes;
  Rect sender;
  std::vector<ConnectionPlace> connections;
  int hidden_connections = 0;  // for which there is no room
  Rect hidden_connections_note;
};

struct LogPlace {
  Rect area;
  Rect name;
  Rect replicas;  // a line about them; empty if there is no room, or none
  Rect track;
  std::vector<Rect> batches;  // the newest at the right
  int hidden = 0;             // of those in the view
};
struct BrokerPlace {
  Rect area;
  Rect head;
  Rect queue;
  Rect logs;              // the window onto the logs
  float logs_height = 0;  // of all of them
  std::vector<LogPlace> log_places;
  std::vector<Rect> followed;  // empty if there is no room for all
  Rect followed_in_short;      // instead; empty if there is none for that, either
};

struct PoolPlace {
  Rect area;
  Rect head;
  Rect waiters;
  Rect bar;
  Rect non_pooled;  // parts of the bar
  Rect free_list;
  std::vector<Rect> free_buffers;  // those there is room for
  std::vector<Rect> held;          // as PoolView::held_by
  Rect gathered;
  bool is_to_scale = true;
};

struct PictureLayout {
  PictureColumns columns;
  Rect headings;
  std::vector<ProducerPlace> producers;
  std::vector<BrokerPlace> brokers;
  BrokerPlace leaderless;  // logs that no broker leads
  Rect completions;
  std::vector<PoolPlace> pools;  // by producer
};
PictureLayout picture_layout(const PipelineView& view, Rect picture, Rect pool, Scale scale);

// Moves what scrolls: the lanes of a producer, the logs of a broker.
void scroll(ProducerPlace& producer, float by);
void scroll(BrokerPlace& broker, float by);

// Where a flight begins or ends. What is not in sight is at the edge of where it would be.
Point place_of(const Anchor& anchor, const PipelineView& view, const PictureLayout& layout);

// The ends of the wire that belongs to a packet; nothing if its connection is not shown.
struct WireEnds {
  Point producer;
  Point broker;
};
std::optional<WireEnds> wire_of(const Packet& packet, const PipelineView& view,
                                const PictureLayout& layout);

}  // namespace linger::viz
