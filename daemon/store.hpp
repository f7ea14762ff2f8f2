#pragma once

#include "daemon/address.hpp"
#include "daemon/imported_files.hpp"
#include "daemon/listing.hpp"
#include "daemon/posted_article.hpp"
#include "daemon/readership.hpp"
#include "daemon/subscription.hpp"
#include "daemon/user.hpp"
#include "feeds/entry.hpp"
#include "feeds/feed.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {

/// The database did not do what it was asked to: lost, refused, too slow. Throw the Store away and make another, with back-off.
struct StoreUnavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// It is there, and gave this up: it took too long, or others were in the way. The same again may pass, once or twice.
struct StoreBusy : StoreUnavailable {
    using StoreUnavailable::StoreUnavailable;
};
/// It is there, and cannot do this: a right or a table is missing, the statement has a fault. The same again fails again;
/// whoever has other work goes on with that.
struct StatementFailed : StoreUnavailable {
    using StoreUnavailable::StoreUnavailable;
};

/// How a selection's feeds present themselves and their entries.
struct SelectionProfile {
    std::string icon;
    std::string logo;
    std::string rights;
    EntryLink entry_link = EntryLink::source;
    std::optional<Podcast> podcast;
    std::optional<Instant> removed = {};  ///< to come: when its addresses end, by an operator's word
    std::string sunset_link = {};         ///< where people read about that end
};

/// What a selection is called and which revision it has, as one snapshot shows it.
struct SelectionHead {
    std::int64_t category_id = 0;  ///< of the category, tag, author or source: one sequence of ids; 0: all
    std::string feed_id;           ///< of the selection's feeds, for life
    std::string title;
    std::string description;
    std::string language;
    std::string author;  ///< of the site
    std::string site_title;
    std::int64_t revision = 0;
    Instant changed;
    Instant changed_before;
    Instant created;
    SelectionProfile profile = {};
    /// Of a combination: its members, by id, with their revisions; `category_id` and `revision` are the first one's.
    std::vector<std::pair<std::int64_t, std::int64_t>> members = {};
};

/// The newest articles of a selection with its head, from one snapshot.
struct Window {
    SelectionHead head;
    /// Those that rise, then the others; newest first by (published, id). Of one that the caller knew there are `id`, `number`,
    /// `revision`, `published` and `updated` alone.
    std::vector<Article> articles;
    /// So many of them rise to the top of feeds. The others came when too many of their source did: history and pages show
    /// them.
    std::size_t rising = 0;
    bool has_withdrawn = false;  ///< tombstones() may have some
    /// Of a combination that was not looked through to its end, though there is room for more: the number of the article that
    /// looking goes on with; 0: there are no more.
    std::int64_t unread_number = 0;
    std::optional<Instant> due;  ///< when the next held article is to be shown or the selection ends, by the database's clock
};

/// One page of what a search finds.
struct FoundPage {
    Window window;
    /// Of a page that is not the first: the article before the page before it; 0 where that is the first page.
    std::optional<std::int64_t> previous_before;
};

/// A search that had to be given up: what it looks for is in too many articles to be looked through in time.
struct SearchTooCostly : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Articles of a selection's history, newest first.
struct Archive {
    std::vector<Article> articles;             ///< empty only where a combination has none among so many looked through
    std::optional<std::int64_t> older_number;  ///< of the article after the last one; in a combination it may be left out
    std::optional<std::int64_t> newer_number;  ///< of the article that the next newer document begins with, where it is known
    bool awaits_newer = false;                 ///< none is known because none has begun
};

/// What a name names today, although it may be one of before.
struct NameNow {
    std::optional<std::string> name;  ///< none: it names nothing
    bool is_removed = false;          ///< by an operator, and its time is over
};

struct CategorySummary {
    std::int64_t id = 0;
    std::string slug;
    std::string title;
    std::string language;
    std::optional<Instant> newest;  ///< published; none where the category shows nothing yet
};

struct Catalogue {
    SelectionHead site;
    std::vector<CategorySummary> categories;  ///< by title, then slug
};

/// A feed of the catalogue and what it has.
struct CountedFeed {
    Selection selection;
    std::string title;  ///< empty: the whole site's
    std::string language;
    std::int64_t articles = 0;
    std::optional<Instant> newest;
};

struct StoreCounts {
    std::int64_t shown = 0;  ///< articles; held and withdrawn ones are counted apart
    std::int64_t held = 0;
    std::int64_t withdrawn = 0;
    std::int64_t categories = 0;
    std::optional<Instant> newest;  ///< publication of the newest shown article
};

