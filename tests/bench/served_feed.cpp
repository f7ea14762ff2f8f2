#include "tests/bench/served_feed.hpp"

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// Text that gzip makes a third of, as it does of Chinese prose; some signs are commoner than others.
std::string prose(std::mt19937& random, std::size_t signs) {
    std::string text;
    for (std::size_t i = 0; i < signs; ++i) {
        const unsigned sign = 0x4E00U + static_cast<unsigned>(std::min(random() % 72, random() % 72));
        text += {static_cast<char>(0xE0 | sign >> 12), static_cast<char>(0x80 | (sign >> 6 & 0x3F)),
                 static_cast<char>(0x80 | (sign & 0x3F))};
    }
    return text;
}

/// Ten per cent more or less.
bool is_about(std::size_t bytes, std::size_t wanted) { return bytes > wanted * 9 / 10 && bytes < wanted * 11 / 10; }

}  // namespace

void fill_served_feed(const TestDatabase& database) {
    std::mt19937 random(7);
    std::string statements = "INSERT INTO categories (slug, title) VALUES ('metals', 'Metals');";
    for (int number = 0; number < 20; ++number) {
        std::string html;
        for (int paragraph = 0; paragraph < 5; ++paragraph) html += "<p>" + prose(random, 168) + "</p>";
        const std::string id = "https://site.example/post/" + std::to_string(number);
        statements += "INSERT INTO articles (id, url, title, content, published) VALUES ('" + id + "', '" + id + ".html', '" +
                      prose(random, 16) + "', '" + html + "', timestamptz '2026-01-01 UTC' + interval '61 min' * " +
                      std::to_string(number) + ");";
    }
    statements += "INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a, categories c";
    database.run(statements);
}

ServedFile settled_file(const DaemonProcess& daemon) {
    ServedFile file{.path = served_path, .identity = daemon.get_until(served_path, 200, "<entry").body, .gzip = ""};
    for (int tries = 0; tries < 20; ++tries) {
        const auto before = std::exchange(file.gzip, daemon.get(served_path, {"Accept-Encoding: gzip"}).body);
        if (before == file.gzip) break;
        std::this_thread::sleep_for(1s);
    }
    if (!is_about(file.identity.size(), 60'000) || !is_about(file.gzip.size(), 20'000))
        throw std::runtime_error("the feed has " + std::to_string(file.identity.size()) + " bytes and " +
                                 std::to_string(file.gzip.size()) + " in gzip, not the 60 and 20 KB that this is about");
    return file;
}

}  // namespace gazetted
