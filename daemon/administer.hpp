#pragma once

#include "daemon/command_line.hpp"
#include "daemon/listing.hpp"
#include "daemon/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// What an operator does with categories, sources and articles, whether the wish came from the command line or over HTTP.

namespace gazetted {

struct Outcome {
    enum class Kind {
        done,
        missing,  ///< there is nothing of that name
        taken,    ///< something else has it
        refused,  ///< not to be done so
    };
    Kind kind = Kind::done;
    std::string sentence;    ///< what was done, or why nothing was; empty where it was only looked at
    std::string advice;      ///< of what was not done: a command that helps; may be empty
    Listing row;             ///< of what was done: as it is now
    bool is_changed = true;  ///< else what was to be done had been done before
};

/// Every action but list.
Outcome administer(Store&, const CategoryCommand&);
/// Show, publish, withdraw and restore.
Outcome administer_article(Store&, std::string_view action, std::int64_t number);
/// Show, set, accept, pause, resume and remove: what asks no upstream.
Outcome administer(Store&, const SourceCommand&);

/// Refused where a language is given that is none: its feeds would say none. Empty takes one away.
std::optional<Outcome> no_language(const std::optional<std::string>& given);

// The action add, on both sides of looking at what the address answers.
/// As whom it is to be asked; or why it is not, before anything is written: the address, the name, the categories, or somebody
/// is subscribed to it.
std::variant<Subscription, Outcome> wanted_subscription(Store&, const SourceCommand&);
/// Makes it. Whoever polls first asks it.
Outcome subscribe(Store&, const SourceCommand&, const Subscription& wanted);

/// `https://www.blog.example/feed.xml` is called `blog.example`, or `blog.example-2` where a source is called so already.
std::string free_source_slug(Store&, const std::string& feed_url);
/// Where entries of the source's own feed point; none: as before.
void set_feed(Store&, const std::string& slug, const std::optional<std::string>& entry_link);
Outcome no_subscription(const std::string& slug);

/// The action list.
Page page_of(Store&, const CategoryCommand&);
Page page_of(Store&, const SourceCommand&);
/// `after` is a number. None where there is no such category.
std::optional<Page> page_of(Store&, const ArticleCommand&);

/// In normalisation form C; none where no address can have that name.
std::optional<std::string> name_of(SelectionKind, const std::string& text);

}  // namespace gazetted
