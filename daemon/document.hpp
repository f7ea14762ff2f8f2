#pragma once

#include "daemon/address.hpp"
#include "daemon/document_links.hpp"
#include "daemon/feed_instance.hpp"
#include "daemon/representations.hpp"
#include "feeds/date_time.hpp"
#include "feeds/write_feed.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// A representation that is not kept here though readers may have it: whoever names it is answered 304, and nobody anything
/// else.
struct AbsentRepresentation {
    std::string etag;
    std::string not_modified_head;
};

/// Which revision a document shows, to be compared with the database after a lost notification.
struct Shown {
    std::int64_t category_id = 0;  ///< 0: the whole site
    std::int64_t revision = 0;
    Instant changed{};  ///< when it came to that revision, by the database's clock
};

/// One finished feed or page: bytes and validators. Immutable once made; shared between threads as shared_ptr<const Document>.
struct Document {
    Address address;
    std::string media_type;
    Representations representations;         ///< identity always; the others where smaller
    std::chrono::sys_seconds last_modified;  ///< RFC 9110 section 8.8.2; never in the future, never going back
    /// Two changes fell into the second of last_modified: it is no validator then (RFC 9110 section 8.8.2.2).
    bool last_modified_is_ambiguous = false;
    bool has_last_modified = true;  ///< else nobody knows when it came to be, and its tag alone is a validator
    std::optional<Instant> due;     ///< when the next held article is to be shown: the document is stale from then on
    std::optional<Instant> sunset;  ///< when its address ends (RFC 8594)
    std::string sunset_link;        ///< where people read about that; empty: nowhere
    Shown shown;
    std::vector<Shown> also_shown;  ///< the other members of a combination
    /// The entries' fragments by article id and revision, with what else the next document of this address must know of the
    /// article, so that it need not read it again.
    struct KeptFragment {
        std::int64_t revision = 0;
        std::int64_t number = 0;
        Instant published;
        std::optional<Instant> updated;
        std::shared_ptr<const Fragment> fragment;
        bool is_shortened = false;  ///< it would take too much of the feed: its summary stands for its content
        bool is_proven = false;     ///< as a FeedInstance::Place's
    };
    std::map<std::string, KeptFragment, std::less<>> fragments;
    EntryLink entry_link = EntryLink::source;  ///< of the fragments
    struct SetAside {
        std::int64_t revision = 0;
        std::string reason;
    };
    std::map<std::string, SetAside, std::less<>> set_aside;  ///< articles that the document goes on without, by id
    std::size_t dropped = 0;                                 ///< entries left out to keep it within its size
    std::string cache_control_line;                          ///< with its CRLF; empty: as configured
    std::vector<DocumentLink> links;                         ///< the `Link` field's, in this order
    std::optional<FeedInstance> instance;                    ///< of a feed: what it is written from
    std::vector<OlderInstance> older;                        ///< made with the slow codings
    // Made by finish_document().
    /// gzip is made twice, first quickly and then small (docs/decisions/0007-two-gzips.md): the other one of the two.
    std::optional<AbsentRepresentation> other_gzip;
    std::string path;               ///< canonical_path(address): the key of the cache
    std::uint64_t path_hash = 0;    ///< short_hash_of() it, for whoever counts each request
    std::string negotiated_fields;  ///< Vary and Content-Location for the address without a suffix (RFC 9110 section 8.7)
    std::size_t bytes = 0;          ///< what it costs to keep, for the cache's limit
};

/// What a new document is served with at once, identity and a quickly made gzip: strong ETags from the identity bytes. Same
/// bytes, same validators.
Representations make_representations(std::string body);

/// The last step of making a document, and the only way to one that can be served: heads, path and costs from everything else.
std::shared_ptr<const Document> finish_document(Document);

/// What a new document does not wait for, br, zstd, a smaller gzip and the older instances of a feed: whether they are still to
/// be made and may pay, and the same document with them. The tag of the quick gzip is answered 304 from then on, as its own was
/// before; the identity keeps its bytes and validators.
bool wants_slow_codings(const Document&);
std::shared_ptr<const Document> with_slow_codings(const Document&);
/// The document, with those of another one where that has the same bytes and this has none yet.
std::shared_ptr<const Document> with_codings_of(const std::shared_ptr<const Document>&, const Document& other);

}  // namespace gazetted
