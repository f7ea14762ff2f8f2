#include "daemon/metrics.hpp"

#include "tests/support/daemon_process.hpp"
#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace gazetted {
namespace {

/// What is scraped, as far as this test needs it: a strict reading of the text format, version 0.0.4.
struct Scrape {
    std::map<std::string, std::string> types;             // by family
    std::map<std::string, std::set<std::string>> labels;  // names, by family
    std::map<std::string, double> values;                 // by sample with its labels
    std::vector<std::string> faults;
};

std::string family_of(const std::string& sample, const Scrape& scrape) {
    for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
        if (!sample.ends_with(suffix)) continue;
        const auto family = sample.substr(0, sample.size() - suffix.size());
        if (const auto type = scrape.types.find(family); type != scrape.types.end() && type->second == "histogram")
            return family;
    }
    return sample;
}

void read_sample(const std::string& line, const std::string& family, Scrape& scrape) {
    static const std::regex sample(
        R"(([a-z_:][a-z0-9_:]*)(\{([a-z_]+="[^"\\\n]*",?)+\})? (-?[0-9.]+(e[+-]?[0-9]+)?|\+Inf|NaN))");
    static const std::regex label(R"(([a-z_]+)=")");
    std::smatch match;
    if (!std::regex_match(line, match, sample)) return scrape.faults.push_back("no sample: " + line);
    if (family_of(match[1], scrape) != family) return scrape.faults.push_back("outside its family: " + line);
    const std::string labels = match[2];
    for (std::sregex_iterator at(labels.begin(), labels.end(), label), end; at != end; ++at)
        if ((*at)[1] != "le") scrape.labels[family].insert((*at)[1]);
    if (!scrape.values.emplace(std::string(match[1]) + labels, std::stod(match[4])).second)
        scrape.faults.push_back("twice: " + line);
}

Scrape read_metrics(const std::string& text) {
    static const std::regex help(R"(# HELP ([a-z_:][a-z0-9_:]*) \S.*\.)");
    static const std::regex type(R"(# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|histogram))");
    Scrape scrape;
    if (!text.ends_with('\n')) scrape.faults.emplace_back("the last line does not end");
    std::istringstream stream(text);
    std::string helped, family;
    std::smatch match;
    for (std::string line; std::getline(stream, line);) {
        if (std::regex_match(line, match, help)) {
            helped = match[1];
        } else if (std::regex_match(line, match, type)) {
            family = match[1];
            if (family != helped) scrape.faults.push_back("no help before " + line);
            if (!scrape.types.emplace(family, match[2]).second) scrape.faults.push_back("twice: " + line);
            if ((match[2] == "counter") != family.ends_with("_total")) scrape.faults.push_back("misnamed: " + line);
        } else {
            read_sample(line, family, scrape);
        }
    }
    return scrape;
}

/// The rows of the tables of docs/metrics.md: | `name` | type | labels | ...
std::map<std::string, std::pair<std::string, std::set<std::string>>> documented() {
    static const std::regex row(R"(\| `([a-z_]+)` \| (\w+) \|([^|]*)\|.*)");
    static const std::regex word(R"(`([a-z_]+)`)");
    std::map<std::string, std::pair<std::string, std::set<std::string>>> rows;
    std::ifstream file(GAZETTED_SOURCE_DIR "/docs/metrics.md");
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
        if (!std::regex_match(line, match, row)) continue;
        auto& [type, labels] = rows[match[1]];
        type = match[2];
        const std::string names = match[3];
        for (std::sregex_iterator at(names.begin(), names.end(), word), end; at != end; ++at) labels.insert((*at)[1]);
    }
    return rows;
}

std::string body_of(const std::string& response) { return response.substr(response.find("\r\n\r\n") + 4); }

Scrape scrape(const RunningServer& running) { return read_metrics(body_of(fetch(running.status_port(), "/metrics"))); }

TEST(Metrics, AreWhatTheDocumentSaysAndNothingElse) {
    RunningServer running;
    running.board.note(Survey{});
    fetch(running.port(), "/category/news.atom");
    const auto seen = scrape(running);
    EXPECT_EQ(seen.faults, std::vector<std::string>{});
    const auto rows = documented();
    EXPECT_GT(rows.size(), 20U);
    for (const auto& [name, type] : seen.types) {
        ASSERT_TRUE(rows.contains(name)) << name << " is in no table of docs/metrics.md";
        EXPECT_EQ(rows.at(name).first, type) << name;
        const auto labels = seen.labels.find(name);
        EXPECT_EQ(rows.at(name).second, labels == seen.labels.end() ? std::set<std::string>{} : labels->second) << name;
    }
    for (const auto& [name, row] : rows) EXPECT_TRUE(seen.types.contains(name)) << name << " is documented only";
}

TEST(Metrics, PassTheCheckOfPrometheus) {
    if (run_command({"sh", "-c", "command -v promtool"}).exit_status != 0) GTEST_SKIP() << "promtool is not installed";
    RunningServer running;
    fetch(running.port(), "/category/news.atom");
    const auto checked = run_command({"promtool", "check", "metrics"}, body_of(fetch(running.status_port(), "/metrics")));
    EXPECT_EQ(checked.exit_status, 0) << checked.out << checked.err;
    EXPECT_EQ(checked.err, "");
}

