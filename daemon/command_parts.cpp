#include "daemon/command_parts.hpp"

#include "daemon/migrate.hpp"
#include "feeds/read_feed.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace gazetted {

namespace {

std::string read_whole(std::istream& in) {
    std::string bytes(FeedLimits::bytes_max + 1, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

}  // namespace

std::string read_file(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string bytes = file ? read_whole(file) : std::string();
    if (!file.is_open() || file.bad()) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
    return bytes;
}

std::string read_input(const std::string& path) { return path == "-" ? read_whole(std::cin) : read_file(path); }

OpenStore::OpenStore(const Config& config)
    : database(open_database(config.database)), store([&] {
          // The first command may come before the first daemon; nobody else uses a private PostgreSQL that is empty.
          if (!config.database.data.empty() && migration_states(database.url).front().applied.empty()) migrate(database.url);
          require_current_schema(database.url);
          return Store(database.url);
      }()) {}

int failed(const std::string& what) {
    std::cerr << "gazetted: " << harmless(what) << "\n";
    return 1;
}

int print_page(Page page, bool json) {
    if (json) {
        std::cout << json_of(std::move(page)) << "\n";
        return 0;
    }
    const auto next = cut(page);
    std::cout << table_of(page.rows);
    if (next) std::cout << "There are more: see --after and --limit. The last one here is " << *next << "\n";
    return 0;
}

int print_one(const Listing& listing, bool json) {
    std::cout << (json ? json_of(listing, 0) + "\n" : lines_of(listing));
    return 0;
}

int print_done(const Listing& listing, const std::string& what, bool json) {
    std::cout << (json ? json_of(listing, 0) : harmless(what)) << "\n";
    return 0;
}

int print_outcome(const Outcome& outcome, bool json) {
    if (outcome.kind != Outcome::Kind::done)
        return failed(outcome.sentence + (outcome.advice.empty() ? "" : ": " + outcome.advice));
    if (outcome.sentence.empty()) return print_one(outcome.row, json);
    return print_done(outcome.row, outcome.sentence, json);
}

}  // namespace gazetted
