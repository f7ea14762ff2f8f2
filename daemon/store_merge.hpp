#pragma once

#include "daemon/store_session.hpp"
#include "feeds/article.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace gazetted {

/// By id: one order of locks for all writers.
using ArticlesById = std::map<std::string, const Article*, std::less<>>;

/// Which articles a batch may change.
enum class MergeReach { own, all };

/// What a batch wrote.
struct MergedIds {
    std::map<std::string, std::int64_t> added;  ///< with their numbers
    std::set<std::string> updated;
};

/// Inserts or updates the source's articles within the transaction, as Store::merge_articles() says; those of others where it
/// may reach them, which keep their source.
MergedIds merge_batch(pqxx::work&, std::optional<std::int64_t> source_id, const ArticlesById&, MergeReach = MergeReach::own);

}  // namespace gazetted
