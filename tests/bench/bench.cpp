// gazetted_bench: what docs/figures.md quotes, in one run.

#include "tests/bench/measure.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    using namespace gazetted;
    CLI::App app("Prints the figures of docs/figures.md. Without a part's name: all parts.", "gazetted_bench");
    std::uint64_t posts = 5'000;
    std::uint64_t articles = 100'000;
    std::vector<std::string> parts;
    app.add_option("--posts", posts, "posts to import")->capture_default_str();
    app.add_option("--articles", articles, "articles in the tables for the statements")->capture_default_str();
    app.add_option("parts", parts, "rendering, commit, memory, import, statements")
        ->check(CLI::IsMember({"rendering", "commit", "memory", "import", "statements"}));
    CLI11_PARSE(app, argc, argv);

    const auto is_wanted = [&](const std::string& part) {
        return parts.empty() || std::find(parts.begin(), parts.end(), part) != parts.end();
    };
    setvbuf(stdout, nullptr, _IOLBF, 0);
    if (is_wanted("rendering")) measure_rendering();
    if (is_wanted("commit")) measure_commit_to_bytes();
    if (is_wanted("statements")) measure_statements(articles);
    if (is_wanted("memory")) measure_memory();
    if (is_wanted("import")) measure_import(posts);
}
