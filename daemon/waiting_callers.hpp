#pragma once

#include "daemon/publish.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace gazetted {

struct Unavailable {};  ///< no document and no database, or a rendering that failed: 503

/// What a caller gets for an address.
using Answer = std::variant<std::shared_ptr<const Document>, NoSuchDocument, WithdrawnArticle, RemovedSelection, TooCostly,
                            MovedDocument, Unavailable>;

/// Callers that wait for a rendering, by path. One thread at a time; what is taken out may be answered from any.
class WaitingCallers {
public:
    struct Caller {
        std::function<void(Answer)> done;
        Answer otherwise;                  ///< where nothing new can be had: the document of before, or Unavailable
        std::uint64_t changes_before = 0;  ///< RenderingQueue::changes() when it asked
        std::string request_id = {};       ///< for logs; may be empty
    };

    void add(const std::string& path, Caller caller) {
        by_path_[path].push_back(std::move(caller));
        ++count_;
    }
    bool contains(const std::string& path) const { return by_path_.contains(path); }
    std::size_t count() const noexcept { return count_; }

    /// Those whom a rendering that has seen so many changes serves; who asked after a later one goes on waiting.
    std::vector<Caller> take(const std::string& path, std::uint64_t changes_seen) {
        const auto found = by_path_.find(path);
        if (found == by_path_.end()) return {};
        auto& all = found->second;
        const auto served = [&](const Caller& caller) { return caller.changes_before <= changes_seen; };
        const auto first_left = std::stable_partition(all.begin(), all.end(), served);
        std::vector<Caller> taken(std::make_move_iterator(all.begin()), std::make_move_iterator(first_left));
        all.erase(all.begin(), first_left);
        if (all.empty()) by_path_.erase(found);
        count_ -= taken.size();
        return taken;
    }
    std::vector<Caller> take_all() {
        std::vector<Caller> all;
        for (auto& [path, callers] : by_path_) std::move(callers.begin(), callers.end(), std::back_inserter(all));
        by_path_.clear();
        count_ = 0;
        return all;
    }

private:
    std::unordered_map<std::string, std::vector<Caller>> by_path_;
    std::size_t count_ = 0;
};

}  // namespace gazetted
