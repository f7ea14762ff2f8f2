#include "feeds/html_allowlist.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace gazetted {
namespace {

using Names = std::span<const std::string_view>;
using enum ElementReading;

constexpr std::string_view link_attributes[] = {"href", "hreflang"};
constexpr std::string_view image_attributes[] = {"src",
                                                 "srcset",
                                                 "sizes",
                                                 "alt",
                                                 "width",
                                                 "height",
                                                 "data-src",
                                                 "data-lazy-src",
                                                 "data-original",
                                                 "data-actualsrc",
                                                 "data-echo",
                                                 "data-lazy",
                                                 "data-original-src",
                                                 "data-srcset",
                                                 "data-lazy-srcset",
                                                 "data-original-set"};
constexpr std::string_view source_attributes[] = {"src",   "srcset",   "sizes",       "type",
                                                  "media", "data-src", "data-srcset", "data-lazy-srcset"};
constexpr std::string_view video_attributes[] = {"src", "poster", "width", "height", "data-src"};
constexpr std::string_view audio_attributes[] = {"src", "data-src"};
constexpr std::string_view frame_attributes[] = {"src", "data-src"};
constexpr std::string_view cell_attributes[] = {"colspan", "rowspan"};
constexpr std::string_view heading_cell_attributes[] = {"colspan", "rowspan", "scope"};
constexpr std::string_view ordered_list_attributes[] = {"start", "reversed", "type"};
constexpr std::string_view item_attributes[] = {"value"};
constexpr std::string_view quote_attributes[] = {"cite"};
constexpr std::string_view change_attributes[] = {"cite", "datetime"};
constexpr std::string_view time_attributes[] = {"datetime"};
constexpr std::string_view details_attributes[] = {"open"};
constexpr std::string_view all_attributes[] = {"dir", "lang", "title"};
constexpr std::string_view lazy_src[] = {"data-src",  "data-lazy-src", "data-original",    "data-actualsrc",
                                         "data-echo", "data-lazy",     "data-original-src"};
constexpr std::string_view lazy_srcset[] = {"data-srcset", "data-lazy-srcset", "data-original-set"};

constexpr HtmlElement elements[] = {
    // Text and its sections.
    {"address", "address", block, {}},
    {"article", "article", block, {}},
    {"aside", "aside", block, {}},
    {"blockquote", "blockquote", block, quote_attributes},
    {"dd", "dd", block, {}},
    {"details", "details", block, details_attributes},
    {"div", "div", block, {}},
    {"dl", "dl", block, {}},
    {"dt", "dt", block, {}},
    {"figcaption", "figcaption", block, {}},
    {"figure", "figure", block, {}},
    {"footer", "footer", block, {}},
    {"h1", "h1", block, {}},
    {"h2", "h2", block, {}},
    {"h3", "h3", block, {}},
    {"h4", "h4", block, {}},
    {"h5", "h5", block, {}},
    {"h6", "h6", block, {}},
    {"header", "header", block, {}},
    {"li", "li", block, item_attributes},
    {"ol", "ol", block, ordered_list_attributes},
    {"p", "p", block, {}},
    {"pre", "pre", block, {}},
    {"section", "section", block, {}},
    {"summary", "summary", block, {}},
    {"ul", "ul", block, {}},
    // Phrases.
    {"abbr", "abbr", ordinary, {}},
    {"bdi", "bdi", ordinary, {}},
    {"bdo", "bdo", ordinary, {}},
    {"cite", "cite", ordinary, {}},
    {"del", "del", ordinary, change_attributes},
    {"dfn", "dfn", ordinary, {}},
    {"ins", "ins", ordinary, change_attributes},
    {"kbd", "kbd", ordinary, {}},
    {"mark", "mark", ordinary, {}},
    {"q", "q", ordinary, quote_attributes},
    {"rp", "rp", ordinary, {}},
    {"rt", "rt", ordinary, {}},
    {"ruby", "ruby", ordinary, {}},
    {"samp", "samp", ordinary, {}},
    {"span", "span", ordinary, {}},
    {"sub", "sub", ordinary, {}},
    {"sup", "sup", ordinary, {}},
    {"time", "time", ordinary, time_attributes},
    {"var", "var", ordinary, {}},
    // What may overlap.
    {"a", "a", formatting, link_attributes},
    {"b", "b", formatting, {}},
    {"code", "code", formatting, {}},
    {"em", "em", formatting, {}},
    {"i", "i", formatting, {}},
    {"s", "s", formatting, {}},
    {"small", "small", formatting, {}},
    {"strong", "strong", formatting, {}},
    {"u", "u", formatting, {}},
    // Leaves and media.
    {"audio", "audio", ordinary, audio_attributes},
    {"br", "br", leaf, {}},
    {"hr", "hr", leaf, {}},
    {"img", "img", leaf, image_attributes},
    {"picture", "picture", ordinary, {}},
    {"source", "source", leaf, source_attributes},
    {"video", "video", ordinary, video_attributes},
    {"wbr", "wbr", leaf, {}},
    // Tables.
    {"caption", "caption", table_part, {}},
    {"table", "table", block, {}},
    {"tbody", "tbody", table_part, {}},
    {"td", "td", table_part, cell_attributes},
    {"tfoot", "tfoot", table_part, {}},
    {"th", "th", table_part, heading_cell_attributes},
    {"thead", "thead", table_part, {}},
    {"tr", "tr", table_part, {}},
    // Written as something plainer.
    {"acronym", "abbr", ordinary, {}},
    {"center", "div", block, {}},
    {"dialog", "div", block, {}},
    {"dir", "ul", block, {}},
    {"fieldset", "div", block, {}},
    {"form", "div", block, {}},
    {"hgroup", "div", block, {}},
    {"image", "img", leaf, image_attributes},
    {"listing", "pre", block, {}},
    {"main", "div", block, {}},
    {"menu", "ul", block, {}},
    {"nav", "div", block, {}},
    {"search", "div", block, {}},
    {"strike", "s", formatting, {}},
    {"tt", "code", formatting, {}},
    // Leaves without a meaning of their own.
    {"base", "", leaf, {}},
    {"basefont", "", leaf, {}},
    {"bgsound", "", leaf, {}},
    {"col", "", leaf, {}},
    {"colgroup", "", leaf, {}},
    {"command", "", leaf, {}},
    {"embed", "", leaf, {}},
    {"area", "", leaf, {}},
    {"frame", "", leaf, {}},
    {"input", "", leaf, {}},
    {"keygen", "", leaf, {}},
    {"link", "", leaf, {}},
    {"meta", "", leaf, {}},
    {"param", "", leaf, {}},
    {"track", "", leaf, {}},
    {"html", "", leaf, {}},
    {"head", "", leaf, {}},
    {"body", "", leaf, {}},
    {"frameset", "", leaf, {}},
    // Whose content is text, whatever it looks like.
    {"plaintext", "pre", raw_text, {}},
    {"textarea", "", raw_text, {}},
    {"xmp", "pre", raw_text, {}},
    // Unwrapped, but for the video that one may name.
    {"object", "", ordinary, {}},
    // Left out with what is in them.
    {"iframe", "", raw, frame_attributes},
    {"noembed", "", raw, {}},
    {"noframes", "", raw, {}},
    {"script", "", raw, {}},
    {"style", "", raw, {}},
    {"title", "", raw, {}},
    {"annotation", "", dropped, {}},
    {"annotation-xml", "", dropped, {}},
    {"datalist", "", dropped, {}},
    {"select", "", dropped, {}},
    {"svg", "", dropped, {}},
    {"template", "", dropped, {}},
};

const std::unordered_map<std::string_view, const HtmlElement*> elements_by_name = [] {
    std::unordered_map<std::string_view, const HtmlElement*> result;
    for (const HtmlElement& element : elements) result.emplace(element.name, &element);
    return result;
}();

constexpr std::string_view link_schemes[] = {"http", "https", "mailto", "tel", "sms", "xmpp", "callto", "ftp"};

/// A player's address is its host and what stands before the video's id; the page's is what stands before it there.
struct VideoHost {
    std::string_view player;
    std::string_view page;
};
constexpr VideoHost video_hosts[] = {
    {"www.youtube.com/embed/", "https://www.youtube.com/watch?v="},
    {"youtube.com/embed/", "https://www.youtube.com/watch?v="},
    {"www.youtube.com/v/", "https://www.youtube.com/watch?v="},
    {"youtube.com/v/", "https://www.youtube.com/watch?v="},
    {"www.youtube-nocookie.com/embed/", "https://www.youtube.com/watch?v="},
    {"player.vimeo.com/video/", "https://vimeo.com/"},
    {"vimeo.com/moogaloop.swf?clip_id=", "https://vimeo.com/"},
    {"www.dailymotion.com/embed/video/", "https://www.dailymotion.com/video/"},
    {"www.dailymotion.com/swf/video/", "https://www.dailymotion.com/video/"},
    {"player.bilibili.com/player.html?bvid=", "https://www.bilibili.com/video/"},
    {"player.bilibili.com/player.html?aid=", "https://www.bilibili.com/video/av"},
    {"v.qq.com/txp/iframe/player.html?vid=", "https://v.qq.com/x/page/"},
    {"v.qq.com/iframe/player.html?vid=", "https://v.qq.com/x/page/"},
    {"player.youku.com/embed/", "https://v.youku.com/v_show/id_"},
};

/// What embeds a player, and where it says which.
struct Player {
    std::string_view element;
    std::string_view attribute;
};
constexpr Player players[] = {{"iframe", "src"}, {"embed", "src"}, {"object", "data"}, {"param", "value"}};

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '=';
}

