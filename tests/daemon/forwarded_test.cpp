#include "daemon/forwarded.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace gazetted {
namespace {

Peer peer_of(const std::string& text) { return text == "unix" ? Peer{} : Peer{parse_ip_address(text).value()}; }

TrustedProxies proxies_of(const std::string& list) {
    TrustedProxies trusted;
    std::istringstream words(list);
    for (std::string word; std::getline(words >> std::ws, word, ',');) {
        if (word == "unix")
            trusted.unix_peers = true;
        else
            trusted.networks.push_back(parse_network(word).value());
    }
    return trusted;
}

struct Case {
    std::string name, peer, trusted, forwarded, x_forwarded_for, client;
};

void join(std::string& field, const std::string& line) { field += (field.empty() ? "" : ", ") + line; }

void add_line(std::vector<Case>& cases, const std::string& line) {
    if (line.empty() || line.starts_with('#')) return;
    const auto rest = [&line](std::string_view beginning) { return line.substr(std::min(beginning.size(), line.size())); };
    if (line.starts_with("== ")) {
        cases.emplace_back().name = rest("== ");
    } else if (line.starts_with("peer ")) {
        cases.back().peer = rest("peer ");
    } else if (line.starts_with("trusted ")) {
        cases.back().trusted = rest("trusted ");
    } else if (line.starts_with("Forwarded: ")) {
        join(cases.back().forwarded, rest("Forwarded: "));
    } else if (line.starts_with("X-Forwarded-For: ")) {
        join(cases.back().x_forwarded_for, rest("X-Forwarded-For: "));
    } else if (line.starts_with("-> ")) {
        cases.back().client = rest("-> ");
    } else {
        ADD_FAILURE() << "not a line of a case: " << line;
    }
}

TEST(Forwarded, NamesTheClientOfEveryCase) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(GAZETTED_SOURCE_DIR "/tests/cases/forwarded")) {
        std::vector<Case> cases;
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) add_line(cases, line);
        ASSERT_FALSE(cases.empty()) << entry.path();
        for (const Case& one : cases) {
            ASSERT_FALSE(one.client.empty()) << "a case without a claim: " << one.name;
            const ForwardedFields fields{.forwarded = one.forwarded, .x_forwarded_for = one.x_forwarded_for};
            EXPECT_EQ(to_string(client_of(peer_of(one.peer), fields, proxies_of(one.trusted))), one.client) << one.name;
        }
        count += cases.size();
    }
    EXPECT_GE(count, 40U);
}

TEST(Forwarded, AsksSoManyHopsAndNoMore) {
    const auto trusted = proxies_of("10.0.0.0/8");
    const auto client_behind = [&](std::size_t hops) {
        std::string list = "192.0.2.1";
        for (std::size_t i = 1; i < hops; ++i) list += ", 10.0.0.2";
        return to_string(client_of(peer_of("10.0.0.1"), {.x_forwarded_for = list}, trusted));
    };
    EXPECT_EQ(client_behind(forwarded_hops_max), "192.0.2.1");
    EXPECT_EQ(client_behind(forwarded_hops_max + 1), "10.0.0.2");
}

TEST(Forwarded, SurvivesEveryByteInEveryPlace) {
    const auto trusted = proxies_of("10.0.0.0/8, unix");
    const std::string element = "for=\"[2001:db8::1]:80\";by=_a, for=10.0.0.2";
    for (std::size_t at = 0; at <= element.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = element;
            changed.insert(at, 1, static_cast<char>(byte));
            const auto client = client_of(Peer{}, {.forwarded = changed}, trusted);
            EXPECT_NE(to_string(client), "") << changed;
        }
    }
}

}  // namespace
}  // namespace gazetted
