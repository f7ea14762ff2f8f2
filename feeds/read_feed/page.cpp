#include "feeds/read_feed/page.hpp"

#include "feeds/ascii.hpp"
#include "feeds/read_feed/references.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <vector>

namespace gazetted {
namespace {

constexpr std::string_view blanks = " \t\n\r\f";
constexpr std::size_t page_bytes_max = std::size_t{512} << 10;
constexpr std::size_t feeds_max = 20;

constexpr std::string_view feed_types[] = {"application/rss+xml",   "application/atom+xml", "application/rdf+xml",
                                           "application/feed+json", "application/json",     "text/xml",
                                           "application/xml"};

/// The value of an attribute in the text of a tag, references decoded.
std::string attribute_of(std::string_view tag, std::string_view name) {
    const std::string lower = lower_case(tag);
    for (std::size_t at = lower.find(name); at != std::string::npos; at = lower.find(name, at + 1)) {
        std::size_t value = at + name.size();
        if (at == 0 || blanks.find(lower[at - 1]) == std::string_view::npos) continue;
        value = lower.find_first_not_of(blanks, value);
        if (value == std::string::npos || lower[value] != '=') continue;
        value = lower.find_first_not_of(blanks, value + 1);
        if (value == std::string::npos) return {};
        const char quote = lower[value];
        const bool is_quoted = quote == '"' || quote == '\'';
        const std::size_t begin = is_quoted ? value + 1 : value;
        const std::size_t end = is_quoted ? lower.find(quote, begin) : lower.find_first_of(blanks, begin);
        std::string decoded;
        append_decoded(tag.substr(begin, end == std::string::npos ? end : end - begin), decoded);
        return decoded;
    }
    return {};
}

}  // namespace

bool looks_like_page(std::string_view text) {
    const std::string head = lower_case(trimmed(text.substr(0, 1024)));
    return head.starts_with("<!doctype html") || head.starts_with("<html");
}

std::string advertised_feeds(std::string_view html, std::string_view url) {
    html = html.substr(0, page_bytes_max);
    const std::string lower = lower_case(html);
    std::vector<std::string> feeds;
    for (std::size_t at = lower.find("<link"); at != std::string::npos && feeds.size() < feeds_max;
         at = lower.find("<link", lower.find('>', at))) {
        const std::size_t end = lower.find('>', at);
        if (end == std::string::npos) break;
        const std::string_view tag = html.substr(at + 5, std::min<std::size_t>(end - at - 5, 4096));
        if (lower_case(attribute_of(tag, "rel")).find("alternate") == std::string::npos) continue;
        const std::string type = lower_case(attribute_of(tag, "type"));
        if (std::find(std::begin(feed_types), std::end(feed_types), type) == std::end(feed_types)) continue;
        std::string address = absolute(without_feed_scheme(attribute_of(tag, "href")), url);
        if (!address.empty() && std::find(feeds.begin(), feeds.end(), address) == feeds.end())
            feeds.push_back(std::move(address));
    }
    std::string all;
    for (const std::string& feed : feeds) all.append(all.empty() ? "" : " ").append(feed);
    return all;
}

}  // namespace gazetted
