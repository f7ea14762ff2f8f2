#include "daemon/search.hpp"

#include "feeds/ascii.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <utility>

namespace gazetted {

namespace {

// As typed on a Chinese keyboard, or by a program that knows better.
constexpr std::string_view quotes[] = {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E"};

std::string with_plain_quotes(std::string text) {
    for (const auto quote : quotes)
        for (auto at = text.find(quote); at != std::string::npos; at = text.find(quote, at))
            text.replace(at, quote.size(), "\"");
    return text;
}

}  // namespace

std::optional<std::string> parse_search(std::string_view text) {
    if (!is_utf8(text)) return std::nullopt;
    std::string words = with_plain_quotes(to_nfc(text));
    for (char& c : words) c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : lower(c);
    std::string search;
    auto terms = search_terms(words);
    for (auto term = terms.begin(); term != terms.end(); ++term) {
        if (std::find(terms.begin(), term, *term) != term) continue;
        if (!search.empty()) search += ' ';
        const bool is_phrase = term->find(' ') != std::string::npos;
        search.append(is_phrase ? "\"" : "").append(*term).append(is_phrase ? "\"" : "");
    }
    if (search.size() > search_bytes_max || search_terms(search).size() > search_terms_max) return std::nullopt;
    return search;
}

// A quote begins a phrase or ends it; one that nothing ends goes on to the end.
std::vector<std::string> search_terms(std::string_view search) {
    std::vector<std::string> terms;
    const auto add = [&](std::string_view term) {
        if (auto words = collapse_space(term); !words.empty()) terms.push_back(std::move(words));
    };
    const std::string spaced = collapse_space(search);
    bool in_phrase = false;
    std::string term;
    for (const char c : spaced) {
        const bool ends = c == '"' || (c == ' ' && !in_phrase);
        if (!ends) {
            term += c;
            continue;
        }
        add(std::exchange(term, {}));
        if (c == '"') in_phrase = !in_phrase;
    }
    add(term);
    return terms;
}

}  // namespace gazetted
