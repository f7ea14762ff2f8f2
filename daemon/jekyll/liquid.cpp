#include "daemon/jekyll/liquid.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace gazetted::jekyll {

namespace {

constexpr std::string_view blanks = " \t\n\r-";

struct Tag {
    std::string_view name;
    std::string_view rest;
};

std::string_view trim(std::string_view text) {
    const auto start = text.find_first_not_of(blanks);
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

Tag parse_tag(std::string_view inside) {
    inside = trim(inside);
    const auto end = inside.find_first_of(" \t\n\r");
    if (end == std::string_view::npos) return {inside, {}};
    return {inside.substr(0, end), trim(inside.substr(end))};
}

std::size_t longest_run(std::string_view text, char of) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == of ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

class Remover {
public:
    explicit Remover(std::string_view text) : text_(text) {}

    WithoutLiquid run() {
        while (true) {
            const auto open = find_open();
            if (open == std::string_view::npos) break;
            out_.text.append(text_, at_, open - at_);
            at_ = open;
            if (text_[open + 1] == '{')
                variable();
            else
                tag();
        }
        out_.text.append(text_, at_);
        return std::move(out_);
    }

private:
    std::size_t find_open() const {
        for (auto brace = text_.find('{', at_); brace != std::string_view::npos; brace = text_.find('{', brace + 1))
            if (brace + 1 < text_.size() && (text_[brace + 1] == '{' || text_[brace + 1] == '%')) return brace;
        return std::string_view::npos;
    }
    void variable() {
        const auto end = no_more_variables_ ? std::string_view::npos : text_.find("}}", at_ + 2);
        no_more_variables_ = end == std::string_view::npos;
        if (no_more_variables_) return keep_opening();
        ++out_.tags;
        at_ = end + 2;
    }
    void tag() {
        const auto end = no_more_tags_ ? std::string_view::npos : text_.find("%}", at_ + 2);
        no_more_tags_ = end == std::string_view::npos;
        if (no_more_tags_) return keep_opening();
        const auto tag = parse_tag(text_.substr(at_ + 2, end - at_ - 2));
        at_ = end + 2;
        if (tag.name == "raw") return block("endraw", [&](std::string_view inside) { out_.text += inside; });
        if (tag.name == "highlight") return block("endhighlight", [&](std::string_view code) { append_code(code, tag.rest); });
        ++out_.tags;
        if (tag.name == "comment") block("endcomment", [](std::string_view) {});
    }
    void keep_opening() {
        out_.text.append(text_, at_, 2);
        at_ += 2;
    }
    /// Behind a block's first tag: hands out what stands before its last one. Without a last tag only the first is gone.
    template <class Use>
    void block(std::string_view last, Use use) {
        for (auto open = text_.find("{%", at_); open != std::string_view::npos; open = text_.find("{%", open + 2)) {
            if (without_end_.contains(last)) return;
            const auto name = text_.find_first_not_of(blanks, open + 2);
            if (name == std::string_view::npos || text_.substr(name, last.size()) != last) continue;
            const auto end = text_.find("%}", name);
            if (end == std::string_view::npos) break;
            use(text_.substr(at_, open - at_));
            at_ = end + 2;
            return;
        }
        without_end_.insert(last);
    }
    void append_code(std::string_view code, std::string_view options) {
        const auto language = options.substr(0, options.find_first_of(" \t\n"));
        const std::string fence(std::max<std::size_t>(3, longest_run(code, '`') + 1), '`');
        out_.text.append("\n").append(fence).append(language).append("\n");
        if (code.starts_with('\n')) code.remove_prefix(1);
        out_.text.append(code).append(code.ends_with('\n') ? "" : "\n").append(fence).append("\n");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    WithoutLiquid out_;
    bool no_more_variables_ = false;
    bool no_more_tags_ = false;
    std::set<std::string_view> without_end_;  ///< a search that failed once fails for the rest of the text
};

}  // namespace

WithoutLiquid remove_liquid(std::string_view text) { return Remover(text).run(); }

}  // namespace gazetted::jekyll
