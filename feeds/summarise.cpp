#include "feeds/summarise.hpp"

#include "feeds/html_attributes.hpp"
#include "feeds/sanitise_html.hpp"

#include <cstddef>
#include <string>

namespace gazetted {

namespace {

constexpr std::size_t summary_characters_max = 280;

}  // namespace

Entry summarised(Entry entry) {
    if (entry.summary.empty()) {
        std::string html;
        append_escaped_html(html, first_words_of_html(entry.content, summary_characters_max));
        entry.summary = sanitise_html(html, {});
    }
    entry.content = {};
    return entry;
}

}  // namespace gazetted
