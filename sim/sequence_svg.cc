#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/message_sequence.h"
#include "sim/run_export.h"
#include "sim/trace_text.h"

namespace linger::sim {

namespace {

// In pixels.
constexpr int kSvgMargin = 16;
constexpr int kSvgTitle = 34;
constexpr int kSvgHead = 40;
constexpr int kSvgRow = 20;
constexpr int kSvgTimes = 100;
constexpr int kSvgTold = 300;  // beside a producer
constexpr int kSvgApart = 260;

constexpr std::string_view kSvgStyle =
    "text{font:12px sans-serif;fill:#111}"
    ".t{fill:#666}.b{font-weight:bold}.h{font-size:16px;font-weight:bold}"
    ".l{stroke:#999;stroke-width:1}"
    ".q{stroke:#b35900;stroke-width:1.5}.a{stroke:#205080;stroke-width:1.5;stroke-dasharray:6 4}"
    ".x{stroke:#c00000;stroke-width:2}.e{fill:#c00000}"
    ".g{paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}"
    ".f{fill:#fbe3dc}";

std::string escaped_xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class SvgDiagram {
 public:
  explicit SvgDiagram(const FinishedRun& run)
      : scenario_{*run.world.scenario}, brokers_{run.world.servers.cluster().brokers()} {
    const World start{run.world.scenario};
    sequence_.begin(start.servers.network());
    for (std::size_t i = 0; i < run.trace.size(); ++i) sequence_.add(run.trace[i], i);
    producers_ = scenario_.producers.size();
  }

  std::string text() {
    const auto lines = static_cast<int>(sequence_.lines().size());
    const int width = x_of_broker(brokers_.empty() ? 0 : brokers_.size() - 1) + kSvgApart / 2;
    const int height = top() + (lines + 1) * kSvgRow + kSvgMargin;
    add(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" )"
        R"(viewBox="0 0 {0} {1}">)",
        width, height);
    add("<style>{}</style>", kSvgStyle);
    add(R"(<rect width="{}" height="{}" fill="#fff"/>)", width, height);
    draw_heads(height);
    for (int i = 0; i < lines; ++i) draw_line(i, width);
    for (const Message& message : sequence_.messages()) draw_arrow(message, lines);
    for (const Message& message : sequence_.messages()) draw_label(message);
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  template <class... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Values>(values)...);
    out_ += '\n';
  }

  static int top() { return kSvgMargin + kSvgTitle + kSvgHead; }
  static int y_of(int line) { return top() + line * kSvgRow + kSvgRow / 2; }
  int x_of_producer(std::size_t producer) const {
    return kSvgMargin + kSvgTimes + static_cast<int>(producer + 1) * kSvgTold;
  }
  int x_of_broker(std::size_t place) const {
    return x_of_producer(producers_ - 1) + static_cast<int>(place + 1) * kSvgApart;
  }
  int x_of(ProducerIndex producer) const {
    return x_of_producer(static_cast<std::size_t>(std::max(producer.value(), 0)));
  }
  int x_of(NodeId broker) const {
    const auto found = std::find(brokers_.begin(), brokers_.end(), broker);
    return x_of_broker(
        found == brokers_.end() ? 0 : static_cast<std::size_t>(found - brokers_.begin()));
  }

  void draw_heads(int height) {
    const std::string& title =
        scenario_.lesson.title.empty() ? scenario_.file : scenario_.lesson.title;
    add(R"(<text class="h" x="{}" y="{}">{}</text>)", kSvgMargin, kSvgMargin + 16,
        escaped_xml(title));
    for (std::size_t i = 0; i < producers_; ++i) {
      draw_head(x_of_producer(i), scenario_.producers[i].name, height);
    }
    for (std::size_t i = 0; i < brokers_.size(); ++i) {
      draw_head(x_of_broker(i), fmt::format("broker {}", brokers_[i].value()), height);
    }
  }
  void draw_head(int x, std::string_view name, int height) {
    add(R"(<text class="b" x="{}" y="{}" text-anchor="middle">{}</text>)", x, top() - 14,
        escaped_xml(name));
    add(R"(<line class="l" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>)", x, top() - 6,
        height - kSvgMargin);
  }

  void draw_line(int place, int width) {
    const std::vector<SequenceLine>& lines = sequence_.lines();
    const SequenceLine& line = lines[static_cast<std::size_t>(place)];
    const int y = y_of(place);
    if (line.kind == SequenceLine::Kind::Fault) {
      add(R"(<rect class="f" x="{}" y="{}" width="{}" height="{}"/>)", kSvgMargin, y - kSvgRow / 2,
          width - 2 * kSvgMargin, kSvgRow);
    }
    const bool is_new_time = place == 0 || lines[static_cast<std::size_t>(place - 1)].at != line.at;
    if (is_new_time) {
      add(R"(<text class="t" x="{}" y="{}">{}</text>)", kSvgMargin, y + 4, instant_text(line.at));
    }
    if (is_of_a_message(line.kind)) return;
    const std::string text = escaped_xml(line_text(line, sequence_.messages()));
    if (line.kind == SequenceLine::Kind::Fault) {
      add(R"(<text class="e" x="{}" y="{}">{}</text>)", kSvgMargin + kSvgTimes, y + 4, text);
      return;
    }
    const bool is_bad = line.error || line.kind == SequenceLine::Kind::GivenUp;
    add(R"(<text class="{}" x="{}" y="{}" text-anchor="end">{}</text>)", is_bad ? "e" : "",
        x_of(line.producer) - 8, y + 4, text);
  }

  void draw_arrow(const Message& message, int lines) {
    int from = x_of(message.producer);
    int to = x_of(message.broker);
    if (!message.is_request()) std::swap(from, to);
    const int from_y = y_of(static_cast<int>(message.sent));
    const int to_y = y_of(message.over ? static_cast<int>(*message.over) : lines);
    const bool has_arrived = message.over && !message.is_lost;
    if (!has_arrived) to = (from + to) / 2;
    add(R"(<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>)", message.is_request() ? "q" : "a",
        from, from_y, to, to_y);
    if (message.is_lost) {
      add(R"(<path class="x" d="M{} {}l12 12m0 -12l-12 12"/>)", to - 6, to_y - 6);
      return;
    }
    const int back = to > from ? -9 : 9;
    add(R"(<path d="M{} {}l{} -5l0 10z"/>)", to, to_y, back);
  }
  void draw_label(const Message& message) {
    const bool goes_right = message.is_request();
    const int x = goes_right ? x_of(message.producer) + 10 : x_of(message.broker) - 10;
    add(R"(<text class="g{}" x="{}" y="{}" text-anchor="{}">{}</text>)",
        message.refused.empty() ? "" : " e", x, y_of(static_cast<int>(message.sent)) + 4,
        goes_right ? "start" : "end", escaped_xml(message_text(message)));
  }

  const Scenario& scenario_;
  std::vector<NodeId> brokers_;
  std::size_t producers_ = 0;
  MessageSequence sequence_;
  std::string out_;
};

}  // namespace

std::string sequence_svg(const FinishedRun& run) {
  return SvgDiagram{run}.text();
}

}  // namespace linger::sim
