// Draws the replicas of partitions: short in the picture, in full in the inspector.
#pragma once

#include <optional>

#include "viz/parts_panel.h"
#include "viz/pipeline_view.h"
#include "viz/replica_view.h"

namespace linger::viz {

// Beneath the name of a log: the high watermark, and how many replicas are in sync.
void draw_log_replicas(Stage& stage, const ReplicasView& replicas, Rect area);
// Where in a log's track the high watermark lies, if it lies within.
void draw_high_watermark(Stage& stage, const LogTail& log, const std::vector<Rect>& batches,
                         Rect track);

// A partition that a broker follows, in a row.
void draw_followed(Stage& stage, const FollowedLog& followed, Rect area);
// All of them in one row.
void draw_followed_in_short(Stage& stage, const std::vector<FollowedLog>& followed, Rect area);

std::optional<ViewerCommand> draw_replicas_inspector(const ReplicasInspectorView& view);

}  // namespace linger::viz
