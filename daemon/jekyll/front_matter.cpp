#include "daemon/jekyll/front_matter.hpp"

#include "daemon/jekyll/lenient_yaml.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace gazetted::jekyll {

namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\f\v";

std::string_view trim_right(std::string_view text) {
    const auto end = text.find_last_not_of(blanks);
    return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

/// The line at `at` without its end; `at` moves behind it.
std::string_view take_line(std::string_view text, std::size_t& at) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    at = std::min(end + 1, text.size());
    return line;
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// The names behind every `sign` that starts a word: anchors (`&`) or aliases (`*`).
std::vector<std::string_view> names_after(std::string_view yaml, char sign) {
    std::vector<std::string_view> names;
    for (auto at = yaml.find(sign); at != std::string_view::npos; at = yaml.find(sign, at + 1)) {
        if (at > 0 && std::string_view(" \t\n,[{").find(yaml[at - 1]) == std::string_view::npos) continue;
        auto end = at + 1;
        while (end < yaml.size() && is_name_character(yaml[end])) ++end;
        if (end > at + 1) names.push_back(yaml.substr(at + 1, end - at - 1));
    }
    return names;
}

/// What the library would pay for in time or memory is refused before it sees the text.
std::optional<Fault> refuse_costly(std::string_view yaml, std::size_t first_line) {
    if (yaml.size() > FrontMatterLimits::bytes_max) return Fault{first_line, "the front matter is larger than 64 KiB"};
    std::size_t depth = 0;
    for (const char c : yaml) {
        if (c == '[' || c == '{') ++depth;
        if ((c == ']' || c == '}') && depth > 0) --depth;
        if (depth > FrontMatterLimits::flow_depth_max) return Fault{first_line, "the front matter is nested too deeply"};
    }
    const auto anchors = names_after(yaml, '&');
    if (anchors.empty()) return std::nullopt;
    const std::set<std::string_view> known(anchors.begin(), anchors.end());
    const auto aliases = names_after(yaml, '*');
    const auto used =
        std::count_if(aliases.begin(), aliases.end(), [&](std::string_view name) { return known.contains(name); });
    if (static_cast<std::size_t>(used) > FrontMatterLimits::aliases_max)
        return Fault{first_line, "the front matter uses more than 16 YAML aliases"};
    return std::nullopt;
}

struct TooManyValues {};

/// The library takes a quote that never ends for one that ends with the text. A key behind the text shows it: it is swallowed.
constexpr std::string_view end_key = "gazetted-end-of-front-matter";

bool may_hold_open_quote(std::string_view yaml) {
    return yaml.find_first_of("\"'") != std::string_view::npos &&
           std::string_view(" {[").find(yaml.front()) == std::string_view::npos;
}

YAML::Node load(std::string_view yaml) {
    std::string text(yaml);
    if (!may_hold_open_quote(yaml)) return YAML::Load(text);
    text.append("\n").append(end_key).append(": x\n");
    YAML::Node node = YAML::Load(text);
    if (!node.IsMap() || !node[std::string(end_key)])
        throw YAML::ParserException(YAML::Mark::null_mark(), "a quote has no end");
    node.remove(std::string(end_key));
    return node;
}

class Converter {
public:
    YamlValue convert(const YAML::Node& node, std::size_t depth = 0) {
        if (++values_ > FrontMatterLimits::values_max) throw TooManyValues{};
        YamlValue value;
        if (depth > FrontMatterLimits::depth_max || !node.IsDefined() || node.IsNull()) return value;
        const std::string& tag = node.Tag();
        value.tagged = !tag.empty() && tag != "?" && tag != "!" && !tag.starts_with("tag:yaml.org,2002:");
        // `!!python/…` is spelled with the prefix of YAML's own types, of which only these are text or collections.
        if (tag.starts_with("tag:yaml.org,2002:python")) value.tagged = true;
        if (node.IsScalar()) return scalar(node, std::move(value));
        if (node.IsSequence()) {
            value.kind = YamlValue::Kind::list;
            for (const auto& item : node) value.items.push_back(convert(item, depth + 1));
            return value;
        }
        value.kind = YamlValue::Kind::map;
        for (const auto& member : node) {
            if (++values_ > FrontMatterLimits::values_max) throw TooManyValues{};
            if (!member.first.IsScalar()) continue;
            add(value, member.first.Scalar(), convert(member.second, depth + 1));
        }
        return value;
    }

private:
    static YamlValue scalar(const YAML::Node& node, YamlValue value) {
        value.kind = YamlValue::Kind::text;
        value.quoted = node.Tag() == "!";
        value.text = node.Scalar();
        return value;
    }
    /// `<<: *base` lends what the map itself does not say.
    static void add(YamlValue& map, const std::string& key, YamlValue value) {
        if (key != "<<") return map.set(key, std::move(value));
        for (auto& [name, lent] : value.members)
            if (!map.find(name)) map.set(name, std::move(lent));
    }
    std::size_t values_ = 0;
};

}  // namespace

const YamlValue* YamlValue::find(std::string_view key) const {
    for (const auto& [name, value] : members)
        if (name == key) return value.kind == Kind::null ? nullptr : &value;
    return nullptr;
}

void YamlValue::set(std::string key, YamlValue value) {
    kind = Kind::map;
    for (auto& [name, old] : members) {
        if (name != key) continue;
        old = std::move(value);
        return;
    }
    members.push_back({std::move(key), std::move(value)});
}

YamlValue yaml_text(std::string text) {
    YamlValue value;
    value.kind = YamlValue::Kind::text;
    value.text = std::move(text);
    return value;
}

Read<SplitPost> split_front_matter(std::string_view file) {
    SplitPost post;
    if (file.starts_with(bom)) file.remove_prefix(bom.size());
    std::size_t at = 0;
    std::size_t line_number = 1;
    std::string_view line = take_line(file, at);
    while (trim_right(line).empty() && at < file.size()) {
        post.seen_by_jekyll = false;
        line = take_line(file, at);
        ++line_number;
    }
    if (trim_right(line) != "---") return Fault{0, "no front matter: the file does not start with a line of three dashes"};

    const auto yaml_start = at;
    post.yaml_line = line_number + 1;
    while (at < file.size()) {
        const auto line_start = at;
        line = trim_right(take_line(file, at));
        if (line != "---" && line != "...") continue;
        post.yaml = file.substr(yaml_start, line_start - yaml_start);
        post.body = file.substr(at);
        return post;
    }
    return Fault{line_number, "the front matter has no end: a second line of three dashes is missing"};
}

Read<ParsedYaml> parse_yaml(std::string_view yaml, std::size_t first_line) {
    if (auto fault = refuse_costly(yaml, first_line)) return *fault;
    Fault fault;
    try {
        ParsedYaml parsed;
        parsed.value = Converter().convert(load(yaml));
        if (parsed.value.kind == YamlValue::Kind::null) parsed.value.kind = YamlValue::Kind::map;
        if (parsed.value.kind == YamlValue::Kind::map) return parsed;
        return Fault{first_line, "the front matter is no list of `key: value` lines"};
    } catch (const TooManyValues&) {
        return Fault{first_line, "the front matter holds more than 4096 values"};
    } catch (const YAML::DeepRecursion&) {
        return Fault{first_line, "the front matter is nested too deeply"};
    } catch (const YAML::Exception& e) {
        fault.line = first_line + static_cast<std::size_t>(std::max(e.mark.line, 0));
        fault.reason = "not YAML: " + e.msg;
    }
    auto value = parse_lines(yaml);
    if (!value) return fault;
    return ParsedYaml{std::move(*value), {fault}};
}

}  // namespace gazetted::jekyll
