// gazetted_bench: what docs/figures.md quotes, in one run. `gazetted_bench serve` is what tests/bench/serve runs.

#include "tests/bench/many_articles.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/peers.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace gazetted {
namespace {

std::vector<std::string> peer_names() {
    std::vector<std::string> names;
    for (const KnownPeer& peer : known_peers()) names.push_back(peer.name);
    return names;
}

/// What tests/bench/serve can do: the comparison's cases, and memory.
std::vector<std::string> serve_cases() {
    auto names = side_by_side_cases();
    names.emplace_back("memory");
    return names;
}

/// Exit status 1 where the run says nothing, or with `is_gate` where a target was missed.
int serve(const SideBySide& how, bool is_gate) {
    const auto is_chosen = [&how](const std::string& name) {
        return how.only.empty() || std::find(how.only.begin(), how.only.end(), name) != how.only.end();
    };
    const auto cases = side_by_side_cases();
    try {
        bool met = true;
        if (std::any_of(cases.begin(), cases.end(), is_chosen)) met = measure_side_by_side(how);
        if (is_chosen("memory")) met = measure_memory() && met;
        return is_gate && !met ? 1 : 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "serve: void: %s\n", error.what());
        return 1;
    }
}

}  // namespace
}  // namespace gazetted

int main(int argc, char** argv) {
    using namespace gazetted;
    setvbuf(stdout, nullptr, _IOLBF, 0);
    CLI::App app("Prints the figures of docs/figures.md. Without a part's name: all parts.", "gazetted_bench");
    std::uint64_t posts = 5'000;
    std::uint64_t articles = 100'000;
    std::uint64_t subscriptions = 10'000;
    std::vector<std::string> parts;
    app.add_option("--posts", posts, "posts to import")->capture_default_str();
    app.add_option("--articles", articles, "articles in the tables for cold, the statements and commit")->capture_default_str();
    app.add_option("--subscriptions", subscriptions, "to poll in a round")->capture_default_str();
    app.add_option("parts", parts, "rendering, sanitising, commit, cold, memory, import, statements, telling, polling")
        ->check(CLI::IsMember(
            {"rendering", "sanitising", "commit", "cold", "memory", "import", "statements", "telling", "polling"}));
    std::string feeds;
    auto* reading = app.add_subcommand("reading", "How fast feeds are read.");
    reading->add_option("folder", feeds, "the feeds, one a file")->required()->check(CLI::ExistingDirectory);

    SideBySide side_by_side;
    bool is_gate = false;
    auto* serving = app.add_subcommand("serve", "What a request costs Gazetted, other servers and the least that is possible.");
    serving->add_option("--rounds", side_by_side.rounds, "rounds of all servers")
        ->capture_default_str()
        ->check(CLI::Range(1, 99));
    serving->add_option("--seconds", side_by_side.seconds, "of one server in one round")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 60.0));
    serving->add_option("--only", side_by_side.only, "these cases")->delimiter(',')->check(CLI::IsMember(serve_cases()));
    serving->add_option("--servers", side_by_side.servers, "compare with these; default: all that are installed")
        ->delimiter(',')
        ->check(CLI::IsMember(peer_names()));
    serving->add_flag("--gate", is_gate, "exit status 1 also where a target is missed");
    CLI11_PARSE(app, argc, argv);
    if (*serving) return serve(side_by_side, is_gate);
    if (*reading) {
        measure_reading(feeds);
        return 0;
    }

    const auto is_wanted = [&](const std::string& part) {
        return parts.empty() || std::find(parts.begin(), parts.end(), part) != parts.end();
    };
    if (is_wanted("rendering")) measure_rendering();
    if (is_wanted("sanitising")) measure_sanitising();
    if (is_wanted("cold") || is_wanted("statements") || is_wanted("commit")) {
        const TestDatabase database;
        write_many_articles(database, articles);
        if (is_wanted("cold")) measure_cold(database, articles);
        if (is_wanted("statements")) measure_statements(database, articles);
        if (is_wanted("commit")) measure_commit_to_bytes(database, articles);
    }
    if (is_wanted("memory")) measure_memory();
    if (is_wanted("import")) measure_import(posts);
    if (is_wanted("telling")) measure_telling(posts);
    if (is_wanted("polling")) measure_polling(subscriptions);
}
