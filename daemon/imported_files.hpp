#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gazetted {

/// A file of an imported site, and the article that it became.
struct ImportedFile {
    std::string path;  ///< within the site
    std::string article_id;
    std::string hash;  ///< of title and content
    bool operator==(const ImportedFile&) const = default;
};

/// Which file of a site is which article: an id is minted once, and a post keeps it while its address changes with the site's,
/// a category, a date or the file's own name. One thread.
class ImportedFiles {
public:
    /// `known` from the imports before; `paths` are there now.
    ImportedFiles(std::vector<ImportedFile> known, const std::vector<std::string>& paths);

    struct Identity {
        std::string id;
        std::string held_by;  ///< another file that is there has this id from before; empty: none
    };
    /// Of the file's article: the id of before, or of a file with the same hash that is gone, or `minted`. To be called once a
    /// file, for all that are taken.
    Identity identify(const std::string& path, const std::string& hash, const std::string& minted);

    /// What came to be known since the last call.
    struct News {
        std::vector<ImportedFile> noted;
        std::vector<std::string> renamed;  ///< former paths
    };
    News take_news();

    static constexpr std::size_t path_bytes_max = 1'024;  ///< a longer one is not noted

private:
    struct Known {
        std::string article_id, hash;
    };
    std::string known_id(const std::string& path, const std::string& hash);
    std::set<std::string> there_;
    std::map<std::string, Known> known_;
    std::map<std::string, std::string> holders_;  // paths by article id
    std::map<std::string, std::string> gone_;     // paths by hash
    News news_;
};

}  // namespace gazetted
