#pragma once

#include "feeds/date_time.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace gazetted {

/// Files of removed articles, one a month, `articles-2026-11.ndjson`: a line of JSON an article, which `gazetted retention
/// restore` reads back.
class ArticleArchive {
public:
    /// The folder is made where its parent is there. Throws std::runtime_error.
    explicit ArticleArchive(std::filesystem::path folder);
    /// On the disk when it returns. Throws std::runtime_error, with some of the lines written or none; a line that was cut off
    /// is followed by whole ones.
    void append(const std::vector<std::string>& lines, Instant now) const;

private:
    std::filesystem::path folder_;
};

}  // namespace gazetted