/// What follows `player` in `src`; a player's parameter may stand anywhere in the query.
std::string_view after_player(std::string_view src, std::string_view player) {
    const std::size_t mark = player.find('?');
    if (mark == std::string_view::npos) return src.starts_with(player) ? src.substr(player.size()) : std::string_view();
    if (!src.starts_with(player.substr(0, mark + 1))) return {};
    const std::string_view name = player.substr(mark + 1);
    for (std::size_t at = src.find(name, mark + 1); at != std::string_view::npos; at = src.find(name, at + 1)) {
        const char before = src[at - 1];  // the semicolon is the end of an `&amp;`
        if (before == '?' || before == '&' || before == ';') return src.substr(at + name.size());
    }
    return {};
}

}  // namespace

const HtmlElement* find_html_element(std::string_view name) {
    const auto found = elements_by_name.find(name);
    return found == elements_by_name.end() ? nullptr : found->second;
}

Names html_attributes_of_all() { return all_attributes; }

Names lazy_src_attributes() { return lazy_src; }

Names lazy_srcset_attributes() { return lazy_srcset; }

std::string_view player_attribute(std::string_view element) {
    const auto found =
        std::find_if(std::begin(players), std::end(players), [&](const Player& it) { return it.element == element; });
    return found == std::end(players) ? std::string_view() : found->attribute;
}

bool is_link_scheme(std::string_view scheme) {
    return std::find(std::begin(link_schemes), std::end(link_schemes), scheme) != std::end(link_schemes);
}

bool is_media_scheme(std::string_view scheme) { return scheme == "http" || scheme == "https"; }

std::string video_page(std::string_view player) {
    while (!player.empty() && static_cast<unsigned char>(player.front()) <= ' ') player.remove_prefix(1);
    for (const std::string_view start : {"https:", "http:"}) {
        if (player.starts_with(start)) player.remove_prefix(start.size());
    }
    if (!player.starts_with("//")) return {};
    player.remove_prefix(2);
    for (const VideoHost& host : video_hosts) {
        const std::string_view rest = after_player(player, host.player);
        const std::size_t length =
            static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_id_character) - rest.begin());
        const bool ended = length == rest.size() || std::string_view("?&/# ").find(rest[length]) != std::string_view::npos;
        if (length > 0 && length <= 64 && ended) return std::string(host.page).append(rest.substr(0, length));
    }
    return {};
}

}  // namespace gazetted