TEST(Metrics, CountAnswersAndTheBytesThatWereSaved) {
    RunningServer running;
    const auto whole = fetch(running.port(), "/category/news.atom");
    const auto etag = whole.substr(whole.find("ETag: ") + 6, 34);
    const auto identity = body_of(whole).size();
    const auto coded = body_of(fetch(running.port(), "/category/news.atom", "Accept-Encoding: gzip\r\n")).size();
    fetch(running.port(), "/category/news.atom", "If-None-Match: " + etag + "\r\n");
    fetch(running.port(), "/category/news.atom", "", "HEAD");
    fetch(running.port(), "/nothing");
    const auto seen = scrape(running);
    EXPECT_EQ(seen.values.at("gazetted_responses_total{status=\"200\"}"), 3);
    EXPECT_EQ(seen.values.at("gazetted_responses_total{status=\"304\"}"), 1);
    EXPECT_EQ(seen.values.at("gazetted_responses_total{status=\"404\"}"), 1);
    EXPECT_EQ(seen.values.at("gazetted_saved_body_bytes_total{by=\"not_modified\"}"), static_cast<double>(identity));
    EXPECT_EQ(seen.values.at("gazetted_saved_body_bytes_total{by=\"coding\"}"), static_cast<double>(identity - coded));
    EXPECT_GE(seen.values.at("gazetted_response_body_bytes_total"), static_cast<double>(identity + coded));
    EXPECT_LT(seen.values.at("gazetted_response_body_bytes_total"), static_cast<double>(identity + coded + 500));
    EXPECT_EQ(seen.values.at("gazetted_cache_requests_total{result=\"miss\"}"), 1);
    EXPECT_EQ(seen.values.at("gazetted_cache_requests_total{result=\"fresh\"}"), 3);
    EXPECT_EQ(seen.values.at("gazetted_cache_documents"), 1);
    EXPECT_EQ(seen.values.at("gazetted_rendering_seconds_count{format=\"atom\"}"), 1);
    EXPECT_GE(seen.values.at("gazetted_connections_accepted_total"), 6);
    EXPECT_GT(seen.values.at("process_resident_memory_bytes"), 1e6);
    EXPECT_GT(seen.values.at("process_start_time_seconds"), 1.6e9);
}

TEST(Metrics, TellOfTheTablesWhatWasLookedUpAndNothingBefore) {
    RunningServer running;
    EXPECT_FALSE(scrape(running).values.contains("gazetted_categories"));
    Survey survey;
    survey.taken = std::chrono::sys_seconds(std::chrono::seconds(1'638'958'711));
    survey.shown = 9;
    survey.withdrawn = 2;
    survey.categories_count = 3;
    running.board.note(std::move(survey));
    const auto seen = scrape(running);
    EXPECT_EQ(seen.values.at("gazetted_articles{state=\"shown\"}"), 9);
    EXPECT_EQ(seen.values.at("gazetted_articles{state=\"held\"}"), 0);
    EXPECT_EQ(seen.values.at("gazetted_articles{state=\"withdrawn\"}"), 2);
    EXPECT_EQ(seen.values.at("gazetted_categories"), 3);
    EXPECT_EQ(seen.values.at("gazetted_newest_article_timestamp_seconds"), 0);
    EXPECT_EQ(seen.values.at("gazetted_survey_timestamp_seconds"), 1'638'958'711);
}

TEST(Metrics, CountNotificationsComparisonsAndOutages) {
    RunningServer running;
    running.publisher().changed(std::vector<std::int64_t>{1, 2});
    running.publisher().compare({});
    running.publisher().compare({});
    running.site.set_away(true);
    fetch(running.port(), "/category/news.atom");
    fetch(running.port(), "/category/more.atom");
    const auto seen = scrape(running);
    EXPECT_EQ(seen.values.at("gazetted_notifications_total"), 1);
    EXPECT_EQ(seen.values.at("gazetted_revision_comparisons_total"), 2);
    EXPECT_EQ(seen.values.at("gazetted_database_outages_total"), 1);
    EXPECT_EQ(seen.values.at("gazetted_database_available"), 0);
}

TEST(Metrics, TellHowLateTheLoopsAre) {
    RunningServer running;
    const auto ticks = [&] { return scrape(running).values.at("gazetted_loop_lag_seconds_count"); };
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5); ticks() == 0;)
        ASSERT_LT(std::chrono::steady_clock::now(), end);
    EXPECT_GE(scrape(running).values.at("gazetted_loop_lag_seconds_sum"), 0);
}

TEST(Metrics, CountsOfHistogramsAreCumulative) {
    Histogram histogram;
    for (const auto ms : {-5, 0, 1, 2, 30, 20'000}) histogram.add(std::chrono::milliseconds(ms));
    Figures figures;
    figures.commit_to_bytes = histogram.snapshot();
    const auto seen = read_metrics(metrics_text(figures));
    EXPECT_EQ(seen.faults, std::vector<std::string>{});
    const auto at = [&](const std::string& bound) {
        return seen.values.at("gazetted_commit_to_bytes_seconds_bucket{le=\"" + bound + "\"}");
    };
    EXPECT_EQ(at("0.0005"), 2);
    EXPECT_EQ(at("0.001"), 3) << "a bound belongs to its own bucket";
    EXPECT_EQ(at("0.0025"), 4);
    EXPECT_EQ(at("10"), 5);
    EXPECT_EQ(at("+Inf"), 6);
    EXPECT_EQ(seen.values.at("gazetted_commit_to_bytes_seconds_count"), 6);
    EXPECT_NEAR(seen.values.at("gazetted_commit_to_bytes_seconds_sum"), 20.033, 1e-9);
}

}  // namespace
}  // namespace gazetted
