#include "viz/platform/drawn_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "viz/platform/imgui_versions.h"

namespace linger::viz {
namespace {

struct AtlasGlyph {
  const ImFontGlyph* glyph = nullptr;
  float space = 0;  // how wide the font's space is, at the atlas' size
};

// Glyphs by the corners of their picture in the atlas: ImGui cuts a glyph at a window's edge, which
// moves one of the two corners.
struct GlyphIndex {
  std::map<std::pair<float, float>, AtlasGlyph> by_top_left;
  std::map<std::pair<float, float>, AtlasGlyph> by_bottom_right;
};

GlyphIndex index_glyphs(const ImFontAtlas& atlas) {
  GlyphIndex index;
  for (ImFont* font : atlas.Fonts) {
    const ImVector<ImFontGlyph>& glyphs = glyphs_of(*font);
    const auto is_space = [](const ImFontGlyph& glyph) { return glyph.Codepoint == ' '; };
    const ImFontGlyph* space = std::find_if(glyphs.begin(), glyphs.end(), is_space);
    const float width = space == glyphs.end() ? 0 : space->AdvanceX;
    for (const ImFontGlyph& glyph : glyphs) {
      if (glyph.X1 <= glyph.X0) continue;
      index.by_top_left[{glyph.U0, glyph.V0}] = {&glyph, width};
      index.by_bottom_right[{glyph.U1, glyph.V1}] = {&glyph, width};
    }
  }
  return index;
}

// A glyph on the screen, as two triangles.
struct Quad {
  ImDrawVert first;  // top left
  ImDrawVert last;   // bottom right
};

struct PlacedGlyph {
  AtlasGlyph source;
  Rect rect;
  float scale;  // screen pixels for one of the atlas
  float pen;    // where the character begins
  float line;   // where the line's top is
};

std::optional<PlacedGlyph> find_glyph(const GlyphIndex& index, const Quad& quad) {
  const auto by_first = index.by_top_left.find({quad.first.uv.x, quad.first.uv.y});
  const auto by_last = index.by_bottom_right.find({quad.last.uv.x, quad.last.uv.y});
  const bool has_first = by_first != index.by_top_left.end();
  if (!has_first && by_last == index.by_bottom_right.end()) return std::nullopt;
  const AtlasGlyph source = has_first ? by_first->second : by_last->second;
  const ImFontGlyph& glyph = *source.glyph;
  const Rect rect{quad.first.pos.x, quad.first.pos.y, quad.last.pos.x, quad.last.pos.y};
  const float uv_width = quad.last.uv.x - quad.first.uv.x;
  if (uv_width <= 0) return std::nullopt;
  const float whole = rect.width() * (glyph.U1 - glyph.U0) / uv_width;  // as if not cut
  const float scale = whole / (glyph.X1 - glyph.X0);
  const float pen = has_first ? rect.left - glyph.X0 * scale : rect.right - glyph.X1 * scale;
  const float line = has_first ? rect.top - glyph.Y0 * scale : rect.bottom - glyph.Y1 * scale;
  return PlacedGlyph{.source = source, .rect = rect, .scale = scale, .pen = pen, .line = line};
}

void append_utf8(std::string& text, unsigned codepoint) {
  const auto byte = [&text](unsigned value) { text += static_cast<char>(value); };
  if (codepoint < 0x80) {
    byte(codepoint);
  } else if (codepoint < 0x800) {
    byte(0xC0 | (codepoint >> 6));
    byte(0x80 | (codepoint & 0x3F));
  } else {
    byte(0xE0 | ((codepoint >> 12) & 0x0F));
    byte(0x80 | ((codepoint >> 6) & 0x3F));
    byte(0x80 | (codepoint & 0x3F));
  }
}

Rect united(const Rect& a, const Rect& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

bool is_mostly_inside(const Rect& rect, const ImVec4& clip) {
  const float width = std::min(rect.right, clip.z) - std::max(rect.left, clip.x);
  const float height = std::min(rect.bottom, clip.w) - std::max(rect.top, clip.y);
  return width > 0 && height > 0 && width * height * 2 >= rect.width() * rect.height();
}

Rect common(const Rect& rect, const ImVec4& clip) {
  return {std::max(rect.left, clip.x), std::max(rect.top, clip.y), std::min(rect.right, clip.z),
          std::min(rect.bottom, clip.w)};
}

// Joins glyphs that follow each other on a line.
class TextReader {
 public:
  void add(const PlacedGlyph& glyph, const ImVec4& clip) {
    if (is_second_stroke(glyph)) return;
    const float space = glyph.source.space * glyph.scale;
    const float distance = glyph.pen - next_pen_;
    const bool continues = is_open_ && std::fabs(glyph.line - line_) < 2 && distance > -space / 2 &&
                           distance < space * 1.4F;
    if (!continues) {
      close();
      texts_.push_back({.text = "", .rect = glyph.rect});
      clip_ = clip;
    } else if (distance > space / 2) {
      texts_.back().text += ' ';
    }
    is_open_ = true;
    append_utf8(texts_.back().text, glyph.source.glyph->Codepoint);
    texts_.back().rect = united(texts_.back().rect, glyph.rect);
    next_pen_ = glyph.pen + glyph.source.glyph->AdvanceX * glyph.scale;
    line_ = glyph.line;
  }

  void close() {
    if (is_open_) {
      SeenText& seen = texts_.back();
      seen.is_visible = is_mostly_inside(seen.rect, clip_);
      if (seen.is_visible) seen.rect = common(seen.rect, clip_);
    }
    is_open_ = false;
  }

  std::vector<SeenText> take() { return std::move(texts_); }

 private:
  // A bold Chinese character is drawn again right beside itself, and seen once.
  bool is_second_stroke(const PlacedGlyph& glyph) {
    constexpr unsigned kFirstChinese = 0x3000;
    const unsigned character = glyph.source.glyph->Codepoint;
    if (character < kFirstChinese) return false;
    const float beside = glyph.source.glyph->AdvanceX * glyph.scale / 6;
    std::vector<float>& pens = chinese_[{character, std::lround(glyph.line)}];
    const bool is_again = std::ranges::any_of(
        pens, [&](float pen) { return glyph.pen - pen > 0 && glyph.pen - pen < beside; });
    if (!is_again) pens.push_back(glyph.pen);
    return is_again;
  }

  std::vector<SeenText> texts_;
  std::map<std::pair<unsigned, long>, std::vector<float>> chinese_;  // where, by character and line
  ImVec4 clip_;
  bool is_open_ = false;
  float next_pen_ = 0;
  float line_ = 0;
};

// ImGui writes a glyph as the triangles 0 1 2 and 0 2 3 of four vertices.
std::optional<Quad> quad_at(const ImDrawList& list, const ImDrawCmd& command, unsigned element) {
  if (element + 6 > command.ElemCount) return std::nullopt;
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset + element;
  const unsigned base = index[0];
  const bool is_quad = index[1] == base + 1 && index[2] == base + 2 && index[3] == base &&
                       index[4] == base + 2 && index[5] == base + 3;
  if (!is_quad) return std::nullopt;
  const ImDrawVert* vertex = list.VtxBuffer.Data + command.VtxOffset + base;
  return Quad{.first = vertex[0], .last = vertex[2]};
}

void read_command(const ImDrawList& list, const ImDrawCmd& command, const GlyphIndex& index,
                  TextReader& reader) {
  if (command.UserCallback != nullptr) return;
  for (unsigned element = 0; element < command.ElemCount;) {
    const std::optional<Quad> quad = quad_at(list, command, element);
    const std::optional<PlacedGlyph> glyph = quad ? find_glyph(index, *quad) : std::nullopt;
    if (glyph) {
      reader.add(*glyph, command.ClipRect);
    } else {
      reader.close();
    }
    element += glyph ? 6 : 3;
  }
  reader.close();
}

}  // namespace

std::vector<SeenText> drawn_texts(const ImDrawData& data, const ImFontAtlas& atlas) {
  const GlyphIndex index = index_glyphs(atlas);
  TextReader reader;
  for (int i = 0; i < list_count(data); ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) read_command(list, command, index, reader);
  }
  return reader.take();
}

}  // namespace linger::viz
