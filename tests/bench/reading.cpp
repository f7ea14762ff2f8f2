#include "feeds/read_feed.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/peer_figures.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace gazetted {
namespace {

/// A reader to compare with, and how much less than its CPU time ours is to be.
struct ReaderPeer {
    const char* name;
    const char* command;  ///< before the folder of feeds
    double times_min;
};
const ReaderPeer reader_peers[] = {
    {"gofeed", "GO111MODULE=off GOPATH=/usr/share/gocode go run " GAZETTED_SOURCE_DIR "/tests/bench/peers/read.go ", 10},
    {"feedsmith", "node " GAZETTED_SOURCE_DIR "/tests/bench/peers/read.mjs ", 10},
    {"feedparser", "/usr/bin/python3 " GAZETTED_SOURCE_DIR "/tests/bench/peers/read.py ", 50},
};

}  // namespace

bool measure_reading(const std::string& folder) {
    static constexpr int rounds = 99;  // about as long as the others take, so that the same disturbs all
    std::vector<std::string> documents;
    std::size_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        documents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        bytes += documents.back().size();
    }
    if (documents.empty()) throw std::runtime_error("no feeds in " + folder);
    std::size_t entries = 0;
    std::size_t refused = 0;
    const double us = median_cpu_us(rounds, [&](int) {
        entries = refused = 0;
        for (const std::string& document : documents) {
            const auto feed = read_feed(document, "", "https://feeds.example/feed");
            entries += feed ? feed->entries.size() : 0;
            refused += feed ? 0 : 1;
        }
    });
    std::printf("Reading %zu feeds of %.1f MB to the whole model, %zu entries, %zu refused; CPU time in us\n", documents.size(),
                static_cast<double>(bytes) / 1e6, entries, refused);
    std::printf("  %-34s %10.1f   %.0f MB/s\n", "ours", us, static_cast<double>(bytes) / us);
    bool met = true;
    for (const ReaderPeer& peer : reader_peers) {
        const auto figures = figures_of(std::string(peer.command) + folder);
        if (figures.empty()) std::printf("  %-34s is not installed\n", peer.name);
        for (const PeerFigure& figure : figures) met = print_beside_ours(figure, us, peer.times_min) && met;
    }
    return met;
}

}  // namespace gazetted
