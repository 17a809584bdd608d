// The language in which the viewer speaks. English texts are their own keys: tr("paused") is
// "paused" in English, and what the tables of viz/chinese_*.cc have for it in Chinese.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace linger::viz {

enum class Language : std::uint8_t { English, Chinese };

// The one in use, in the whole process. English until something else is set.
Language language();
void set_language(Language language);
// Says in one of them what is kept for when it is in use, until the end of the scope.
class InLanguage {
 public:
  explicit InLanguage(Language wanted);
  ~InLanguage();
  InLanguage(const InLanguage&) = delete;
  InLanguage& operator=(const InLanguage&) = delete;

 private:
  Language before_;
};
// "en", "zh"
std::string_view code_of(Language language);

// A text that lasts as long as the program does, if what it was made from does.
class Phrase {
 public:
  constexpr explicit Phrase(std::string_view text) : text_{text} {}
  constexpr Phrase(const char* text) : text_{text} {}  // "" where there is nothing to say
  constexpr operator std::string_view() const { return text_; }
  operator std::string() const { return std::string{text_}; }

 private:
  std::string_view text_;
};

// The text in the language in use; the English one where the tables have none.
Phrase tr(std::string_view english);

// The same of a pattern: tr("{} of {}", 1, 2). The Chinese one may name its places in another
// order,
// "{1}…{0}".
template <class... Args>
requires(sizeof...(Args) > 0) std::string
    tr(fmt::format_string<const Args&...> english, const Args&... args) {
  const auto pattern = static_cast<fmt::string_view>(english);
  const std::string_view said = tr(std::string_view{pattern.data(), pattern.size()});
  return fmt::vformat(fmt::string_view{said.data(), said.size()}, fmt::make_format_args(args...));
}

}  // namespace linger::viz

template <>
struct fmt::formatter<linger::viz::Phrase> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(linger::viz::Phrase phrase, Context& context) const {
    return fmt::formatter<std::string_view>::format(std::string_view{phrase}, context);
  }
};
