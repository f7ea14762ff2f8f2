#pragma once

#include "daemon/store.hpp"
#include "feeds/date_time.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

struct JekyllImportOptions {
    bool local_dates = false;   ///< a date without a zone is in the site's zone, not UTC as Jekyll has it
    bool prune = false;         ///< withdraw articles of this site that vanished from it
    std::size_t batch = 1'000;  ///< posts a transaction
};

/// Why a file is not (wholly) in the database. Nothing here is a reason to stop.
struct ImportNotice {
    std::string path;      ///< relative to the site, legible: escaped where it was not UTF-8
    std::size_t line = 0;  ///< 0: the whole file
    std::string reason;
};

struct JekyllImportSummary {
    std::int64_t found = 0;
    MergeCounts merged;
    std::int64_t withdrawn = 0;
    std::int64_t unpublished = 0;  ///< `published: false`
    std::int64_t liquid_tags = 0;  ///< left out
    std::vector<ImportNotice> set_aside;
    std::vector<ImportNotice> warnings;
};

/// Reads `_config.yml`, category pages and `_posts/` of `site_directory` into `store`. Ids, links and dates are those that
/// Jekyll 4.3 with jekyll-feed 0.17 gives the same posts. Calls `progress(done, found)` now and then. Throws StoreUnavailable,
/// and std::runtime_error where the directory is no Jekyll site.
JekyllImportSummary import_jekyll(Store& store, const std::filesystem::path& site_directory, const JekyllImportOptions&,
                                  const std::function<void(std::int64_t done, std::int64_t found)>& progress);

}  // namespace gazetted
