#include "daemon/administer.hpp"
#include "daemon/command_parts.hpp"
#include "daemon/import_jekyll.hpp"
#include "daemon/import_report.hpp"
#include "daemon/migrate.hpp"
#include "daemon/outgoing_address.hpp"
#include "feeds/read_opml.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

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

/// Takes in what an OPML list names.
class OpmlImporter {
public:
    OpmlImporter(Store& store, bool allows_private) : store_(store), allows_private_(allows_private) {
        for (const Subscription& subscription : store.subscriptions()) known_.insert(subscription.feed_url);
    }

    void take(const OpmlFeed& feed) {
        const auto address = parse_web_address(feed.feed_url);
        if (!address)
            left_out.push_back(feed.feed_url);
        else if (!known_.contains(address->url) && subscribe(feed, *address))
            ++added;
        else
            ++known_before;
    }

    std::int64_t added = 0, known_before = 0;
    std::vector<std::string> left_out;

private:
    bool subscribe(const OpmlFeed& feed, const WebAddress& address) {
        std::vector<std::string> categories;
        for (const OpmlFolder& folder : feed.folders)
            if (const std::string& slug = category_of(folder); !slug.empty()) categories.push_back(slug);
        const std::int64_t source_id = store_.source(source_slug_of(store_, feed, address.url), feed.title, feed.home_url);
        return store_.subscribe(source_id, address.url, allows_private_, categories, address.credentials);
    }

    /// The category that is called as the folder, made where there is none; empty where the folder's name is nothing.
    const std::string& category_of(const OpmlFolder& folder) {
        const auto [place, is_new] = categories_.emplace(folder.slug + '\n' + folder.title, "");
        std::string& slug = place->second;
        if (!is_new) return slug;
        slug = slug_of(folder);
        if (slug.empty()) return slug;
        const Listing called = store_.listing("category_called", {slug, folder.title});
        if (called.rows.empty())
            store_.merge_categories(std::array{CategoryTerm{.slug = slug, .title = folder.title}});
        else
            slug = std::get<std::string>(called.at(0, "slug"));
        return slug;
    }

    Store& store_;
    const bool allows_private_;
    std::set<std::string> known_;
    std::map<std::string, std::string> categories_;  // slugs by what folders say
};

/// The first of them, for a sentence.
std::string some_of(const std::vector<std::string>& addresses) {
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(addresses.size(), most); ++i) text += (i == 0 ? ": " : ", ") + addresses[i];
    if (addresses.size() > most) text += " and " + std::to_string(addresses.size() - most) + " more";
    return text;
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

    OpmlImporter importer(store, command.allows_private);
    importer.left_out = list->left_out;
    {
        ProgressBar bar(STDERR_FILENO);
        std::int64_t done = 0;
        for (const OpmlFeed& feed : list->feeds) {
            bar.show(++done, std::ssize(list->feeds));
            importer.take(feed);
        }
    }
    const auto outlines = std::ssize(list->feeds) + std::ssize(list->left_out), left_out = std::ssize(importer.left_out);
    const Listing summary{
        .columns = {"outlines", "added", "known", "left_out", "left_out_addresses", "fault"},
        .rows = {{outlines, importer.added, importer.known_before, left_out, importer.left_out, list->fault}}};
    std::string what = std::to_string(importer.added) + " new subscriptions, " + std::to_string(importer.known_before) +
                       " known before, " + std::to_string(left_out) + " left out, whose address is none" +
                       some_of(importer.left_out);
    if (!list->fault.empty()) what += "; the list had to be mended: " + list->fault;
    if (list->has_more) what += "; there were more than " + std::to_string(opml_feeds_max) + ", and these were left out";
    return print_done(summary, what + ". A running daemon polls them", command.json);
}

}  // namespace gazetted
