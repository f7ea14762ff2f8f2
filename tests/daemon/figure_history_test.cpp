#include "daemon/figure_history.hpp"

#include "daemon/for_people.hpp"
#include "daemon/plot.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

FigureHistory history_of(const std::vector<std::pair<std::chrono::seconds, std::uint64_t>>& responses) {
    FigureHistory history;
    for (const auto& [time, count] : responses) history.add({.time = Time(time), .responses = count});
    return history;
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
    return found;
}

// ---- what is remembered

TEST(FigureHistory, IsEmptyAtFirst) {
    EXPECT_TRUE(FigureHistory().rates(&FigureSample::responses).empty());
    EXPECT_TRUE(history_of({{0s, 7}}).rates(&FigureSample::responses).empty());
    EXPECT_EQ(FigureHistory().growth(&FigureSample::responses), 0U);
}

TEST(FigureHistory, GivesTheMeanOfEachInterval) {
    const auto rates = history_of({{0s, 0}, {10s, 50}, {20s, 50}, {40s, 150}}).rates(&FigureSample::responses);
    ASSERT_EQ(rates.size(), 3U);
    EXPECT_EQ(rates[0].per_second, 5);
    EXPECT_EQ(rates[1].per_second, 0);
    EXPECT_EQ(rates[2].per_second, 5) << "an interval counts with the length that it had";
    EXPECT_EQ(rates[0].age, 30s);
    EXPECT_EQ(rates[2].age, 0s);
}

TEST(FigureHistory, RemembersAnHourAndNoMore) {
    FigureHistory history;
    for (int i = 0; i <= 1'000; ++i)
        history.add({.time = Time(i * FigureHistory::interval), .responses = static_cast<std::uint64_t>(i)});
    EXPECT_EQ(history.growth(&FigureSample::responses), FigureHistory::samples_max - 1);
    EXPECT_EQ(history.remembered(), FigureHistory::span);
    for (int i = 0; i < 10'000; ++i) history.add({.time = Time(1'001 * FigureHistory::interval)});
    EXPECT_LE(history.rates(&FigureSample::body_bytes, 1'000'000).size(), FigureHistory::samples_max);
}

TEST(FigureHistory, GivesNoMoreRatesThanAreWantedAndLosesNothing) {
    FigureHistory history;
    for (int i = 0; i <= 355; ++i) history.add({.time = Time(i * 10s), .responses = static_cast<std::uint64_t>(i) * 10});
    const auto rates = history.rates(&FigureSample::responses, 120);
    EXPECT_EQ(rates.size(), 119U);
    for (const auto& rate : rates) EXPECT_NEAR(rate.per_second, 1, 1e-9);
}

TEST(FigureHistory, CountsNothingBackwards) {
    const auto history = history_of({{0s, 100}, {10s, 40}});
    EXPECT_EQ(history.rates(&FigureSample::responses).at(0).per_second, 0);
    EXPECT_EQ(history.growth(&FigureSample::responses), 0U);
}

TEST(FigureHistory, TakesItsSamplesFromTheFigures) {
    Figures figures;
    figures.responses = {{200, 5}, {304, 7}};
    figures.refused = 1;
    figures.refused_by_address = 2;
    figures.renderings["atom"].counts = {3, 4};
    figures.polling.polls = {{"whole", 8}, {"failed", 9}};
    const auto sample = sample_of(figures, Time(1s));
    EXPECT_EQ(sample.responses, 12U);
    EXPECT_EQ(sample.refused_connections, 3U);
    EXPECT_EQ(sample.renderings, 7U);
    EXPECT_EQ(sample.polls, 17U);
    EXPECT_EQ(sample.failed_polls, 9U);
}

// ---- the picture of it

TEST(Plot, DrawsALineAndTheAreaUnderIt) {
    const auto rates = history_of({{0s, 0}, {10s, 50}, {20s, 150}}).rates(&FigureSample::responses);
    EXPECT_EQ(plot_of(rates, 10, "Answers"),
              "<svg class=\"plot\" viewBox=\"0 -4 720 168\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Answers\">"
              "<path class=\"plot-grid\" d=\"M0 0H720M0 80H720M0 160H720\"/>"
              "<path class=\"plot-area\" d=\"M718 160L718 80L720 0L720 160Z\"/>"
              "<path class=\"plot-line\" d=\"M718 80L720 0\"/></svg>");
}

TEST(Plot, OfNothingIsItsLinesAlone) {
    const auto svg = plot_of({}, 1, "Polls");
    EXPECT_EQ(count(svg, "<path"), 1U);
    EXPECT_NE(svg.find("plot-grid"), std::string::npos);
}

TEST(Plot, StaysInItsFrame) {
    const std::vector<FigureHistory::Rate> rates = {
        {.age = 2h, .per_second = 1e300}, {.age = 30min, .per_second = -5}, {.age = -1s, .per_second = 3}};
    EXPECT_NE(plot_of(rates, 10, "x").find("d=\"M0 0L360 160L720 112\""), std::string::npos) << plot_of(rates, 10, "x");
}

TEST(Plot, EscapesItsLabel) {
    EXPECT_NE(plot_of({}, 1, "\"<script>&").find("aria-label=\"&quot;&lt;script>&amp;\""), std::string::npos);
}

TEST(Plot, HasARoundTop) {
    const auto top = [](double rate, double factor = 1) { return top_of({{.age = 0s, .per_second = rate}}, factor); };
    EXPECT_EQ(top_of({}), 1);
    EXPECT_EQ(top(0), 1);
    EXPECT_DOUBLE_EQ(top(0.3), 0.5);
    EXPECT_DOUBLE_EQ(top(1), 1);
    EXPECT_DOUBLE_EQ(top(1.1), 2);
    EXPECT_DOUBLE_EQ(top(5.1), 10);
    EXPECT_DOUBLE_EQ(top(123), 200);
    EXPECT_DOUBLE_EQ(top(0.1, 60), 10);
}

// ---- numbers for people

TEST(ForPeople, WritesNumbersAsTheyAreRead) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1'000), "1,000");
    EXPECT_EQ(grouped(12'345'678), "12,345,678");
    EXPECT_EQ(rounded(0), "0");
    EXPECT_EQ(rounded(0.257), "0.26");
    EXPECT_EQ(rounded(2), "2");
    EXPECT_EQ(rounded(12.34), "12.3");
    EXPECT_EQ(rounded(12'345.6), "12,346");
    EXPECT_EQ(bytes_text(999), "999 B");
    EXPECT_EQ(bytes_text(1'500), "1.5 kB");
    EXPECT_EQ(bytes_text(268'435'456), "268 MB");
    EXPECT_EQ(bytes_text(5e15), "5,000 TB");
}

TEST(ForPeople, WritesSpansInTheirLargestUnit) {
    EXPECT_EQ(span_text(-5s), "0 seconds");
    EXPECT_EQ(span_text(1s), "1 second");
    EXPECT_EQ(span_text(59s), "59 seconds");
    EXPECT_EQ(span_text(60s), "1 minute");
    EXPECT_EQ(span_text(7'199s), "1 hour");
    EXPECT_EQ(span_text(49h), "2 days");
}

}  // namespace
}  // namespace gazetted
