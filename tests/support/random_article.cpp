#include "tests/support/random_article.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <random>
#include <string_view>

namespace gazetted {
namespace {

constexpr std::array<std::string_view, 26> pieces = {"word ",
                                                     "more ",
                                                     "<b>bold</b>",
                                                     "&amp;",
                                                     "& ",
                                                     "<",
                                                     ">",
                                                     "]]>",
                                                     "\"'`",
                                                     "\xF0\x9F\x98\x80",
                                                     "שלום ",
                                                     "مرحبا ",
                                                     "中文",
                                                     "\xE2\x80\xAE",
                                                     "\x01",
                                                     "\x1F",
                                                     "\xFF",
                                                     "\xED\xA0\x80",
                                                     "\xEF\xBF\xBF",
                                                     "\xC2\x85",
                                                     "\xE2\x80\xA8",
                                                     "\n\t  ",
                                                     "\\u0",
                                                     "&#0;",
                                                     "&nbsp;",
                                                     "<script>x</script>"};

class Chance {
public:
    explicit Chance(std::uint32_t seed) : engine_(seed), seed_(seed) {}
    explicit Chance(std::string_view bytes) : bytes_(bytes) {}
    std::uint32_t below(std::uint32_t bound) {
        if (!bytes_) return static_cast<std::uint32_t>(engine_() % bound);
        std::uint32_t number = 0;
        for (const char byte : taken(bound > 256 ? 4 : 1)) number = number << 8U | static_cast<unsigned char>(byte);
        return number % bound;
    }
    bool once_in(std::uint32_t times) { return below(times) == 0; }

    std::string text() {
        std::string out;
        if (once_in(4)) return out;
        for (auto left = below(12); left > 0; --left) out += pieces[below(pieces.size())];
        if (bytes_ && once_in(3)) out += taken(below(40));
        return out;
    }
    /// Different from every other of the article, with something in it.
    std::string name() {
        const std::string before = text();
        // Bytes that a fuzzer chose could otherwise make two of them one.
        const std::string after = !bytes_ && once_in(3) ? text() : "";
        return before + "n" + std::to_string(++names_) + after;
    }
    std::string html() {
        std::string out;
        for (auto left = below(6); left > 0; --left) out += "<p>" + text() + "</p>";
        return once_in(8) ? text() : out;
    }
    std::string url() {
        const std::string ordinary = "https://e.example/" + std::to_string(seed_) + "/" + std::to_string(++names_) + "?a&b=<c>";
        constexpr std::array<std::string_view, 5> others = {"javascript:alert(1)", "/relative", "https://", "ftp://e.example/",
                                                            ""};
        return once_in(5) ? std::string(others[below(others.size())]) : ordinary;
    }
    std::string of(std::initializer_list<const char*> choices) {
        return *(choices.begin() + below(static_cast<std::uint32_t>(choices.size())));
    }
    template <class Make>
    auto several(Make make) {
        std::vector<decltype(make())> values;
        if (once_in(2)) return values;
        for (auto left = below(4); left > 0; --left) values.push_back(make());
        return values;
    }
    template <class Make>
    auto maybe(Make make) {
        return once_in(2) ? std::optional(make()) : std::nullopt;
    }

private:
    std::string_view taken(std::size_t count) {
        const std::string_view taken = bytes_->substr(0, count);
        bytes_->remove_prefix(taken.size());
        return taken;
    }

    std::mt19937 engine_;
    std::optional<std::string_view> bytes_;  ///< that are left; none: the engine chooses
    std::uint32_t seed_ = 0;
    int names_ = 0;
};

Instant moment(Chance& chance) {
    return Instant{std::chrono::seconds{chance.below(4'000'000'000U)}} + std::chrono::microseconds{chance.below(1'000'000)};
}

Person person(Chance& chance) {
    return {.name = chance.name(), .email = chance.of({"", "a@e.example", "no address", "@"}), .uri = chance.url()};
}

std::string language(Chance& chance) { return chance.of({"", "en", "zh_CN", "he", "not a language", "x<y"}); }

Enclosure enclosure(Chance& chance) {
    Enclosure made{.url = chance.url(),
                   .media_type = chance.of({"audio/mpeg", "image/png", "video/mp4", "none", "text/<b>"}),
                   .length_bytes = {}};
    made.length_bytes = chance.maybe([&] { return std::uint64_t{1} + chance.below(1'000'000'000); });
    made.role = static_cast<EnclosureRole>(chance.below(5));
    made.title = chance.text();
    made.language = language(chance);
    made.duration = chance.maybe([&] { return std::chrono::seconds{chance.below(100'000)}; });
    made.width = chance.maybe([&] { return chance.below(4'000); });
    made.height = chance.maybe([&] { return chance.below(4'000); });
    return made;
}

Origin origin(Chance& chance) {
    return {.entry_id = chance.text(),
            .entry_link = chance.url(),
            .feed_id = chance.text(),
            .feed_link = chance.url(),
            .home_link = chance.url(),
            .title = chance.text(),
            .subtitle = chance.text(),
            .icon = chance.url(),
            .logo = chance.url(),
            .rights = chance.text(),
            .language = language(chance),
            .authors = chance.several([&] { return person(chance); })};
}

Point point(Chance& chance) {
    return {.latitude = chance.below(180'000'001) / 1e6 - 90, .longitude = chance.below(360'000'001) / 1e6 - 180};
}

Article article_by(Chance& chance) {
    Article made;
    made.url = chance.url();
    made.title = chance.text();
    made.authors = chance.several([&] { return person(chance); });
    made.summary = chance.once_in(2) ? "<p>Its own summary</p>" + chance.html() : "";
    made.content = chance.html();
    made.language = language(chance);
    made.direction = chance.of({"", "ltr", "rtl", "up"});
    made.published = moment(chance);
    made.updated = chance.maybe([&] { return moment(chance); });
    made.categories = chance.several(
        [&] { return CategoryTerm{.slug = "slug" + chance.name(), .title = chance.once_in(2) ? chance.name() : ""}; });
    made.tags = chance.several([&] {
        return Tag{.name = chance.name(),
                   .scheme = chance.of({"", "urn:tags", "https://e.example/tags", "no scheme", "x:<>"}),
                   .label = chance.once_in(2) ? chance.name() : ""};
    });
    made.enclosures = chance.several([&] { return enclosure(chance); });
    made.rights = chance.text();
    made.comments_link = chance.url();
    made.location = {.point = chance.maybe([&] { return point(chance); }), .name = chance.text()};
    made.episode = {.season = chance.maybe([&] { return chance.below(100); }),
                    .number = chance.maybe([&] { return chance.below(1'000); }),
                    .kind = chance.of({"", "full", "trailer", "bonus", "half"}),
                    .is_explicit = chance.maybe([&] { return chance.once_in(2); })};
    made.origin = chance.maybe([&] { return origin(chance); });
    return made;
}

}  // namespace

Article random_article(std::uint32_t seed) {
    Chance chance(seed);
    Article made = article_by(chance);
    made.id = "urn:example:" + std::to_string(seed);
    made.number = seed;
    return made;
}

Article article_from(std::string_view bytes) {
    Chance chance(bytes);
    Article made = article_by(chance);
    made.id = "n" + chance.name();
    made.number = 1;
    return made;
}

}  // namespace gazetted
