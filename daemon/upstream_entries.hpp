#pragma once

#include "daemon/subscription.hpp"
#include "feeds/parsed_feed.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

// Upstream entries as articles, and which of them are new. Pure.

/// The entries as articles, in the order of the document. Where the upstream's id is an absolute URI that nobody else has, it
/// is the article's; else one is minted from the feed and the entry, the same on every node. Undated entries get `now`, those
/// further down a little earlier. Each entry stands once: two with one id and different links are two, and so are two of one
/// link, or of none, that have other titles and dates; else the first counts.
std::vector<UpstreamEntry> entries_of(const Feed&, const Subscription&, Instant now);

/// Keys of entries that the document says are deleted (RFC 6721) and has no later version of; entries_of() leaves them out.
std::set<std::string> deleted_keys(const Feed&);

/// Its page for people; empty where it names none, or one whose address is too long.
std::string home_of(const Feed&);
/// `url` is where it was fetched from: a feed that names no other home has none.
FeedIdentity identity_of(const Feed&, std::string_view url);
/// Whether neither id nor title nor home are those of before, where both say any. A feed that renames or moves itself keeps
/// one.
bool is_called_otherwise(const FeedIdentity& before, const FeedIdentity& now);

/// An id for an entry whose own cannot be the article's: a UUID made of the feed's address and the entry's key (RFC 9562
/// section 5.8).
std::string minted_id(const std::string& feed_url, const std::string& key);

/// Keys that the same entry may have had: its own, those that tell more, and that with the other one of http and https.
std::vector<std::string> keys_to_look_up(const std::vector<UpstreamEntry>&);

/// The key, and that with the other one of http and https where it has either.
std::vector<std::string> keys_of(const std::string& key);

/// The articles of deleted entries, of those that are known.
std::vector<std::string> articles_of(const std::set<std::string>& deleted_keys, const std::vector<KnownEntry>&);

struct ToldApart {
    std::vector<UpstreamEntry> to_write;  ///< new ones, and known ones that changed: these keep their article's id and place
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t unchanged = 0;  ///< those whose article was deleted included: they do not come back
    bool knows_any = false;     ///< an entry was known before: it is the feed that we know
};
/// By key, else by the key's other scheme, else by a link that names one entry alone, else by title and date; each known entry
/// is one's. A key that now has another link, title and date has been given anew.
/// `ids_of_others` are articles of other sources: an entry that claims such an id gets a minted one.
ToldApart tell_apart(std::vector<UpstreamEntry>, const std::vector<KnownEntry>&, const std::set<std::string>& ids_of_others,
                     const std::string& feed_url, Instant now);

}  // namespace gazetted
