#include "daemon/reader_agent.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace gazetted {
namespace {

/// `\xff` is that byte, `a{8192}` 8,192 letters a.
std::string expanded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "\\x") == 0) {
            out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
            i += 3;
        } else if (text[i] == '{' && !out.empty()) {
            out.append(std::stoul(text.substr(i + 1)) - 1, out.back());
            i = text.find('}', i);
        } else {
            out += text[i];
        }
    }
    return out;
}

TEST(ReaderAgent, SaysWhoReadsForHowManyInEveryCaseOfTheTable) {
    std::ifstream file(GAZETTED_SOURCE_DIR "/tests/cases/reader_agents/agents.tsv");
    std::size_t cases = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        SCOPED_TRACE(line);
        std::vector<std::string> columns;
        std::istringstream stream(line);
        for (std::string column; std::getline(stream, column, '\t');) columns.push_back(column);
        ASSERT_EQ(columns.size(), 4U);
        const std::string field = expanded(columns[0]);
        const auto agent = reader_agent(field);
        EXPECT_EQ(agent.name, columns[1]);
        EXPECT_EQ(agent.subscribers ? std::to_string(*agent.subscribers) : "-", columns[2]);
        EXPECT_EQ(agent.feed.empty() ? "-" : agent.feed, columns[3]);
        ++cases;
    }
    EXPECT_GE(cases, 60U);
}

TEST(ReaderAgent, ReadsTheBeginningOfALongField) {
    const std::string behind = "; 5 subscribers";
    const std::string fits = "X/1 " + std::string(ReaderAgent::looked_at_bytes_max - 4 - behind.size(), 'y') + behind;
    EXPECT_EQ(reader_agent(fits).subscribers, 5U);
    EXPECT_EQ(reader_agent("X/1 y" + fits.substr(4)).subscribers, 5U) << "the last letter alone is not read";
    EXPECT_FALSE(reader_agent("X/1 " + std::string(behind.size(), 'y') + fits.substr(4)).subscribers);
}

}  // namespace
}  // namespace gazetted
