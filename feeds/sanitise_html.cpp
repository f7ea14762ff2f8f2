#include "feeds/sanitise_html.hpp"

#include "feeds/html_gate.hpp"
#include "feeds/html_writer.hpp"
#include "feeds/text.hpp"

#include <gumbo.h>

#include <algorithm>
#include <memory>

namespace gazetted {
namespace {

struct DestroyTree {
    void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};
using HtmlTree = std::unique_ptr<GumboOutput, DestroyTree>;

HtmlTree parse_fragment(const std::string& html) {
    GumboOptions options = kGumboDefaultOptions;
    options.fragment_context = GUMBO_TAG_DIV;
    options.max_errors = 0;  // each error would keep a copy of the parser's stack
    return HtmlTree(gumbo_parse_with_options(&options, html.data(), html.size()));
}

/// The first `bytes_max` bytes, without a character that is cut in two.
std::string_view start_of(std::string_view html, std::size_t bytes_max) {
    if (html.size() <= bytes_max) return html;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(html[end]) & 0xC0U) == 0x80) --end;
    return html.substr(0, end);
}

std::string sanitise_once(std::string_view html, std::string_view base_url) {
    const std::string gated = through_html_gate(html);
    const HtmlTree tree = parse_fragment(gated);
    return write_safe_html(*tree->root, base_url);
}

bool is_markup_free(std::string_view text) { return text.find_first_of("<&>\"'`\r") == std::string_view::npos; }

}  // namespace

SafeHtml sanitise_html(std::string_view html, std::string_view base_url) {
    std::string legal(start_of(html, HtmlLimits::bytes_max));
    std::replace(legal.begin(), legal.end(), '\f', ' ');  // white space in HTML, illegal in XML
    legal = legal_xml_text(legal);
    // What was misnested can come out in a shape that reads a little differently the next time: the shape that stays is the
    // one to publish. The second reading nearly always finds it.
    static constexpr int readings_max = 6;
    std::string result = sanitise_once(legal, base_url);
    for (int reading = 1; reading < readings_max && !is_markup_free(result); ++reading) {
        std::string again = sanitise_once(result, base_url);
        if (again == result) break;
        result = std::move(again);
    }
    return SafeHtml(std::move(result));
}

}  // namespace gazetted
