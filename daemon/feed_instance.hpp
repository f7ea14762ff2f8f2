#pragma once

#include "feeds/write_feed.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// What a strong ETag is made of: 128 bits of the bytes, in hexadecimal digits.
std::string hash_of(std::string_view body);
/// 64 bits, uniform, the same on all nodes: what a path is counted under.
std::uint64_t short_hash_of(std::string_view path);

/// What a feed is written from, kept so that it can be written again as it was before (docs/decisions/0006-deltas.md).
struct FeedInstance {
    struct Place {
        std::shared_ptr<const Fragment> fragment;  ///< null: the article was set aside
        std::int64_t revision = 0;                 ///< of the article
        std::int64_t number = 0;                   ///< of the article
        Instant updated;                           ///< as the feed's head counts it
        bool is_proven = false;                    ///< a document of this address that was found sound has shown the fragment
    };
    FeedHead head;
    FeedFormat format = FeedFormat::atom;
    std::string archives;              ///< what their links begin with; empty: there are none
    std::size_t places_shown_max = 0;  ///< the first so many of `places` are shown
    std::vector<Place> places;         ///< newest first; those behind were shown before newer ones came, or may have been
    bool behind_is_unread = false;     ///< `places` end with the first one behind, though there may be more
    std::int64_t unread_number = 0;    ///< as a Window's: behind all `places`
};

/// The feed that an instance shows, read back and found sound, and the places that it goes on without.
struct SoundFeed {
    struct LeftOut {
        std::size_t place = 0;
        std::string reason;
    };
    std::string body;
    std::vector<LeftOut> left_out;
};

/// Reads the document once, without those entries that are proven: between the same tags the same bytes are as sound as they
/// were. Reads the others one by one only where it is not sound. Throws std::runtime_error where the feed is not sound without
/// them either.
SoundFeed write_sound_feed(const FeedInstance&);

/// The link to the archive document that begins with this article; none where the instance has no archives.
std::vector<HistoryLink> history_before(const FeedInstance&, std::int64_t number);
/// The link to what is behind all places; none where nothing is.
std::vector<HistoryLink> history_behind(const FeedInstance&);

/// A feed as it was before its newest articles came.
struct OlderInstance {
    std::string hash;                                    ///< hash_of() its bytes
    std::vector<std::shared_ptr<const Fragment>> newer;  ///< what the feed shows since, in the feed's order; never empty
};

/// One before the last article, one before the last two, and so on, `older_instances_max` at most.
constexpr std::size_t older_instances_max = 20;
std::vector<OlderInstance> older_instances(const FeedInstance&);

/// The feed with its head of now and the newer entries alone (RFC 3229, instance manipulation `feed`).
std::string write_delta(const FeedInstance&, const OlderInstance&);

}  // namespace gazetted
