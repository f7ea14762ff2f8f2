// Whatever an article holds: each format's document of it is sound, and read_feed() finds in it all that was written.

#include "feeds/entry.hpp"
#include "feeds/write_feed.hpp"
#include "tests/support/random_article.hpp"
#include "tests/support/round_trip.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gazetted;
    const Article article = article_from({reinterpret_cast<const char*>(data), size});
    FeedHead head;
    head.id = "urn:example:feed";
    head.title = "Feed";
    head.self_link = "https://feeds.example/all.x";
    head.home_link = "https://feeds.example/all.html";
    const Entry entry = entry_of(article, "https://feeds.example");
    for (const FeedFormat format : {FeedFormat::rss, FeedFormat::atom, FeedFormat::json}) {
        const auto lost = lost_on_the_way(head, {&entry, 1}, format);
        if (!lost) continue;
        std::fprintf(stderr, "format %d, %s\n", static_cast<int>(format), lost->c_str());
        std::abort();
    }
    return 0;
}
