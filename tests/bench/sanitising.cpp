#include "feeds/sanitise_html.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/peer_figures.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <boost/json/serialize.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

namespace gazetted {
namespace {

constexpr std::size_t articles = 50;
constexpr std::string_view base_url = "https://site.example/post/1.html";

/// How much less than theirs ours is to be.
const std::map<std::string, double> times_min = {{"sanitize-html", 5}, {"DOMPurify with jsdom", 20}};

std::vector<std::string> sample_articles() {
    std::vector<std::string> result;
    for (std::uint64_t number = 0; number < articles; ++number) result.push_back(sample_html(number, 3'000));
    return result;
}

/// One that is a tree's business: bold goes on in the next paragraph.
std::string misnested(std::string html) {
    html.insert(html.find("<p class"), "<p><b>x</p>");
    return html.append("</b>");
}

double print_ours(const char* what, const std::vector<std::string>& htmls) {
    const double us = median_cpu_us(
        1'000, [&](int round) { sanitise_html(htmls[static_cast<std::size_t>(round) % htmls.size()], base_url); });
    std::printf("  %-34s %10.1f\n", what, us);
    return us;
}

/// What tests/bench/peers/sanitise.js prints of the articles.
std::vector<PeerFigure> peers_figures(const std::vector<std::string>& htmls) {
    const std::string folder = make_private_directory();
    const std::string file = folder + "/articles";
    std::ofstream out(file);
    for (const std::string& html : htmls) out << boost::json::serialize(html) << '\n';
    out.close();
    auto figures = figures_of("node " GAZETTED_SOURCE_DIR "/tests/bench/peers/sanitise.js " + file);
    std::filesystem::remove_all(folder);
    return figures;
}

}  // namespace

bool measure_sanitising() {
    const auto htmls = sample_articles();
    std::printf("Sanitising articles of 3 KB of Chinese HTML; CPU time in us an article\n");
    const double ours = print_ours("ours", htmls);
    std::vector<std::string> harder;
    for (const std::string& html : htmls) harder.push_back(misnested(html));
    print_ours("ours, misnested: by the tree", harder);
    if (!is_installed("node")) return true;
    bool met = true;
    for (const PeerFigure& peer : peers_figures(htmls)) met = print_beside_ours(peer, ours, times_min.at(peer.name)) && met;
    return met;
}

}  // namespace gazetted
