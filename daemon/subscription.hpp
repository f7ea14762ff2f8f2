#pragma once

#include "daemon/poll_schedule.hpp"
#include "feeds/article.hpp"
#include "feeds/rules.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

/// What a feed calls itself. Empty: it does not say.
struct FeedIdentity {
    std::string id;
    std::string title;
    std::string home;  ///< the page for people
    bool empty() const noexcept { return id.empty() && title.empty() && home.empty(); }
};

/// An upstream feed that we poll, and what we know of it.
struct Subscription {
    std::int64_t source_id = 0;
    std::string slug;      ///< of the source
    std::string title;     ///< of the source; may be empty
    std::string feed_url;  ///< without credentials
    std::string host;      ///< of feed_url
    std::string state;     ///< `active`, `paused` or `gone`
    std::string claim;     ///< while it is being polled: whose it is

    // What an operator chose.
    std::optional<std::chrono::seconds> conditional_min;
    std::optional<std::chrono::seconds> whole_min;
    std::optional<std::chrono::seconds> interval_max;
    std::string user_agent;   ///< empty: ours
    std::string credentials;  ///< `user:password`, or `Bearer token`; for no log and no listing
    bool allows_private = false;
    std::string language;  ///< of its articles; empty: as they say
    bool summary_only = false;
    std::vector<std::string> categories;  ///< slugs
    std::vector<Rule> rules;              ///< in the order in which they are followed, those of categories included

    PollState poll;
    std::string document_hash;  ///< of the last whole document; empty: none yet
    FeedIdentity identity;      ///< of the feed that was read last; empty: whatever answers is the feed

    // What an operator sees.
    int status = 0;     ///< of the last answer; 0: there was none
    std::string error;  ///< why the last poll failed, with what to do; empty: it did not
    std::optional<Instant> error_since;
    std::int64_t polls = 0;
    std::int64_t unchanged = 0;  ///< answers 304
    std::int64_t bytes_received = 0;
    std::int64_t bytes_saved = 0;
};

/// What an upstream entry became.
struct KnownEntry {
    std::string key;
    std::string link;
    std::string hash;
    std::string article_id;  ///< empty: the article was deleted
    std::string title;
    Instant published;
    bool is_dropped = false;  ///< by a rule before it was stored; `article_id` is what it would have been
};

/// An upstream entry as an article, with what it is known again by.
struct UpstreamEntry {
    std::string stem;  ///< of the key: what its id says, which a feed may give to several entries
    std::string key;
    std::string entry_id;  ///< as upstream has it; empty: none
    std::string link;      ///< without its scheme; empty: none
    std::string hash;      ///< of what matters
    Article article;
    bool is_dated = false;     ///< it says when it was published
    bool is_new = true;        ///< no article that we know of became of it yet
    bool was_dropped = false;  ///< by a rule, when it came before
    Ruling ruling = {};
};

/// An article that polling brought, as rules find it again: one of the tables, or one that they dropped before it was stored.
struct PastArticle {
    std::string key;
    Article article;  ///< of a stored one what rules look at and change
    Ruling ruling;    ///< what they did with it
    bool is_stored = true;
    bool is_withdrawn = false;
    bool was_withdrawn = false;  ///< by a rule; somebody may have restored it since
};

/// What rules make of it now.
struct RuledArticle {
    PastArticle before;
    Article article;
    Ruling ruling;
};

/// What one poll writes, in one transaction.
struct Settlement {
    PollState poll;
    std::string document_hash;
    std::string feed_url;  ///< a new address; empty: as before
    int status = 0;
    std::string error;
    bool is_unchanged = false;  ///< 304
    std::uint64_t bytes_received = 0;
    std::optional<std::uint64_t> whole_bytes;  ///< of a document in full, as it came
    std::string source_title;
    std::string source_home;
    std::optional<FeedIdentity> identity;  ///< of a document that was read
    std::vector<UpstreamEntry> entries;    ///< new ones and changed ones
    std::vector<std::string> deleted_ids;  ///< of articles whose entries upstream deleted

    struct Kept {
        bool is_good = false;
        std::string url;
        std::string content_type;
        std::string bytes;
    };
    std::optional<Kept> document;
};

/// What came of it.
struct Settled {
    std::string feed_url;       ///< from now on
    std::size_t withdrawn = 0;  ///< articles
    std::uint64_t bytes_saved = 0;
};

/// How all subscriptions are.
struct SubscriptionsStanding {
    std::uint64_t active = 0, paused = 0, gone = 0;
    std::uint64_t failing = 0;
    std::uint64_t silent = 0;  ///< active ones, beyond their usual
    std::chrono::seconds longest_silence{0};
    std::chrono::seconds lag{0};  ///< of the one that has been due for longest
};

}  // namespace gazetted
