#pragma once

#include "daemon/subscription.hpp"
#include "feeds/date_time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

class Store;

/// What the database has, as an operator wants to see it. Texts come from anybody. A value.
struct Survey {
    static constexpr std::size_t categories_max = 10'000;  ///< those with the newest articles
    static constexpr std::size_t troubled_max = 200;       ///< sources: those that have been so for longest
    static constexpr std::size_t nodes_max = 200;

    Instant taken;
    std::chrono::milliseconds took{0};

    std::string site_title;
    std::int64_t shown = 0, held = 0, withdrawn = 0;  ///< articles
    struct Newest {
        std::int64_t number = 0;
        std::string title;
        Instant published;
    };
    std::optional<Newest> newest;

    struct Category {
        std::string slug, title;
        std::int64_t articles = 0;   ///< shown
        std::int64_t set_aside = 0;  ///< of its articles: some document goes on without them
        std::optional<Instant> newest = {};
    };
    std::int64_t categories_count = 0;
    std::vector<Category> categories;  ///< newest first; those without an article at the end, by slug

    struct SetAside {
        std::string article_id, path, reason;
    };
    std::vector<SetAside> set_aside;

    struct Source {
        std::string slug, url, error;  ///< the last is empty where it is listed for its silence
        std::optional<Instant> since = {};
    };
    std::vector<Source> failing, silent;
    SubscriptionsStanding standing;

    struct Node {
        std::string name;  ///< as node_name() has it
        std::optional<Instant> since = {};
    };
    std::vector<Node> nodes;
};

/// Blocking, and in proportion to the articles; throws what Store throws. `now` is when it is taken.
Survey take_survey(Store&, Instant now);

/// What this process calls itself to the database, so that all nodes can be listed: version, host and process.
std::string node_name();

}  // namespace gazetted
