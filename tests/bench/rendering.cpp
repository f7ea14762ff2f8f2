#include "daemon/document.hpp"
#include "feeds/entry.hpp"
#include "feeds/write_feed.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/sample_text.hpp"

#include <cstdio>

namespace gazetted {
namespace {

constexpr std::uint64_t entries_of_feed = 50;
const std::string base_url = "https://feeds.example";

FeedHead sample_head() {
    return {.id = "urn:x",
            .title = "t",
            .subtitle = "",
            .language = "zh-CN",
            .author = "a",
            .self_link = base_url + "/x.atom",
            .home_link = base_url + "/x.html",
            .updated = Instant{}};
}

/// Entries of sample articles, as one feed shows them.
struct Samples {
    std::vector<Article> articles;
    std::vector<Entry> entries;

    Samples() {
        for (std::uint64_t number = 0; number < entries_of_feed; ++number) {
            articles.push_back(sample_article(number));
            entries.push_back(entry_of(articles.back(), base_url));
        }
    }
    const Article& article(int round) const { return articles[static_cast<std::size_t>(round) % entries_of_feed]; }
    const Entry& entry(int round) const { return entries[static_cast<std::size_t>(round) % entries_of_feed]; }
};

void measure_format(const Samples& samples, const char* name, FeedFormat format) {
    std::vector<Fragment> fragments;
    for (const Entry& entry : samples.entries) fragments.push_back(write_entry(entry, format));
    const std::vector<std::string_view> views(fragments.begin(), fragments.end());
    const FeedHead head = sample_head();
    const std::string body = write_feed(head, views, format);

    const double entry = median_cpu_us(200, [&](int round) { write_entry(samples.entry(round), format); });
    const double join = median_cpu_us(200, [&](int) { write_feed(head, views, format); });
    const double compress = median_cpu_us(50, [&](int) { make_representations(body); });
    const double one_new = median_cpu_us(50, [&](int round) {
        const Fragment fresh = write_entry(entry_of(samples.article(round), base_url), format);
        std::vector<std::string_view> next = views;
        next[0] = fresh;
        make_representations(write_feed(head, next, format));
    });
    const double all_new = median_cpu_us(20, [&](int) {
        std::vector<Fragment> fresh;
        for (const Article& article : samples.articles) fresh.push_back(write_entry(entry_of(article, base_url), format));
        make_representations(write_feed(head, std::vector<std::string_view>(fresh.begin(), fresh.end()), format));
    });
    std::printf("  %-6s %8.1f %8.1f %8.0f %10.0f %10.0f\n", name, entry, join, compress, one_new, all_new);
}

}  // namespace

void measure_rendering() {
    const Samples samples;
    std::printf("Rendering, articles of 3 KB of Chinese HTML; CPU time of one thread in us, medians\n");
    std::printf("  row to entry (sanitised), one article: %.1f\n",
                median_cpu_us(400, [&](int round) { entry_of(samples.article(round), base_url); }));
    std::printf("  %-6s %8s %8s %8s %10s %10s   (entry: from sanitised to bytes; feeds of 50 entries, gzip included)\n", "",
                "entry", "join 50", "gzip", "1 new", "50 new");
    measure_format(samples, "RSS", FeedFormat::rss);
    measure_format(samples, "Atom", FeedFormat::atom);
    measure_format(samples, "JSON", FeedFormat::json);
}

}  // namespace gazetted
