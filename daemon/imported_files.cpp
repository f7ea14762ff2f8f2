#include "daemon/imported_files.hpp"

#include <utility>

namespace gazetted {

ImportedFiles::ImportedFiles(std::vector<ImportedFile> known, const std::vector<std::string>& paths)
    : there_(paths.begin(), paths.end()) {
    for (ImportedFile& file : known) {
        if (!there_.contains(file.path)) gone_.emplace(file.hash, file.path);
        holders_.emplace(file.article_id, file.path);
        known_.emplace(std::move(file.path), Known{std::move(file.article_id), std::move(file.hash)});
    }
}

// Empty: the file is new.
std::string ImportedFiles::known_id(const std::string& path, const std::string& hash) {
    if (const auto found = known_.find(path); found != known_.end()) return found->second.article_id;
    const auto renamed = gone_.extract(hash);
    if (renamed.empty()) return {};
    news_.renamed.push_back(renamed.mapped());
    return known_.at(renamed.mapped()).article_id;
}

ImportedFiles::Identity ImportedFiles::identify(const std::string& path, const std::string& hash, const std::string& minted) {
    const auto found = known_.find(path);
    if (found != known_.end() && found->second.hash == hash) return {found->second.article_id, {}};
    std::string id = known_id(path, hash);
    if (id.empty()) {
        id = minted;
        if (const auto holder = holders_.find(id); holder != holders_.end()) {
            if (there_.contains(holder->second)) return {id, holder->second};
            news_.renamed.push_back(holder->second);
        }
    }
    known_.insert_or_assign(path, Known{id, hash});
    if (path.size() <= path_bytes_max) news_.noted.push_back({path, id, hash});
    return {id, {}};
}

ImportedFiles::News ImportedFiles::take_news() { return std::exchange(news_, {}); }

}  // namespace gazetted