/// A category that keeps not everything: of its articles those that rise, or the others.
struct LimitedCategory {
    std::int64_t id = 0;
    std::string slug;
    bool rises = true;
};
/// Where a category's articles are to be gone on with, oldest first.
struct OverduePlace {
    Instant published = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
    std::string id;
};
struct OverdueArticle {
    std::string id;
    std::string title;
    std::string line;  ///< for an archive: JSON with all that bring_back() of sql/migrations wants
};
struct OverdueBatch {
    std::vector<OverdueArticle> articles;
    OverduePlace place;   ///< behind all that were looked at
    bool is_last = true;  ///< there are no more, or it is another's work now
    bool is_anothers = false;
};

/// What the caller has of an article; while the revision is the same, so is all else.
struct KnownArticle {
    std::int64_t revision = 0;
    std::int64_t number = 0;
    Instant published;
    std::optional<Instant> updated;
};
using KnownArticles = std::map<std::string, KnownArticle, std::less<>>;  ///< by id

struct MergeCounts {
    std::int64_t added = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
};

/// The limit that an article breaks, as one sentence for a person; none where the tables take it. In step with the CHECKs of
/// sql/migrations. Categories are checked as merge_categories() would have to make them.
std::optional<std::string> refusal(const Article&);

/// One connection to PostgreSQL and the statements of sql/queries. One thread at a time. Every statement has a deadline of our
/// own (`statement_timeout` and a watchdog on the socket); every failure of the connection is StoreUnavailable.
class Store {
public:
    /// `database_url` is a libpq URL or keyword string, several hosts included. `deadline` is for each statement that serving
    /// needs; an operator's write may take sixty times that. Throws StoreUnavailable.
    explicit Store(const std::string& database_url, std::chrono::milliseconds deadline = std::chrono::seconds{10});
    ~Store();
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;

    // What serving needs; a read-only role suffices.

    /// None where the selection names nothing that exists. Held and withdrawn articles are not in it. `as_of` shows the held
    /// articles of a time to come; one that is over by the database's clock counts for nothing.
    std::optional<Window> newest(const Selection&, std::size_t articles_max, const KnownArticles& known = {},
                                 std::optional<Instant> as_of = {});
    /// What a search (parse_search()) finds, of what is older than the article with the number `before`, or 0: of all; one
    /// article more than the page is to show. None where no article has that number. A search that finds nothing has a page
    /// without articles. Throws SearchTooCostly.
    std::optional<FoundPage> search(const std::string& search, std::int64_t before, std::size_t articles_max);
    /// From the article with this number on, whether it still belongs to the selection or not (docs/decisions/0009-history.md).
    /// None where nobody has the number or nothing is left. `category_id` is the selection's SelectionHead's.
    std::optional<Archive> archive(const Selection&, std::int64_t category_id, std::int64_t number, std::size_t articles_max);
    /// What was withdrawn and would stand before `oldest` in the selection's order, or anywhere; newest first.
    std::vector<Tombstone> tombstones(std::int64_t category_id, const Article* oldest, std::size_t tombstones_max);
    /// The same of a combination, among the last ones that were withdrawn from each of its members: ten times as many.
    std::vector<Tombstone> combined_tombstones(const std::string& combination, const Article* oldest,
                                               std::size_t tombstones_max);
    struct FoundArticle {
        SelectionHead site;
        Instant changed;  ///< the article
        Article article;  ///< with `withdrawn` set where it was withdrawn; a held article is not found
    };
    std::optional<FoundArticle> article(std::int64_t number);
    /// The number of the article with this entry id, for redirects.
    std::optional<std::int64_t> article_number(const std::string& id);
    Catalogue catalogue();
    /// What became of names, in their order. Not of combinations.
    std::vector<NameNow> names_now(const std::vector<Selection>&);
    /// All, every category, and the tags, authors and sources of these kinds; `each_max` of a kind, those with the most
    /// articles. By title. Takes time in proportion to the articles.
    std::vector<CountedFeed> counted_feeds(const std::vector<SelectionKind>&, std::size_t each_max);
    /// Takes time in proportion to the articles: for people who ask, not for serving.
    StoreCounts counts();
    /// Revision of every category, tag, author and source by its id; 0 is the site.
    std::map<std::int64_t, std::int64_t> revisions();

