#include "daemon/command_parts.hpp"
#include "feeds/opml.hpp"

#include <iostream>
#include <utility>

namespace gazetted {

namespace {

std::string text_at(const Listing& rows, std::size_t row, std::string_view column) {
    const auto* text = std::get_if<std::string>(&rows.at(row, column));
    return text ? *text : std::string();
}

/// A subscription stands in the folder of each of its categories, as other readers have it; those without one stand last.
std::vector<OpmlOutline> outlines_of(const Listing& rows) {
    std::vector<OpmlOutline> outlines;
    for (std::size_t row = 0; row < rows.rows.size(); ++row) {
        const std::string source = text_at(rows, row, "slug");
        const std::string title = text_at(rows, row, "title");
        OpmlOutline feed{.title = title.empty() ? source : title,
                         .feed_link = text_at(rows, row, "feed_url"),
                         .home_link = text_at(rows, row, "url"),
                         .slug = source};
        const std::string category = text_at(rows, row, "category");
        if (category.empty()) {
            outlines.push_back(std::move(feed));
            continue;
        }
        if (outlines.empty() || outlines.back().slug != category)
            outlines.push_back({.title = text_at(rows, row, "category_title"), .slug = category});
        outlines.back().members.push_back(std::move(feed));
    }
    return outlines;
}

}  // namespace

int run(const Config& config, const ExportSubscriptionsCommand&) {
    OpenStore open(config);
    std::cout << write_opml("Subscriptions", outlines_of(open.store.listing("subscriptions_by_category", {})));
    return 0;
}

}  // namespace gazetted
