#include "feeds/read_feed.hpp"
#include "tests/bench/measure.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace gazetted {

void measure_reading(const std::string& folder) {
    static constexpr int rounds = 9;
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
    std::printf("reading    %zu feeds, %.1f MB, %zu entries, %zu refused: %.1f ms, %.0f MB/s of CPU time\n", documents.size(),
                static_cast<double>(bytes) / 1e6, entries, refused, us / 1e3, static_cast<double>(bytes) / us);
}

}  // namespace gazetted
