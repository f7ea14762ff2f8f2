#include "feeds/summarise.hpp"

#include "feeds/sanitise_html.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

Entry entry(std::string_view summary, std::string_view content) {
    Entry made;
    made.summary = sanitise_html(summary, "https://example.org/");
    made.content = sanitise_html(content, "https://example.org/");
    return made;
}

TEST(Summarise, KeepsTheSummaryAndLeavesTheContentOut) {
    const Entry made = summarised(entry("<p>In <b>short</b></p>", "<p>At length</p>"));
    EXPECT_EQ(made.summary.str(), "<p>In <b>short</b></p>");
    EXPECT_TRUE(made.content.empty());
}

TEST(Summarise, TakesTheFirstWordsOfTheContentWhereThereIsNoSummary) {
    const Entry made = summarised(entry("", "<p>1 &lt; 2 &amp; so on</p>"));
    EXPECT_EQ(made.summary.str(), "1 &lt; 2 &amp; so on");
    EXPECT_TRUE(made.content.empty());
    const Entry longer = summarised(entry("", "<p>" + std::string(5'000, 'x') + "</p>"));
    EXPECT_LT(longer.summary.str().size(), 400U);
    EXPECT_FALSE(longer.summary.empty());
}

TEST(Summarise, LeavesWhatSaysNothingAsItIs) { EXPECT_TRUE(summarised(entry("", "")).summary.empty()); }

}  // namespace
}  // namespace gazetted
