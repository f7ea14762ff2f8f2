#include "feeds/html_nesting.hpp"

#include "feeds/sanitise_html.hpp"

#include <algorithm>

namespace gazetted {
namespace {

using enum ElementReading;

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

constexpr std::string_view headings[] = {"h1", "h2", "h3", "h4", "h5", "h6"};
constexpr std::string_view ruby_parts[] = {"rt", "rp"};
constexpr std::string_view row_groups[] = {"tbody", "thead", "tfoot"};
constexpr std::string_view foreign_roots[] = {"svg", "math"};
/// Inside these, foreign content may hold HTML (HTML section 13.2.6, "integration point").
constexpr std::string_view integration_points[] = {"foreignobject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms",
                                                   "mtext"};
/// Start tags that end foreign content (HTML section 13.2.6.5).
constexpr std::string_view breakouts[] = {
    "b",     "big",   "blockquote", "body",   "br",   "center", "code",  "dd", "div",  "dl",   "dt",
    "em",    "embed", "h1",         "h2",     "h3",   "h4",     "h5",    "h6", "head", "hr",   "i",
    "img",   "li",    "listing",    "menu",   "meta", "nobr",   "ol",    "p",  "pre",  "ruby", "s",
    "small", "span",  "strong",     "strike", "sub",  "sup",    "table", "tt", "u",    "ul",   "var"};

}  // namespace

bool HtmlNesting::in_foreign_content() const noexcept {
    std::size_t left = dropping_;  // what is around the outermost element that is dropped was unwrapped, and is HTML
    for (auto open = open_.rbegin(); open != open_.rend() && left > 0; ++open) {
        if (is_one_of(open->name, foreign_roots)) return true;
        if (is_one_of(open->name, integration_points)) return false;
        if (open->dropping) --left;
    }
    return false;
}

void HtmlNesting::start(const Tag& tag) {
    if (in_foreign_content()) {
        if (is_one_of(tag.name, breakouts)) {
            leave_foreign_content();
        } else if (tag.self_closing) {
            return;
        }
    }
    const ElementReading reading = tag.element ? tag.element->reading : ordinary;
    if (tag.self_closing && reading == dropped && is_one_of(tag.name, foreign_roots)) return;
    // Nobody puts a paragraph into a list of options: its end is missing.
    if (reading == block && dropping_ > 0) close("select", dropped);
    if (tag.name == "select" && find_open("select", dropped) != none) return close("select", dropped);
    if (dropping_ > 0) {
        if (reading != leaf) push(tag);
        return;
    }
    if (reading == formatting) return start_formatting(tag);
    if (!make_room_for(tag)) return;
    if (reading != leaf) return push(tag);
    if (!tag.element->written.empty()) write_start(tag.element->written, tag);
}

void HtmlNesting::end(std::string_view name) {
    const HtmlElement* element = find_html_element(name);
    const ElementReading reading = element ? element->reading : ordinary;
    if (name == "br" && dropping_ == 0) return start({.name = name, .element = element, .attributes = {}});
    if (reading == leaf) return;
    if (reading == formatting && dropping_ == 0) return end_formatting(element->written);
    if (beyond_ > 0) {
        --beyond_;
        return;
    }
    if (name == "p" && dropping_ == 0) return end_paragraph();
    if (is_one_of(name, headings)) {
        // Any heading's end tag ends the heading that is open.
        for (std::size_t i = open_.size(); i > 0 && open_[i - 1].reading != table_part && !open_[i - 1].dropping; --i) {
            if (is_one_of(open_[i - 1].name, headings)) return pop_to(i - 1);
        }
        return;
    }
    close(name, reading);
}

void HtmlNesting::end_paragraph() {
    if (find_open("p", block) != none) return close("p", block);
    // A browser makes an empty paragraph of it: what is seen is the break, where text stands before it.
    const std::size_t last = out_.find_last_not_of(" \t\n\r");
    if (last != std::string::npos && out_[last] != '>') out_.append("<br>");
}

/// The index of the open element that an end tag `name` closes; none where a wall stands before it ("in scope").
std::size_t HtmlNesting::find_open(std::string_view name, ElementReading reading) const {
    const bool table = reading == table_part || name == "table";
    for (std::size_t i = open_.size(); i > 0; --i) {
        const Open& open = open_[i - 1];
        if (open.name == name) return i - 1;
        if (open.dropping || open.name == "table") return none;
        if (table) continue;
        if (open.reading == table_part) return none;
        if (reading == ordinary && open.reading == block) return none;
        if (name == "li" && (open.name == "ul" || open.name == "ol")) return none;
    }
    return none;
}

std::size_t HtmlNesting::innermost(std::string_view name, std::size_t from) const {
    for (std::size_t i = open_.size(); i > from; --i) {
        if (open_[i - 1].name == name) return i - 1;
    }
    return none;
}

void HtmlNesting::close(std::string_view name, ElementReading reading) {
    if (const std::size_t index = find_open(name, reading); index != none) pop_to(index);
}

/// Closes what the start tag closes without saying so. False: the tag is to be ignored.
bool HtmlNesting::make_room_for(const Tag& tag) {
    if (!tag.element) return true;
    if (tag.element->reading == table_part) return make_room_in_table(tag.name);
    if (is_one_of(tag.name, ruby_parts) && !open_.empty() && is_one_of(open_.back().name, ruby_parts)) pop();
    if (tag.element->reading != block && tag.name != "hr") return true;
    if (tag.name == "li" || tag.name == "dd" || tag.name == "dt") make_room_for_item(tag.name);
    close("p", block);
    if (is_one_of(tag.name, headings) && !open_.empty() && is_one_of(open_.back().name, headings)) pop();
    if (tag.name == "table") {
        // A table right inside a table, outside its cells, ends the first.
        if (const std::size_t outer = innermost("table", 0); outer != none) {
            const bool in_cell = std::any_of(open_.begin() + static_cast<std::ptrdiff_t>(outer), open_.end(),
                                             [](const Open& open) { return open.segment && open.name != "table"; });
            if (!in_cell) pop_to(outer);
        }
    }
    return true;
}

void HtmlNesting::make_room_for_item(std::string_view name) {
    for (std::size_t i = open_.size(); i > 0; --i) {
        const Open& open = open_[i - 1];
        const bool same = name == "li" ? open.name == "li" : open.name == "dd" || open.name == "dt";
        if (same) return pop_to(i - 1);
        const bool transparent = open.name == "address" || open.name == "div" || open.name == "p";
        if ((open.reading == block && !transparent) || open.reading == table_part || open.dropping) return;
    }
}

bool HtmlNesting::make_room_in_table(std::string_view name) {
    const std::size_t table = innermost("table", 0);
    if (table == none) return false;
    if (name == "caption" || is_one_of(name, row_groups)) {
        pop_to(table + 1);
        return true;
    }
    std::size_t group = table;
    for (const std::string_view row_group : row_groups) {
        if (const std::size_t found = innermost(row_group, table); found != none) group = found;
    }
    const std::size_t row = innermost("tr", table);
    if (name == "tr" || row == none) {
        pop_to(group + 1);
        if (name != "tr") push({.name = "tr", .element = find_html_element("tr"), .attributes = {}});
        return true;
    }
    pop_to(row + 1);
    return true;
}

void HtmlNesting::leave_foreign_content() {
    while (!open_.empty() && dropping_ > 0) {
        const bool root = is_one_of(open_.back().name, foreign_roots);
        pop();
        if (root) return;
    }
}

bool HtmlNesting::is_seen(const Tag& tag) const {
    return !tag.hidden && std::none_of(open_.begin(), open_.end(), [](const Open& open) { return open.hides; });
}

void HtmlNesting::push(const Tag& tag) {
    const ElementReading reading = tag.element ? tag.element->reading : ordinary;
    const bool drops = reading == dropped;
    if (open_.size() + formatting_open_ >= HtmlLimits::depth_max && !(drops && dropping_ == 0)) {
        ++beyond_;
        return;
    }
    Open open{.name = std::string(tag.name), .written = {}, .reading = reading, .dropping = drops};
    open.hides = tag.hidden;
    if (tag.name == "text" && dropping_ == 1 && shown_ == 0 && in_foreign_content()) open.shown = is_seen(tag);
    if (open.shown) ++shown_;
    if (drops) ++dropping_;
    if (dropping_ == 0) {
        open.written = tag.element ? tag.element->written : std::string_view();
        if (open.written.empty() && tag.hidden) open.written = "span";
        if (!open.written.empty()) write_start(open.written, tag);
        open.segment = tag.name == "table" || tag.name == "td" || tag.name == "th" || tag.name == "caption";
        if (open.segment) formatting_.emplace_back();
    }
    open_.push_back(std::move(open));
}

void HtmlNesting::pop() {
    const Open open = std::move(open_.back());
    open_.pop_back();
    if (open.dropping) --dropping_;
    if (open.shown) {
        --shown_;
        out_.append(" ");
    }
    if (open.segment) {
        for (const Formatting::Name& name : formatting_.back().names) {
            for (std::size_t i = 0; i < name.open; ++i) write_end(name.written);
            formatting_open_ -= name.open;
        }
        formatting_.pop_back();
    }
    if (!open.written.empty()) write_end(open.written);
}

void HtmlNesting::pop_to(std::size_t size) {
    while (open_.size() > size) pop();
}

HtmlNesting::Formatting::Name& HtmlNesting::formatting_of(std::string_view written) {
    auto& names = formatting_.back().names;
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const Formatting::Name& name) { return name.written == written; });
    if (found != names.end()) return *found;
    return names.emplace_back(Formatting::Name{.written = written});
}

