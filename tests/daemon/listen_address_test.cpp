#include "daemon/listen_address.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

ListenAddress parsed(const std::string& text) { return parse_listen_address(text).value(); }

std::string refusal_of(const std::string& text) {
    const auto address = parse_listen_address(text);
    return address ? "no error" : address.error().message;
}

TEST(ListenAddress, ReadsWhatItWrites) {
    for (const char* text :
         {"127.0.0.1:8080", "[::1]:1", "0.0.0.0:0", "[2001:db8::1]:65535", "https:0.0.0.0:443", "https:[::]:443",
          "unix:/run/gazetted/http.sock", "systemd", "systemd:web", "https:systemd:web", "https:systemd"}) {
        EXPECT_EQ(to_string(parsed(text)), text);
    }
}

TEST(ListenAddress, KnowsTheShortFormsOfAnAddress) {
    EXPECT_EQ(to_string(parsed("localhost:80")), "127.0.0.1:80");
    EXPECT_EQ(to_string(parsed(":80")), "0.0.0.0:80");
    EXPECT_EQ(to_string(parsed("https::443")), "https:0.0.0.0:443");
}

TEST(ListenAddress, IsOfItsKind) {
    EXPECT_EQ(parsed(":80"), (ListenAddress{TcpAddress{"0.0.0.0", 80}}));
    EXPECT_EQ(parsed("https:[::1]:443"), (ListenAddress{TcpAddress{"::1", 443}, true}));
    EXPECT_EQ(parsed("unix:/a"), (ListenAddress{UnixAddress{"/a"}}));
    EXPECT_EQ(parsed("systemd:web"), (ListenAddress{PassedAddress{"web"}}));
    EXPECT_EQ(parsed("https:systemd"), (ListenAddress{PassedAddress{}, true}));
}

TEST(ListenAddress, RefusesWhatIsNoAddress) {
    for (const char* text : {"",
                             "8080",
                             "127.0.0.1",
                             "127.0.0.1:",
                             "127.0.0.1:65536",
                             "127.0.0.1:-1",
                             "127.0.0.1:8x",
                             "::1:80",
                             "[::1]",
                             "[]:80",
                             "[127.0.0.1]:80",
                             "news.example.org:80",
                             "1.2.3:80",
                             ":80 ",
                             "http:127.0.0.1:80",
                             "https:",
                             "https:https::80",
                             "systemdx:80",
                             "systemd:",
                             "systemd:a:b",
                             "systemd:a\nb"}) {
        EXPECT_FALSE(parse_listen_address(text)) << text;
    }
    EXPECT_EQ(refusal_of("news.example.org:80"),
              "\"news.example.org:80\" is not ADDR:PORT, [V6]:PORT, :PORT, unix:/PATH or systemd:NAME, perhaps after https:; "
              "ADDR is an IP address");
}

TEST(ListenAddress, RefusesPathsThatNoSocketCanHave) {
    for (const char* text : {"unix:", "unix:http.sock", "unix:/run/gazetted/", "unix:/a\nb", "unix:@abstract"})
        EXPECT_NE(refusal_of(text).find("is no path for a socket"), std::string::npos) << text;
    const std::string longest = "/" + std::string(UnixAddress::path_bytes_max - 1, 'x');
    EXPECT_EQ(refusal_of("unix:" + longest), "no error");
    EXPECT_NE(refusal_of("unix:" + longest + "x").find("has at most 107 bytes"), std::string::npos);
}

TEST(ListenAddress, SpeaksNoTlsOverAUnixSocket) {
    EXPECT_EQ(refusal_of("https:unix:/a"), "\"https:unix:/a\": a Unix socket never leaves the machine and speaks no TLS");
}

}  // namespace
}  // namespace gazetted
