#include "daemon/command_parts.hpp"
#include "daemon/import_jekyll.hpp"
#include "daemon/import_report.hpp"
#include "daemon/migrate.hpp"
#include "daemon/outgoing_address.hpp"
#include "feeds/read_opml.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

namespace gazetted {

namespace {

/// As the address of a category can have it; empty where the folder's name is nothing.
std::string slug_of(const OpmlFolder& folder) {
    std::string name = folder.slug.empty() ? folder.title : folder.slug;
    std::ranges::replace(name, '/', '-');
    return name_of(SelectionKind::category, name).value_or("");
}

/// As the list says, where nobody is called so; else as its host is, or with a number behind where that is taken.
std::string source_slug_of(Store& store, const OpmlFeed& feed, const std::string& feed_url) {
    const auto stated = feed.slug.empty() ? std::nullopt : name_of(SelectionKind::source, feed.slug);
    if (stated && store.listing("show_source", {*stated}).rows.empty()) return *stated;
    return free_source_slug(store, feed_url);
}

bool subscribe(Store& store, const OpmlFeed& feed, const std::string& feed_url, bool allows_private) {
    std::vector<CategoryTerm> terms;
    std::vector<std::string> categories;
    for (const OpmlFolder& folder : feed.folders) {
        std::string slug = slug_of(folder);
        if (slug.empty()) continue;
        terms.push_back({.slug = slug, .title = folder.title});
        categories.push_back(std::move(slug));
    }
    store.merge_categories(terms);
    const std::int64_t source_id = store.source(source_slug_of(store, feed, feed_url), feed.title, feed.home_url);
    return store.subscribe(source_id, feed_url, allows_private, categories);
}

}  // namespace

int run(const Config& config, const ImportJekyllCommand& command) {
    const OpenDatabase database = open_database(config.database);
    migrate(database.url);
    Store store(database.url);
    JekyllImportSummary summary;
    {
        ProgressBar bar(STDERR_FILENO);
        summary = import_jekyll(store, command.site_directory, command.options,
                                [&bar](std::int64_t done, std::int64_t found) { bar.show(done, found); });
    }
    print_import(std::cout, summary);
    return import_status(summary, command.strict);
}

int run(const Config& config, const ImportOpmlCommand& command) {
    const Result<OpmlList> list = read_opml(read_input(command.file));
    if (!list) return failed(command.file + ": " + list.error().message);
    const OpenDatabase database = open_database(config.database);
    migrate(database.url);
    Store store(database.url);

    std::set<std::string> known;
    for (const Subscription& subscription : store.subscriptions()) known.insert(subscription.feed_url);
    std::int64_t added = 0, known_before = 0, done = 0;
    auto left_out = static_cast<std::int64_t>(list->left_out);
    {
        ProgressBar bar(STDERR_FILENO);
        for (const OpmlFeed& feed : list->feeds) {
            bar.show(++done, std::ssize(list->feeds));
            const auto address = parse_web_address(feed.feed_url);
            if (!address)
                ++left_out;
            else if (known.contains(address->url))
                ++known_before;
            else
                subscribe(store, feed, address->url, command.allows_private) ? ++added : ++known_before;
        }
    }
    const Listing summary{.columns = {"outlines", "added", "known", "left_out", "fault"},
                          .rows = {{std::ssize(list->feeds) + static_cast<std::int64_t>(list->left_out), added, known_before,
                                    left_out, list->fault}}};
    std::string what = std::to_string(added) + " new subscriptions, " + std::to_string(known_before) + " known before, " +
                       std::to_string(left_out) + " left out, whose address is none";
    if (!list->fault.empty()) what += "; the list had to be mended: " + list->fault;
    if (list->has_more) what += "; there were more than " + std::to_string(opml_feeds_max) + ", and these were left out";
    return print_done(summary, what + ". A running daemon polls them", command.json);
}

}  // namespace gazetted
