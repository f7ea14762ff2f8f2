#include "daemon/reader_agent.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace gazetted {

namespace {

constexpr auto npos = std::string_view::npos;

struct KnownName {
    std::string_view begins;  // ignoring case
    std::string_view name;
};
// Only those that go by several names, or by one that says little.
constexpr KnownName known_names[] = {
    {"akregator", "Akregator"},
    {"digg feed fetcher", "Digg Reader"},
    {"feedbin", "Feedbin"},
    {"feedfetcher-google", "Feedfetcher-Google"},
    {"feedly", "Feedly"},
    {"inoreader", "Inoreader"},
    {"netnewswire", "NetNewsWire"},
    {"netvibes", "Netvibes"},
    {"newsblur", "NewsBlur"},
    {"theoldreader", "The Old Reader"},
    {"universalfeedparser", "feedparser"},
};
// Readers that call themselves browsers first.
constexpr KnownName in_browsers_clothes[] = {
    {"Thunderbird/", "Thunderbird"}, {"NetNewsWire/", "NetNewsWire"}, {"Vienna/", "Vienna"},
    {"FeedDemon/", "FeedDemon"},     {"QuiteRSS/", "QuiteRSS"},       {"RSSOwl/", "RSSOwl"},
};

constexpr bool is_letter_or_digit(char c) { return is_digit(c) || is_letter(c); }

bool same(char a, char b) { return lower(a) == lower(b); }

std::size_t find_ignoring_case(std::string_view text, std::string_view word, std::size_t from = 0) {
    if (from > text.size()) return npos;
    const auto at = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), word.begin(), word.end(), same);
    return at == text.end() ? npos : static_cast<std::size_t>(at - text.begin());
}

bool begins_ignoring_case(std::string_view text, std::string_view word) {
    return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(), same);
}

std::string_view trimmed(std::string_view text) {
    const auto is_trimmed = [](char c) { return c == ' ' || c == '+' || c == '-' || c == ':'; };
    while (!text.empty() && is_trimmed(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_trimmed(text.back())) text.remove_suffix(1);
    return text;
}

// ---- how many it reads for

// The digits right before `end`, blanks between; `1.5 readers`, `-5 readers` and `12,345 readers` name no number.
std::optional<std::uint32_t> number_before(std::string_view text, std::size_t end) {
    const auto last = end == 0 ? npos : text.find_last_not_of(' ', end - 1);
    if (last == npos || !is_digit(text[last])) return std::nullopt;
    auto first = last;
    while (first > 0 && is_digit(text[first - 1])) --first;
    if (first > 0 && (is_letter_or_digit(text[first - 1]) || std::string_view(".,-").find(text[first - 1]) != npos))
        return std::nullopt;
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data() + first, text.data() + last + 1, number);
    if (read.ec != std::errc() || number > ReaderAgent::subscribers_max) return std::nullopt;
    return number;
}

std::optional<std::uint32_t> subscribers_in(std::string_view text) {
    for (const std::string_view word : {"subscriber", "reader"}) {
        for (auto at = find_ignoring_case(text, word); at != npos; at = find_ignoring_case(text, word, at + 1)) {
            auto end = at + word.size();
            if (end < text.size() && same(text[end], 's')) ++end;
            if (end < text.size() && is_letter_or_digit(text[end])) continue;
            if (const auto number = number_before(text, at)) return number;
        }
    }
    return std::nullopt;
}

// `feed-id:123`, `feed-id=5f2a`, `feedId: 9`.
std::string_view feed_in(std::string_view text) {
    for (const std::string_view word : {"feed-id", "feedid"}) {
        const auto at = find_ignoring_case(text, word);
        if (at == npos) continue;
        const auto first = text.find_first_not_of(":= ", at + word.size());
        if (first == npos || first == at + word.size()) continue;
        auto last = first;
        while (last < text.size() && (is_letter_or_digit(text[last]) || text[last] == '_')) ++last;
        if (last > first && last - first <= ReaderAgent::feed_bytes_max) return text.substr(first, last - first);
    }
    return {};
}

// ---- what it is called

std::string_view without_version(std::string_view name) {
    for (auto blank = name.rfind(' '); blank != npos; blank = name.rfind(' ')) {
        const auto word = name.substr(blank + 1);
        const bool is_version =
            word.empty() || is_digit(word.front()) || (word.size() > 1 && same(word.front(), 'v') && is_digit(word[1]));
        if (!is_version) break;
        name = name.substr(0, blank);
    }
    return name;
}

// What stands before the version, a comment, a number or an address.
std::string_view product_at_the_beginning(std::string_view text) {
    auto end = std::min(text.find_first_of("/;(),[]{}<>\"\\@="), text.size());
    for (const std::string_view mark : {" - ", " feed-id", " http", "http:"})
        end = std::min(end, find_ignoring_case(text.substr(0, end), mark));
    auto name = text.substr(0, end);
    name =
        name.substr(0, static_cast<std::size_t>(
                           std::find_if(name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }) - name.begin()));
    return trimmed(without_version(trimmed(name.substr(0, ReaderAgent::name_bytes_max))));
}

std::string_view name_in_browsers_clothes(std::string_view text) {
    constexpr std::string_view compatible = "(compatible;";
    if (const auto at = find_ignoring_case(text, compatible); at != npos) {
        const auto name = product_at_the_beginning(trimmed(text.substr(at + compatible.size())));
        if (!name.empty() && !begins_ignoring_case(name, "MSIE")) return name;
    }
    for (const auto& known : in_browsers_clothes)
        if (text.find(known.begins) != npos) return known.name;
    return ReaderAgent::browser;
}

std::string_view name_in(std::string_view text) {
    const auto name = product_at_the_beginning(text);
    if (name.empty()) return ReaderAgent::unnamed;
    return begins_ignoring_case(name, "Mozilla") ? name_in_browsers_clothes(text) : name;
}

std::string_view as_known(std::string_view name) {
    for (const auto& known : known_names)
        if (begins_ignoring_case(name, known.begins)) return known.name;
    return name;
}

}  // namespace

ReaderAgent reader_agent(std::string_view user_agent) noexcept {
    const auto text = user_agent.substr(0, ReaderAgent::looked_at_bytes_max);
    ReaderAgent agent{.name = as_known(name_in(text)), .subscribers = subscribers_in(text), .feed = {}};
    if (!agent.subscribers) return agent;
    agent.feed = feed_in(text);
    if (agent.name == ReaderAgent::browser) agent.name = ReaderAgent::unnamed;  // no browser reads for others
    return agent;
}

}  // namespace gazetted
