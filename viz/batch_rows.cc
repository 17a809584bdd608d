#include "viz/batch_rows.h"

#include <algorithm>

namespace linger::viz {

void BatchRows::follow(const sim::BatchLives& lives) {
  for (; known_ < lives.all().size(); ++known_) {
    const sim::BatchLife& life = lives.all()[known_];
    std::vector<Line>& lines = lanes_[{life.producer, life.partition}];
    auto free = std::find_if(lines.begin(), lines.end(), [&lives](const Line& line) {
      return lives.all()[line.lives.back()].is_done();
    });
    if (free == lines.end()) {
      free = lines.insert(free, Line{.position = life.stages.front().position, .lives = {}});
    }
    free->lives.push_back(known_);
  }
}

}  // namespace linger::viz
