#include "daemon/jekyll/permalink.hpp"

#include "daemon/jekyll/letters.hpp"
#include "feeds/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <set>

namespace gazetted::jekyll {

namespace {

constexpr std::string_view unreserved_and_sub_delims =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@";

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    std::string out;
    std::size_t at = 0;
    for (auto found = text.find(what); found != std::string::npos; found = text.find(what, at)) {
        out.append(text, at, found - at).append(by);
        at = found + what.size();
    }
    text = out.append(text, at);
}

std::string encode(std::string_view text, std::string_view also_kept) {
    std::string out;
    for (const char c : text) {
        if (unreserved_and_sub_delims.find(c) != std::string_view::npos || also_kept.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        std::array<char, 4> escape{};
        std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += escape.data();
    }
    return out;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low < 0) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

/// URL.escape_path. A `?` stays, as Addressable reads the text as a URL.
std::string escape_path(std::string_view text) {
    std::string out = encode(text, "/?#");
    if (const auto hash = out.find('#'); hash != std::string::npos) out.replace(hash, 1, "%23");
    return out;
}

std::string normalise_component(std::string_view text, std::string_view also_kept) {
    return encode(to_nfkc(decode(text)), also_kept);
}

/// RFC 3986 section 5.2.4 on an absolute path.
std::string without_dot_segments(std::string_view path) {
    std::vector<std::string_view> segments;
    bool ends_in_folder = false;
    std::size_t at = 1;
    while (at <= path.size()) {
        const auto end = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, end - at);
        at = end + 1;
        ends_in_folder = segment == "." || segment == "..";
        if (segment == ".." && !segments.empty()) segments.pop_back();
        if (!ends_in_folder) segments.push_back(segment);
    }
    std::string out;
    for (const auto segment : segments) out.append("/").append(segment);
    if (ends_in_folder || out.empty()) out += '/';
    return out;
}

std::string normalise_path(std::string_view path) {
    std::string out;
    while (true) {
        const auto end = path.find('/');
        out += normalise_component(path.substr(0, end), "");
        if (end == std::string_view::npos) return without_dot_segments(out);
        out += '/';
        path.remove_prefix(end + 1);
    }
}

std::string normalise_path_query_fragment(std::string_view text) {
    std::string_view fragment;
    std::string_view query;
    if (const auto hash = text.find('#'); hash != std::string_view::npos) {
        fragment = text.substr(hash);
        text = text.substr(0, hash);
    }
    if (const auto mark = text.find('?'); mark != std::string_view::npos) {
        query = text.substr(mark);
        text = text.substr(0, mark);
    }
    std::string out = normalise_path(text);
    if (!query.empty()) out += '?' + normalise_component(query.substr(1), "/?");
    if (!fragment.empty()) out += '#' + normalise_component(fragment.substr(1), "/?");
    return out;
}

/// Scheme and host in lower case, without the scheme's own port.
std::string normalise_origin(std::string_view origin) {
    std::string out = lower_case(origin);
    if (out.starts_with("https://") && out.ends_with(":443")) out.resize(out.size() - 4);
    if (out.starts_with("http://") && out.ends_with(":80")) out.resize(out.size() - 3);
    return out;
}

std::string with_leading_slash(std::string_view text) {
    return text.empty() || text.front() == '/' ? std::string(text) : '/' + std::string(text);
}

std::string joined_once(const std::vector<std::string>& words) {
    std::string out;
    std::set<std::string> seen;
    for (const auto& word : words) {
        if (!seen.insert(word).second) continue;
        if (seen.size() > 1) out += '/';
        out += word;
    }
    return out;
}

std::string formatted(std::chrono::local_seconds date, const char* format) {
    const std::time_t seconds = date.time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    // The C locale is in force: the daemon never sets another.
    return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

struct DateKey {
    std::string_view key;
    const char* format;
};
constexpr std::array<DateKey, 18> date_keys{{{"year", "%Y"},
                                             {"month", "%m"},
                                             {"day", "%d"},
                                             {"hour", "%H"},
                                             {"minute", "%M"},
                                             {"second", "%S"},
                                             {"i_day", "%-d"},
                                             {"i_month", "%-m"},
                                             {"short_month", "%b"},
                                             {"long_month", "%B"},
                                             {"short_year", "%y"},
                                             {"w_year", "%G"},
                                             {"week", "%V"},
                                             {"w_day", "%u"},
                                             {"short_day", "%a"},
                                             {"long_day", "%A"},
                                             {"y_day", "%j"},
                                             {"", ""}}};

std::optional<std::string> placeholder(std::string_view key, const PermalinkParts& parts) {
    for (const auto& date_key : date_keys)
        if (!key.empty() && date_key.key == key) return formatted(parts.date, date_key.format);
    if (key == "title") return slugify(parts.slug, SlugMode::pretty, true);
    if (key == "slug") return slugify(parts.slug, SlugMode::standard, false);
    if (key == "name") return slugify(parts.basename, SlugMode::standard, false);
    if (key == "path") return parts.path;
    if (key == "collection") return "posts";
    if (key == "output_ext") return parts.output_extension;
    if (key != "categories" && key != "slugified_categories") return std::nullopt;
    std::vector<std::string> words;
    for (const auto& category : parts.categories)
        words.push_back(key == "categories" ? to_lower(category) : slugify(category, SlugMode::standard, false));
    return joined_once(words);
}

/// URL#sanitize_url.
std::string sanitised(std::string_view text) {
    std::string out = '/' + std::string(text);
    replace_all(out, "..", "/");
    replace_all(out, "./", "");
    out.erase(std::unique(out.begin(), out.end(), [](char a, char b) { return a == '/' && b == '/'; }), out.end());
    return out;
}

}  // namespace

std::string slugify(std::string_view text, SlugMode mode, bool keep_case) {
    const std::string_view kept = mode == SlugMode::pretty ? "._~!$&'()+,;=@" : "";
    std::string out;
    bool in_gap = false;
    for_each_letter(text, [&](std::string_view letter, bool is_word) {
        const bool keep = is_word || (letter.size() == 1 && kept.find(letter.front()) != std::string_view::npos);
        if (keep)
            out += letter;
        else if (!in_gap)
            out += '-';
        in_gap = !keep;
    });
    if (out.starts_with('-')) out.erase(0, 1);
    if (out.ends_with('-')) out.pop_back();
    return keep_case ? out : to_lower(out);
}

std::string permalink_template(std::string_view style) {
    if (style == "none") return "/:categories/:title:output_ext";
    if (style == "date") return "/:categories/:year/:month/:day/:title:output_ext";
    if (style == "ordinal") return "/:categories/:year/:y_day/:title:output_ext";
    if (style == "pretty") return "/:categories/:year/:month/:day/:title/";
    if (style == "weekdate") return "/:categories/:year/W:week/:short_day/:title:output_ext";
    return std::string(style);
}

std::optional<std::string> expand_permalink(std::string_view permalink, const PermalinkParts& parts) {
    std::string out;
    for (std::size_t at = 0; at < permalink.size();) {
        auto end = at + 1;
        while (end < permalink.size() && ((permalink[end] >= 'a' && permalink[end] <= 'z') || permalink[end] == '_')) ++end;
        if (permalink[at] != ':' || end == at + 1) {
            out += permalink[at++];
            continue;
        }
        auto key = permalink.substr(at + 1, end - at - 1);
        auto value = placeholder(key, parts);
        // An underscore behind a key may be the template's own: `:month_:day`.
        if (!value && key.ends_with('_')) {
            key.remove_suffix(1);
            value = placeholder(key, parts);
        }
        if (!value) return std::nullopt;
        out += escape_path(*value);
        at += 1 + key.size();
    }
    return sanitised(out);
}

std::string post_id(std::string_view url, std::string_view slug) {
    while (url.size() > 1 && url.ends_with('/')) url.remove_suffix(1);
    const auto slash = url.rfind('/');
    std::string folder(url.substr(0, slash == std::string_view::npos ? 0 : slash));
    while (slug.starts_with('/')) slug.remove_prefix(1);
    return folder + '/' + std::string(slug);
}

std::string absolute_url(std::string_view site_url, std::string_view base_path, std::string_view path) {
    if (base_path.ends_with('/')) base_path.remove_suffix(1);
    const std::string relative = normalise_path_query_fragment(with_leading_slash(base_path) + with_leading_slash(path));
    if (site_url.empty()) return relative;
    const auto host = site_url.find("://");
    const auto folder = host == std::string_view::npos ? std::string_view::npos : site_url.find('/', host + 3);
    const auto origin = site_url.substr(0, folder);
    const auto above = folder == std::string_view::npos ? std::string_view() : site_url.substr(folder);
    return normalise_origin(origin) + normalise_path_query_fragment(std::string(above) + relative);
}

}  // namespace gazetted::jekyll
