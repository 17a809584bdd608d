#include "viz/platform/fonts.h"

#include <array>
#include <filesystem>
#include <string>
#include <system_error>

namespace linger::viz {
namespace {

// Where systems keep DejaVu: Debian, Arch, Fedora, openSUSE, macOS with a user's fonts.
constexpr std::array kFolders{
    "/usr/share/fonts/truetype/dejavu",   "/usr/share/fonts/TTF",      "/usr/share/fonts/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/truetype", "/Library/Fonts"};
// Fedora keeps the mono face in a folder of its own.
constexpr const char* kFedoraMono = "/usr/share/fonts/dejavu-sans-mono-fonts";

// What the viewer and its scenarios may say: Latin, Greek and Cyrillic, punctuation, arrows,
// mathematics, and shapes. Pairs of first and last, ended by 0. ImGui keeps the pointer.
constexpr std::array<ImWchar, 27> kRanges{0x0020, 0x017F,  // Latin with its accents
                                          0x0391, 0x03C9,  // Greek letters
                                          0x0401, 0x0451,  // Cyrillic
                                          0x2010, 0x2027,
                                          0x2030, 0x203A,  // dashes, quotes, ellipsis
                                          0x2070, 0x208E,  // superscripts and subscripts
                                          0x2190, 0x21FF,  // arrows
                                          0x2200, 0x226F,  // mathematics
                                          0x2308, 0x230B,  // ceiling and floor
                                          0x2500, 0x25FF,  // lines, blocks, shapes
                                          0x26A0, 0x26A1,  // warning, lightning
                                          0x2713, 0x2718,  // check marks and crosses
                                          0x27E8, 0x27E9,  // angle brackets
                                          0};

const char* file_name(Face face) {
  switch (face) {
    case Face::Sans:
      return "DejaVuSans.ttf";
    case Face::Bold:
      return "DejaVuSans-Bold.ttf";
    case Face::Mono:
      return "DejaVuSansMono.ttf";
  }
  return "";
}

bool is_readable(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

// Empty where the system has no such font.
std::string find_file(Face face) {
  for (const char* folder : kFolders) {
    std::string path = std::string{folder} + "/" + file_name(face);
    if (is_readable(path)) return path;
  }
  std::string fedora = std::string{kFedoraMono} + "/" + file_name(face);
  return is_readable(fedora) ? fedora : "";
}

// Debian and Ubuntu, Fedora, Arch, openSUSE, macOS. In Noto's collection the third font is the one
// for Simplified Chinese.
constexpr int kSimplifiedOfNoto = 2;
struct KnownFont {
  const char* path;
  int number;
};
constexpr std::array kChineseFonts{
    KnownFont{"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0},
    KnownFont{"/usr/share/fonts/wqy-microhei-fonts/wqy-microhei.ttc", 0},
    KnownFont{"/usr/share/fonts/wqy-microhei/wqy-microhei.ttc", 0},
    KnownFont{"/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc", 0},
    KnownFont{"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", kSimplifiedOfNoto},
    KnownFont{"/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
              kSimplifiedOfNoto},
    KnownFont{"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", kSimplifiedOfNoto},
    KnownFont{"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", kSimplifiedOfNoto},
    KnownFont{"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0},
    KnownFont{"/System/Library/Fonts/Hiragino Sans GB.ttc", 0},
    KnownFont{"/System/Library/Fonts/STHeiti Light.ttc", 0},
    KnownFont{"/Library/Fonts/Arial Unicode.ttf", 0},
    KnownFont{"/System/Library/Fonts/PingFang.ttc", 0}};

ChineseFont find_chinese_font() {
  for (const KnownFont& font : kChineseFonts) {
    if (is_readable(font.path)) return {font.path, font.number};
  }
  return {};
}

std::u32string& characters_in_use() {
  static std::u32string characters;
  return characters;
}

void add_chinese(ImFontAtlas& atlas, FontSize size, const std::vector<ImWchar>& ranges) {
  const ChineseFont& font = chinese_font();
  if (font.path.empty() || ranges.size() < 2) return;
  ImFontConfig config;
  config.MergeMode = true;
  config.FontNo = font.number;
  config.OversampleH = 1;
  config.OversampleV = 1;
  config.PixelSnapH = true;
  atlas.AddFontFromFileTTF(font.path.c_str(), size.pixels, &config, ranges.data());
}

}  // namespace

const ChineseFont& chinese_font() {
  static const ChineseFont font = find_chinese_font();
  return font;
}

void use_characters(const std::u32string& characters) {
  characters_in_use() = characters;
}

const std::u32string& used_characters() {
  return characters_in_use();
}

std::vector<ImWchar> ranges_of_used_characters() {
  std::vector<ImWchar> ranges;
  for (const char32_t character : used_characters()) {
    const auto one = static_cast<ImWchar>(character);
    if (!ranges.empty() && ranges.back() + 1 == one) {
      ranges.back() = one;
    } else {
      ranges.push_back(one);
      ranges.push_back(one);
    }
  }
  ranges.push_back(0);
  return ranges;
}

void add_font(ImFontAtlas& atlas, Face face, FontSize size,
              const std::vector<ImWchar>& chinese_ranges) {
  ImFontConfig config;
  config.SizePixels = size.pixels;
  config.OversampleH = 2;
  config.OversampleV = 1;
  const std::string path = find_file(face);
  if (path.empty() ||
      atlas.AddFontFromFileTTF(path.c_str(), size.pixels, &config, kRanges.data()) == nullptr) {
    config.OversampleH = 1;
    config.PixelSnapH = true;
    atlas.AddFontDefault(&config);
  }
  add_chinese(atlas, size, chinese_ranges);
}

}  // namespace linger::viz