    // What import and ingest need. Each call is one transaction, repeated where two writers got in each other's way. Values
    // that the tables refuse are std::runtime_error (see refusal()); nothing of that call is written then.

    /// The source's id, made where the slug is new. So many new articles of a new source rise at once (0: all, none: as many as
    /// of others; docs/decisions/0013-stories.md).
    std::int64_t source(const std::string& slug, const std::string& title, const std::string& url,
                        std::optional<std::int64_t> burst_max = {});
    /// Only what is empty or differs is written; empty values change nothing, and none that is there is changed where files of
    /// another source were imported.
    void describe_site(const std::string& title, const std::string& description, const std::string& language,
                       const std::string& author, std::int64_t source_id);
    std::vector<ImportedFile> imported_files(std::int64_t source_id);
    void note_imported_files(std::int64_t source_id, const ImportedFiles::News&);
    /// Where no source is called `slug` and these are the files of a site that was imported under another name: calls its
    /// source so, and returns the other name.
    std::optional<std::string> rename_moved_site(const std::string& slug, std::span<const std::string> paths);
    /// Makes what is missing; a title that is not empty replaces the old one.
    void merge_categories(std::span<const CategoryTerm>);
    /// Inserts or updates by id, with categories (which must exist), tags and enclosures; rows that would not change are left
    /// alone. A withdrawn article stays withdrawn. Articles whose id belongs to another source (or to none) are left alone and
    /// counted unchanged. Of two articles with one id the last counts, the other is counted unchanged.
    MergeCounts merge_articles(std::int64_t source_id, std::span<const Article>);
    /// Withdraws the source's articles whose ids are not in `kept`; returns how many.
    std::int64_t withdraw_others(std::int64_t source_id, const std::set<std::string>& kept);

    // What polling needs (docs/polling.md).

    /// Takes so many subscriptions that are due for one poll each, of each host one, and of none of `held_hosts`; other nodes
    /// take others, and after a crash nobody asks again within the manners. `claim` is a UUID of the caller's.
    std::vector<Subscription> claim_subscriptions(std::size_t count_max, const std::string& claim, const PollManners&,
                                                  const std::vector<std::string>& held_hosts = {});
    /// That of one source, due or not, with the state that it had before; none where there is none, somebody has it now, or
    /// `may_ask` of that state says no: nobody else changes it meanwhile.
    std::optional<Subscription> claim_subscription(
        std::int64_t source_id, const std::string& claim, const PollManners&,
        const std::function<bool(const Subscription&)>& may_ask = [](const Subscription&) { return true; });
    std::vector<Subscription> subscriptions(const std::optional<std::string>& slug = {}, bool failing_only = false);
    SubscriptionsStanding subscriptions_standing();
    /// Those that were polled at a time that is still to come are due now; how many.
    std::size_t hasten_subscriptions();
    /// Until the next one is due that is of none of these hosts; none where none is polled.
    std::optional<std::chrono::milliseconds> next_poll(const std::vector<std::string>& held_hosts = {});
    /// What the source's entries with one of these keys or links became.
    std::vector<KnownEntry> known_entries(std::int64_t source_id, const std::vector<std::string>& keys,
                                          const std::vector<std::string>& links);
    /// Of these ids those that articles of other sources, or of none, have.
    std::set<std::string> ids_of_others(std::int64_t source_id, const std::vector<std::string>& ids);
    /// Whether the source's feed ever had an entry.
    bool has_entries(std::int64_t source_id);
    /// Writes a poll's outcome and its articles. None, and nothing is written, where the claim is no longer the caller's.
    std::optional<Settled> settle(const Subscription&, const Settlement&);
    /// The first MiB of the last document that was a feed, or of the last that was none; none where there never was one.
    std::optional<std::string> upstream_document(std::int64_t source_id, bool is_good);
    /// False where the source is subscribed already, or another one has this address.
    bool subscribe(std::int64_t source_id, const std::string& feed_url, bool allows_private,
                   const std::vector<std::string>& categories, const std::string& credentials = {});

    // Rules and the articles of before (docs/decisions/0015-rules.md).

    /// Of the source, in the order of their keys, behind `after`; with as much of their text as is looked at, or without.
    std::vector<PastArticle> past_articles(std::int64_t source_id, const std::string& after, std::size_t count_max,
                                           bool with_content);
    /// The same, and writes what `judge` makes of them, in one transaction in which no poll of the source is written. `judge`
    /// may be asked again.
    using Judge = std::function<std::vector<RuledArticle>(const std::vector<PastArticle>&)>;
    std::vector<PastArticle> rule_past_articles(std::int64_t source_id, const std::string& after, std::size_t count_max,
                                                bool with_content, const Judge& judge);

