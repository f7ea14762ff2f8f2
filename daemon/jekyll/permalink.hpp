#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted::jekyll {

/// Jekyll::Utils.slugify: what is not a letter, a mark or a digit becomes a hyphen; `pretty` keeps `._~!$&'()+,;=@`.
enum class SlugMode { standard, pretty };
std::string slugify(std::string_view text, SlugMode, bool keep_case);

/// `date`, `pretty`, `ordinal`, `weekdate` and `none` by name; every other text is a template already.
std::string permalink_template(std::string_view style);

/// What the placeholders of a template stand for.
struct PermalinkParts {
    std::chrono::local_seconds date;      ///< on the site's clocks
    std::string slug;                     ///< of the front matter, else from the file name
    std::string basename;                 ///< the file's name without its extension
    std::string path;                     ///< the file's path below the site, without `_posts` and the extension
    std::vector<std::string> categories;  ///< as Jekyll reads them
    std::string output_extension;         ///< with its dot
};

/// The post's path on the site, escaped, as Jekyll::URL makes it. None where the template has a placeholder that Jekyll does
/// not know (it refuses to build such a site).
std::optional<std::string> expand_permalink(std::string_view permalink, const PermalinkParts&);

/// Document#id: the folder of the post's path, then its slug.
std::string post_id(std::string_view url, std::string_view slug);

/// The filter `absolute_url`: normalised as Addressable does, Unicode in NFKC and percent-encoded. `site_url` may be empty:
/// then what comes out is a path.
std::string absolute_url(std::string_view site_url, std::string_view base_path, std::string_view path);

}  // namespace gazetted::jekyll
