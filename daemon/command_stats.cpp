#include "daemon/command_parts.hpp"
#include "daemon/commands.hpp"
#include "daemon/reader_report.hpp"
#include "daemon/store.hpp"
#include "feeds/date_time.hpp"
#include "feeds/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>

namespace gazetted {
namespace {

std::string json_text(const StoreCounts& counts, const ReaderReport& report) {
    boost::json::object object{{"articles", counts.shown},
                               {"held", counts.held},
                               {"withdrawn", counts.withdrawn},
                               {"categories", counts.categories},
                               {"newest", nullptr}};
    if (counts.newest) object["newest"] = to_rfc3339(*counts.newest);
    auto text = boost::json::serialize(object);
    text.pop_back();
    return text + "," + json_of(report) + "}\n";
}

std::string plain_text(const StoreCounts& counts, const ReaderReport& report) {
    return "articles    " + std::to_string(counts.shown) + "\nheld back   " + std::to_string(counts.held) + "\nwithdrawn   " +
           std::to_string(counts.withdrawn) + "\ncategories  " + std::to_string(counts.categories) + "\nnewest      " +
           (counts.newest ? to_rfc3339(*counts.newest) : "-") + "\n" + text_of(report);
}

std::vector<std::string> feed_paths(const Selection& selection) {
    std::vector<std::string> paths;
    for (const auto format : {FeedFormat::atom, FeedFormat::rss, FeedFormat::json})
        paths.push_back(canonical_path(FeedAddress{selection, format}));
    return paths;
}

}  // namespace

int run(const Config& config, const StatsCommand& command) {
    OpenStore open(config);
    Store& store = open.store;
    std::vector<std::string> paths;
    if (command.category) {
        const Selection selection{to_nfc(*command.category)};
        if (selection.is_all() || !store.newest(selection, 0)) {
            std::cerr << "gazetted: there is no category " << *command.category
                      << ": gazetted stats --json names those that are read\n";
            return 1;
        }
        paths = feed_paths(selection);
    }
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    auto report = report_of(store.readership(today - std::chrono::days(command.days - 1), paths));
    if (command.category) report.readers.clear();  // habits are not known by feed
    std::cout << (command.json ? json_text(store.counts(), report) : plain_text(store.counts(), report));
    return 0;
}

}  // namespace gazetted
