#include "daemon/jekyll/files.hpp"

#include "daemon/jekyll/text_encoding.hpp"
#include "feeds/text.hpp"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace gazetted::jekyll {

namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }

private:
    int number_;
};

constexpr std::array<std::string_view, 12> folders_without_pages = {"_site",        "_posts", "_drafts", "_layouts",
                                                                    "_includes",    "_data",  "_sass",   "_plugins",
                                                                    "node_modules", "vendor", "_cache",  "gemfiles"};

/// Jekyll's EntryFilter: hidden, special and backup files are no part of a site.
bool is_special(std::string_view name) {
    return name.empty() || std::string_view("._#~").find(name.front()) != std::string_view::npos || name.back() == '~' ||
           name.back() == '.';
}

bool is_page(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return false;
    const auto extension = name.substr(dot);
    return extension == ".html" || extension == ".htm" || extension == ".md" || extension == ".markdown";
}

std::string system_reason(int error) { return std::generic_category().message(error); }

class Walk {
public:
    Walk(fs::path site, const std::vector<std::string>& excluded, const std::string& collections_folder)
        : site_(std::move(site)), excluded_(excluded), collections_folder_(collections_folder) {}

    SiteFiles run() {
        folder("", false, 0);
        for (auto* list : {&files_.posts, &files_.pages}) std::sort(list->begin(), list->end());
        std::sort(files_.set_aside.begin(), files_.set_aside.end(),
                  [](const auto& a, const auto& b) { return a.path < b.path; });
        return std::move(files_);
    }

private:
    void set_aside(const std::string& path, std::string reason) {
        files_.set_aside.push_back({legible_path(path), std::move(reason)});
    }

    void folder(const std::string& path, bool in_posts, std::size_t depth) {
        if (depth > FileLimits::depth_max) return set_aside(path, "more than 64 folders below one another");
        std::error_code error;
        fs::directory_iterator entries(site_ / path, error);
        if (error) return set_aside(path, error.message());
        for (; entries != fs::directory_iterator(); entries.increment(error)) {
            const std::string name = entries->path().filename().string();
            entry(path.empty() ? name : path + '/' + name, name, in_posts, depth);
            if (error) break;
        }
        if (error) set_aside(path, error.message());
    }

    void entry(const std::string& path, const std::string& name, bool in_posts, std::size_t depth) {
        const bool is_posts = !in_posts && name == "_posts";
        if (is_excluded(path)) return;
        if (in_posts && is_special(name)) return;
        std::error_code error;
        const auto status = fs::symlink_status(site_ / path, error);
        const bool is_link = fs::is_symlink(status);
        if (fs::is_directory(is_link ? fs::status(site_ / path, error) : status)) {
            if (is_link && (in_posts || is_posts)) return set_aside(path, "a link to a folder is not followed");
            if (!is_link && (in_posts || enters(name) || is_posts))
                folder(path, in_posts || posts_count(path, is_posts), depth + 1);
            return;
        }
        if (in_posts)
            files_.posts.push_back(path);
        else if (fs::is_regular_file(status) && is_page(name) && !is_special(name))
            files_.pages.push_back(path);
    }

    /// Folders of pages may start with an underscore, as collections do.
    static bool enters(std::string_view name) {
        if (std::string_view(".#~").find(name.front()) != std::string_view::npos) return false;
        return std::find(folders_without_pages.begin(), folders_without_pages.end(), name) == folders_without_pages.end();
    }
    bool posts_count(const std::string& path, bool is_posts) const {
        return is_posts && (collections_folder_.empty() || path.starts_with(collections_folder_ + "/"));
    }
    bool is_excluded(const std::string& path) const {
        return std::any_of(excluded_.begin(), excluded_.end(), [&](const std::string& pattern) {
            return fnmatch(pattern.c_str(), path.c_str(), 0) == 0 || path.starts_with(pattern) || pattern == path + '/';
        });
    }

    fs::path site_;
    const std::vector<std::string>& excluded_;
    const std::string& collections_folder_;
    SiteFiles files_;
};

/// Where a link inside the site ends; a fault where that is elsewhere, or nowhere.
Read<fs::path> followed(const fs::path& site, const fs::path& link) {
    std::error_code error;
    const auto target = fs::canonical(link, error);
    if (error == std::errc::too_many_symbolic_link_levels) return Fault{0, "a link in a loop of links"};
    if (error) return Fault{0, "a link to nothing that can be read: " + error.message()};
    const auto root = fs::canonical(site);
    const auto [root_end, ignored] = std::mismatch(root.begin(), root.end(), target.begin(), target.end());
    if (root_end != root.end()) return Fault{0, "a link that leaves the site"};
    return target;
}

std::optional<Fault> refuse_unreadable(const struct stat& status) {
    if (S_ISDIR(status.st_mode)) return Fault{0, "a folder, not a file"};
    if (!S_ISREG(status.st_mode)) return Fault{0, "not a regular file"};
    if (static_cast<std::size_t>(status.st_size) > FileLimits::bytes_max) return Fault{0, "larger than 8 MiB"};
    return std::nullopt;
}

Read<std::string> read_bytes(int descriptor, std::size_t size) {
    std::string bytes(size + 1, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto n = read(descriptor, bytes.data() + filled, bytes.size() - filled);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return Fault{0, system_reason(errno)};
        if (n == 0) break;
        filled += static_cast<std::size_t>(n);
    }
    if (filled > size) return Fault{0, "the file grows while it is read"};
    bytes.resize(filled);
    return bytes;
}

}  // namespace

std::string legible_path(std::string_view path) {
    const bool utf8 = is_utf8(path);
    std::string out;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F && (utf8 || byte < 0x80)) {
            out += c;
            continue;
        }
        std::array<char, 5> escape{};
        std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned>(byte));
        out += escape.data();
    }
    return out;
}

SiteFiles list_site(const fs::path& site, const std::vector<std::string>& excluded, const std::string& collections_folder) {
    if (!fs::is_directory(site)) throw std::runtime_error(site.string() + " is no folder");
    return Walk(site, excluded, collections_folder).run();
}

Read<FileContent> read_file(const fs::path& site, const std::string& path) {
    fs::path full = site / path;
    struct stat status {};
    if (lstat(full.c_str(), &status) != 0) return Fault{0, system_reason(errno)};
    if (S_ISLNK(status.st_mode)) {
        auto target = followed(site, full);
        if (!target) return target.error();
        full = std::move(*target);
        if (lstat(full.c_str(), &status) != 0) return Fault{0, system_reason(errno)};
    }
    if (auto fault = refuse_unreadable(status)) return *fault;
    // Whoever swaps the file now meets the same questions again, and nothing waits.
    const Descriptor descriptor(open(full.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC));
    if (descriptor.get() < 0 || fstat(descriptor.get(), &status) != 0) return Fault{0, system_reason(errno)};
    if (auto fault = refuse_unreadable(status)) return *fault;
    auto bytes = read_bytes(descriptor.get(), static_cast<std::size_t>(status.st_size));
    if (!bytes) return bytes.error();
    if (auto fault = refuse_encoding(*bytes)) return *fault;
    return FileContent{with_unix_line_ends(std::move(*bytes)), std::chrono::sys_seconds(std::chrono::seconds(status.st_mtime))};
}

}  // namespace gazetted::jekyll
