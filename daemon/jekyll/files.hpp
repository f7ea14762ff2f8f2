#pragma once

#include "daemon/jekyll/front_matter.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace gazetted::jekyll {

struct FileLimits {
    static constexpr std::size_t bytes_max = std::size_t{8} << 20;
    static constexpr std::size_t depth_max = 64;  ///< folders below one another
};

/// A path as a person may see it on a terminal: what is no UTF-8, and every control character, becomes `\xNN`.
std::string legible_path(std::string_view);

struct SetAside {
    std::string path;  ///< legible
    std::string reason;
};

/// Paths relative to the site, in the order of their bytes.
struct SiteFiles {
    std::vector<std::string> posts;  ///< below a `_posts` folder
    std::vector<std::string> pages;  ///< may be category pages: .html and .md elsewhere
    std::vector<SetAside> set_aside;
};

/// Walks the site as Jekyll does: `_posts` in any folder; nothing hidden, excluded or generated. Folders that are links are not
/// followed, so no loop is. Throws std::runtime_error where `site` is no folder.
SiteFiles list_site(const std::filesystem::path& site, const std::vector<std::string>& excluded,
                    const std::string& collections_folder);

struct FileContent {
    std::string bytes;  ///< UTF-8 without NUL, line ends LF
    std::chrono::sys_seconds modified;
};
/// Only regular files of at most FileLimits::bytes_max, looked at before they are opened for reading; links that leave the site
/// are refused. Never waits, for a FIFO neither.
Read<FileContent> read_file(const std::filesystem::path& site, const std::string& path);

}  // namespace gazetted::jekyll
