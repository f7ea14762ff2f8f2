#include "daemon/article_archive.hpp"

#include "daemon/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace gazetted {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::runtime_error("cannot write the archive " + path.string() + ": " + std::generic_category().message(errno));
}

void write_all(const Descriptor& file, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = write(file.number(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) fail(path);
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// What was made in the folder is still there after a power failure.
void keep_names_in(const std::filesystem::path& path) {
    const Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || fsync(folder.number()) != 0) fail(path);
}

/// Whether it ends in the middle of a line, as the disk was full or the machine stopped.
bool is_cut_off(const Descriptor& file) {
    const off_t end = lseek(file.number(), 0, SEEK_END);
    char last = '\n';
    return end > 0 && pread(file.number(), &last, 1, end - 1) == 1 && last != '\n';
}

}  // namespace

ArticleArchive::ArticleArchive(std::filesystem::path folder) : folder_((std::filesystem::absolute(folder) / "").parent_path()) {
    if (mkdir(folder_.c_str(), 0750) == 0)
        keep_names_in(folder_.parent_path());
    else if (errno != EEXIST)
        fail(folder_);
}

void ArticleArchive::append(const std::vector<std::string>& lines, Instant now) const {
    const auto path = folder_ / ("articles-" + to_rfc3339(now).substr(0, 7) + ".ndjson");
    const Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
    if (!file) fail(path);
    std::string bytes = is_cut_off(file) ? "\n" : "";
    for (const std::string& line : lines) bytes += line + "\n";
    write_all(file, bytes, path);
    if (fsync(file.number()) != 0) fail(path);
    keep_names_in(folder_);
}

}  // namespace gazetted
