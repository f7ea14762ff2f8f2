#include "daemon/jekyll/post_name.hpp"

#include <algorithm>

namespace gazetted::jekyll {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t n = 0;
    while (at + n < text.size() && is_digit(text[at + n])) ++n;
    return n;
}

/// The length of `\d{2,4}-\d{1,2}-\d{1,2}` at the start, where a hyphen follows; 0 otherwise.
std::size_t date_length(std::string_view name) {
    const auto year = digits_at(name, 0);
    if (year < 2 || year > 4 || name.size() <= year || name[year] != '-') return 0;
    const auto month = digits_at(name, year + 1);
    const auto day_at = year + 1 + month + 1;
    if (month < 1 || month > 2 || name.size() <= day_at || name[day_at - 1] != '-') return 0;
    const auto day = digits_at(name, day_at);
    const auto end = day_at + day;
    return day < 1 || day > 2 || name.size() <= end || name[end] != '-' ? 0 : end;
}

}  // namespace

PostName parse_post_name(std::string_view path, std::string_view collections_folder) {
    PostName name;
    if (!collections_folder.empty() && path.starts_with(collections_folder) && path.size() > collections_folder.size() &&
        path[collections_folder.size()] == '/')
        path.remove_prefix(collections_folder.size() + 1);
    const auto slash = path.rfind('/');
    const auto file = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    const auto dot = file.rfind('.');
    const bool has_extension = dot != std::string_view::npos && dot > 0;
    name.basename = file.substr(0, has_extension ? dot : file.size());
    name.extension = has_extension ? file.substr(dot) : std::string_view();

    const auto length = date_length(name.basename);
    if (length > 0 && has_extension) name.date = name.basename.substr(0, length);
    name.slug = name.date.empty() ? name.basename : name.basename.substr(length + 1);
    name.slug.erase(std::min(name.slug.find_last_not_of('.') + 1, name.slug.size()));

    std::string cleaned(path.substr(0, path.size() - name.extension.size()));
    if (const auto posts = cleaned.find("_posts"); posts != std::string::npos) cleaned.erase(posts, 6);
    cleaned.erase(cleaned.find_last_not_of('.') + 1);
    name.cleaned_path = std::move(cleaned);

    for (auto above = path.substr(0, path.find("_posts")); !above.empty();) {
        const auto end = above.find('/');
        if (end > 0) name.folders.emplace_back(above.substr(0, end));
        if (end == std::string_view::npos) break;
        above.remove_prefix(end + 1);
    }
    return name;
}

std::optional<std::string> date_in_digits(std::string_view slug) {
    const auto start = slug.find_first_not_of('-');
    if (start == std::string_view::npos || digits_at(slug, start) < 8) return std::nullopt;
    const auto digits = slug.substr(start, 8);
    if (!digits.starts_with("19") && !digits.starts_with("20")) return std::nullopt;
    return std::string(digits.substr(0, 4)) + '-' + std::string(digits.substr(4, 2)) + '-' + std::string(digits.substr(6));
}

}  // namespace gazetted::jekyll
