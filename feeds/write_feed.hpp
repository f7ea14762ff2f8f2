#pragma once

#include "feeds/entry.hpp"
#include "feeds/feed.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gazetted {

/// One entry rendered in one format. Its bytes stand alone between a feed's head and tail; it never names its neighbours, so a
/// fragment made for the previous document serves the next one.
using Fragment = std::string;

/// RSS 2.0 `<item>` with content:encoded and dc:creator, RFC 4287 `atom:entry`, or a JSON Feed 1.1 item.
Fragment write_entry(const Entry&, FeedFormat);

/// What is wrong with a document or a fragment, read back by a strict parser: whether it is well-formed under the feed's
/// namespaces, has what the format demands once, right times, absolute addresses, and no id twice. None: nothing. A guard
/// against our own mistakes: what write_entry() makes of a lawful Entry is sound.
std::optional<std::string> fault_in(std::string_view document, FeedFormat);
std::optional<std::string> fault_in_entry(std::string_view fragment, FeedFormat);

/// The whole document around `fragments`, in their order. Same arguments, same bytes.
std::string write_feed(const FeedHead&, std::span<const std::string_view> fragments, FeedFormat);

/// `application/rss+xml; charset=utf-8` and so on, for Content-Type and for links.
std::string_view media_type(FeedFormat);

}  // namespace gazetted
