#include "daemon/jekyll/lenient_yaml.hpp"

#include <algorithm>

namespace gazetted::jekyll {

namespace {

std::string_view trim(std::string_view text) {
    const auto start = text.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool is_key(std::string_view text) {
    return !text.empty() && text.find_first_of(" \t\"'[]{}#&*!|>%@`") == std::string_view::npos;
}

/// `\"` and `\\` are undone, every other escape stays as it was written.
std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
        out += text[i];
    }
    return out;
}

std::optional<YamlValue> scalar(std::string_view text) {
    if (text.starts_with('%')) return std::nullopt;
    if (text.empty() || text == "~" || text == "null") return YamlValue{};
    const char first = text.front();
    if (first != '"' && first != '\'') return yaml_text(std::string(text));
    const auto second = text.find(first, 1);
    if (second == std::string_view::npos) return std::nullopt;
    // Quotes around a word of the title are part of it; quotes around all of it are not.
    if (text.back() != first) return yaml_text(std::string(text));
    const auto inner = text.substr(1, text.size() - 2);
    auto value = yaml_text(first == '"' ? unescape(inner) : std::string(inner));
    value.quoted = true;
    return value;
}

std::optional<YamlValue> flow_list(std::string_view text) {
    YamlValue list;
    list.kind = YamlValue::Kind::list;
    text = text.substr(1, text.size() - 2);
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        auto item = scalar(trim(text.substr(0, end)));
        if (!item) return std::nullopt;
        list.items.push_back(std::move(*item));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return list;
}

bool is_item(std::string_view line) {
    const auto text = trim(line);
    return text == "-" || text.starts_with("- ");
}

class LineReader {
public:
    explicit LineReader(std::string_view yaml) : lines_(lines_of(yaml)) {}

    std::optional<YamlValue> read() {
        YamlValue map;
        map.kind = YamlValue::Kind::map;
        while (at_ < lines_.size()) {
            const auto line = lines_[at_++];
            if (trim(line).empty() || trim(line).front() == '#') continue;
            const auto colon = line.find(':');
            if (colon == std::string_view::npos || !is_key(line.substr(0, colon))) return std::nullopt;
            auto value = value_of(trim(line.substr(colon + 1)));
            if (!value) return std::nullopt;
            map.set(std::string(line.substr(0, colon)), std::move(*value));
        }
        return map;
    }

private:
    std::optional<YamlValue> value_of(std::string_view text) {
        if (text == "|" || text == ">" || text == "|-" || text == ">-") return block();
        if (text.empty() && at_ < lines_.size() && is_item(lines_[at_])) return item_lines();
        if (text.starts_with('[') && text.ends_with(']')) return flow_list(text);
        return scalar(text);
    }
    YamlValue block() {
        std::string text;
        while (at_ < lines_.size() && (trim(lines_[at_]).empty() || lines_[at_].front() == ' ')) {
            if (!text.empty()) text += '\n';
            text += trim(lines_[at_++]);
        }
        return yaml_text(std::move(text));
    }
    std::optional<YamlValue> item_lines() {
        YamlValue list;
        list.kind = YamlValue::Kind::list;
        while (at_ < lines_.size() && is_item(lines_[at_])) {
            auto item = scalar(trim(trim(lines_[at_++]).substr(1)));
            if (!item) return std::nullopt;
            list.items.push_back(std::move(*item));
        }
        return list;
    }

    std::vector<std::string_view> lines_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<YamlValue> parse_lines(std::string_view yaml) { return LineReader(yaml).read(); }

}  // namespace gazetted::jekyll
