#pragma once

#include "feeds/article.hpp"
#include "feeds/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// An article as somebody posts it (docs/api.md). Its limits are the tables': see refusal().
struct PostedArticle {
    Article article;
    bool has_published = false;         ///< else `published` is whoever stores it's to say
    std::optional<std::string> source;  ///< a slug
    std::optional<bool> withdrawn;      ///< none: as it is
    bool is_as_before = false;          ///< there is nothing to write
};

/// One JSON object with the members of sql/queries/stored_article.sql; one that is null is not there. `number` is told, not
/// posted, and is passed over. A member that there is not, or of another kind, is an error that names it.
Result<PostedArticle> read_posted_article(std::string_view json);

/// `target` with the members of `patch` in their place, and without those that are null (RFC 7396). `target` is ours.
Result<std::string> merge_patch(std::string_view target, std::string_view patch);

/// Whether two texts are the same JSON.
bool is_same_json(std::string_view, std::string_view);

/// The member of a JSON object; empty where there is no such text.
std::string text_member(std::string_view json, std::string_view name);

}  // namespace gazetted