    // Retention (docs/decisions/0017-retention.md).

    std::vector<LimitedCategory> limited_categories();
    /// Called in the middle of a transaction; where it returns, the articles are deleted.
    using ArchiveFirst = std::function<void(const std::vector<OverdueArticle>&)>;
    /// One transaction: of the next `count_max` articles that the category is done with, those that all their categories are
    /// done with. Without `archive_first` they are only told.
    OverdueBatch remove_overdue(const LimitedCategory&, const OverduePlace& after, std::size_t count_max,
                                const ArchiveFirst& archive_first);
    bool was_removed(std::int64_t article_number);

    // What an operator looks at and does; time in proportion to the articles concerned.

    using Parameters = std::vector<std::optional<std::string>>;
    /// From now on a statement that meets another writer's lock gives up after so long, with StoreUnavailable.
    void wait_for_locks_at_most(std::chrono::milliseconds);
    /// The rows of a statement of sql/queries, with its columns' names; times as RFC 3339 has them.
    Listing listing(const char* statement, const Parameters&);
    /// How many rows a writing statement gave back, in a transaction of its own. Values that the tables refuse are
    /// std::runtime_error.
    std::size_t act(const char* statement, const Parameters&);
    /// Whether the article with this number belongs to each of these, which are no combinations.
    std::vector<bool> belongs(std::int64_t article_number, const std::vector<Selection>&);
    struct TellingArticle {
        std::string id;
        std::int64_t number = 0;
        std::string reason;  ///< `url` or `text`, as in story_pairs
    };
    /// The article that is shown for this one's story where both belong (docs/decisions/0013-stories.md); none: it is this
    /// one's own. Nothing wanted is everything.
    std::optional<TellingArticle> told_by(std::int64_t article_number, const std::vector<Selection>& wanted,
                                          const std::vector<Selection>& unwanted);
    struct ArticlePlace {
        std::int64_t place = 0;                     ///< 1: the newest
        std::optional<std::int64_t> archive_begin;  ///< the number of the article that its archive document begins with, if any
    };
    /// Of a shown article that belongs to the selection. `category_id` is a SelectionHead's.
    ArticlePlace article_place(std::int64_t article_number, std::int64_t category_id);

    // Who administers over HTTP, and what is posted (docs/api.md).

    /// False where the name is taken.
    bool add_user(const User&);
    void set_scopes(const std::string& name, const std::vector<std::string>& scopes);
    /// None where nobody is called so, or it was revoked.
    std::optional<User> user(const std::string& name);
    /// As sql/queries/stored_article.sql says it.
    std::optional<std::string> stored_article(const std::string& id);
    struct WrittenArticle {
        enum class What { added, updated, unchanged };
        What what = What::unchanged;
        std::int64_t number = 0;
    };
    struct ArticleWriting {
        std::string id;
        /// What is to be stored, made of what is stored now; none: nothing yet. May be asked again.
        std::function<Result<PostedArticle>(const std::optional<std::string>& before)> compose;
    };
    /// Adds or corrects articles, different ones, whatever their source is; nobody else corrects them meanwhile. Each is
    /// written whole or, where it is refused, not at all, whatever becomes of the others.
    std::vector<Result<WrittenArticle>> write_articles(const std::vector<ArticleWriting>&);

    // What could not be published.

    struct SetAside {
        std::string article_id;
        std::string path;  ///< of the document that goes on without it
        std::string reason;
    };
    /// Notes it with the revision of the article that could not be published; false where the role may not write it down.
    bool note_set_aside(const SetAside&, std::int64_t revision);
    /// What is set aside and did not change since, a thousand at most.
    std::vector<SetAside> set_aside();

    // Who reads (docs/readers.md).

    /// What hashes of that day's pollers are made with, on all nodes: the key chosen before, else `proposed`.
    std::uint64_t poller_key(std::chrono::sys_days, std::uint64_t proposed);
    /// Adds it to what all nodes have seen, in one transaction, and forgets what is older than `today` allows. A connection
    /// lost in the very commit leaves it open whether it was added.
    void merge_readership(const Readership&, std::chrono::sys_days today);
    /// What all nodes have seen since the day; of these feeds' paths where there are any.
    Readership readership(std::chrono::sys_days since, const std::vector<std::string>& paths = {});

private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

}  // namespace gazetted
