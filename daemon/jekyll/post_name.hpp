#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted::jekyll {

/// What a post's path says.
struct PostName {
    std::string date;                  ///< `2021-12-08`; empty: Jekyll would not take the file for a post
    std::string slug;                  ///< without trailing full stops
    std::string basename;              ///< the file's name without its extension
    std::string extension;             ///< with its dot, as written
    std::string cleaned_path;          ///< without `_posts` and the extension
    std::vector<std::string> folders;  ///< above `_posts`: Jekyll's categories from the path
};
PostName parse_post_name(std::string_view path, std::string_view collections_folder);

/// `20220526…` at the start of a name that has no date of Jekyll's form: what crawlers write. As `2022-05-26`.
std::optional<std::string> date_in_digits(std::string_view slug);

}  // namespace gazetted::jekyll
