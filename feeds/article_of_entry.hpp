#pragma once

#include "feeds/article.hpp"
#include "feeds/parsed_feed.hpp"

#include <string>
#include <string_view>

namespace gazetted {

/// What an upstream entry says, in the terms of an article: the other way of entry_of(). `feed_url` is where the feed was
/// fetched from; an undated entry is of `first_seen`. Without an id and categories, which are the caller's to give; HTML is as
/// it came, untrusted. Title and content are both empty where the entry says nothing.
Article article_of(const ParsedEntry&, const Feed&, std::string_view feed_url, Instant first_seen);

/// A text construct as plain text, on one line.
std::string plain_text(const TextConstruct&);

}  // namespace gazetted
