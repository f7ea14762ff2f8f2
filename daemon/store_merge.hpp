#pragma once

#include "daemon/store_session.hpp"
#include "feeds/article.hpp"

#include <map>
#include <string>

namespace gazetted {

/// By id: one order of locks for all writers.
using ArticlesById = std::map<std::string, const Article*, std::less<>>;

/// Inserts or updates the source's articles within the transaction, as Store::merge_articles() says.
MergeCounts merge_batch(pqxx::work&, std::int64_t source_id, const ArticlesById&);

}  // namespace gazetted