void HtmlNesting::start_formatting(const Tag& tag) {
    const std::string_view written = tag.element->written;
    Formatting::Name& name = formatting_of(written);
    if (written == "a" && name.open > 0) end_formatting(written);
    if (name.open == Formatting::same_max || open_.size() + formatting_open_ >= HtmlLimits::depth_max) {
        ++name.ignored;
        return;
    }
    write_start(written, tag);
    name.depths[name.open++] = open_.size();
    ++formatting_open_;
}

void HtmlNesting::end_formatting(std::string_view written) {
    // The adoption agency gives up after eight blocks and leaves the element open.
    static constexpr std::size_t adoptions_max = 8;
    Formatting::Name& name = formatting_of(written);
    if (name.ignored > 0) {
        --name.ignored;
        return;
    }
    if (name.open == 0) return;
    write_end(written);
    if (open_.size() >= name.depths[name.open - 1] + adoptions_max) return;
    --name.open;
    --formatting_open_;
}

void HtmlNesting::write_start(std::string_view written, const Tag& tag) {
    out_.append("<").append(written).append(tag.attributes).append(tag.hidden ? " hidden=\"\">" : ">");
}

void HtmlNesting::write_end(std::string_view written) { out_.append("</").append(written).append(">"); }

}  // namespace gazetted
