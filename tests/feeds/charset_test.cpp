#include "feeds/read_feed/charset.hpp"
#include "feeds/read_feed.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace gazetted {
namespace {

std::string bytes_of(const std::string& hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16)));
    return bytes;
}

TEST(Charset, IsKnownByEveryLabelThatTheStandardHas) {
    std::ifstream file(GAZETTED_SOURCE_DIR "/tests/cases/charsets/labels.tsv");
    std::size_t seen = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        const std::size_t first = line.find('\t');
        const std::size_t second = line.find('\t', first + 1);
        ASSERT_NE(second, std::string::npos) << line;
        const std::string label = line.substr(0, first);
        const std::string bytes = bytes_of(line.substr(first + 1, second - first - 1));
        const std::string wanted = line.substr(second + 1);
        DecodedDocument decoded;
        const auto done = decode_document(bytes, "text/xml; charset=" + label, FeedLimits::bytes_max, decoded);
        ASSERT_TRUE(done) << label << ": " << done.error().message;
        if (wanted == "-") {
            EXPECT_TRUE(decoded.fault.ends_with(" is never decoded")) << label << ": " << decoded.fault;
        } else {
            EXPECT_EQ(decoded.text, wanted) << label << " as " << decoded.encoding << ": " << decoded.fault;
        }
        ++seen;
    }
    EXPECT_GT(seen, 200U);
}

}  // namespace
}  // namespace gazetted
