#include "daemon/tls.hpp"

#include "daemon/certificates.hpp"
#include "tests/support/fake_site.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tls_client.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const std::string get_news = "GET /category/news.atom HTTP/1.1\r\nHost: localhost\r\n\r\n";

bool is_ok(const std::string& response) { return response.starts_with("HTTP/1.1 200 "); }

std::chrono::sys_seconds now() { return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()); }

class Tls : public testing::Test {
protected:
    Tls() {
        files_ = {folder_ / "certificate.pem", folder_ / "key.pem"};
        make_certificate(files_);
        ::signal(SIGPIPE, SIG_IGN);  // as serve() does
    }

    TlsConfig files() const { return {files_.certificate, files_.key}; }
    ServerConfig config() const {
        ServerConfig config;
        config.listen = {{TcpAddress{"127.0.0.1", 0}, true}};
        config.tls = files();
        return config;
    }
    std::string refusal() const {
        const auto identity = load_tls_identity(files());
        return identity ? "no error" : identity.error().message;
    }

    const TemporaryFolder temporary_;
    const fs::path folder_ = temporary_.path();
    CertificateFiles files_;
};

// ---- the certificate

TEST_F(Tls, NamesTheFileThatCannotBeUsed) {
    EXPECT_EQ(refusal(), "no error");
    std::ofstream(files_.key) << "-----BEGIN NONSENSE-----\n";
    EXPECT_TRUE(refusal().starts_with("server.tls.key " + files_.key.string() + ": ")) << refusal();
    fs::remove(files_.key);
    EXPECT_EQ(refusal(), "server.tls.key " + files_.key.string() + ": No such file or directory");
    fs::remove(files_.certificate);
    EXPECT_EQ(refusal(), "server.tls.certificate " + files_.certificate.string() + ": No such file or directory");
}

TEST_F(Tls, RefusesAKeyOfAnotherCertificate) {
    make_certificate({files_.certificate, folder_ / "other.pem"});
    EXPECT_EQ(refusal(), "server.tls.key " + files_.key.string() + ": key values mismatch");
}

TEST_F(Tls, KnowsWhenTheCertificateExpires) {
    make_certificate(files_, {.lasts = 1h});
    const auto left = load_tls_identity(files()).value()->expires() - now();
    EXPECT_GT(left, 59min);
    EXPECT_LE(left, 61min);
}

TEST_F(Tls, TakesAnotherCertificateOnceItIsThere) {
    Certificates certificates(files());
    const auto first = certificates.current();
    certificates.refresh(Certificates::Read::where_changed, now());
    EXPECT_EQ(certificates.current(), first) << "nothing has changed";
    make_certificate(files_);
    certificates.refresh(Certificates::Read::where_changed, now());
    EXPECT_NE(certificates.current(), first);
}

TEST_F(Tls, ReadsUnchangedFilesWhereItIsAskedTo) {
    Certificates certificates(files());
    const auto first = certificates.current();
    certificates.refresh(Certificates::Read::anyway, now());
    EXPECT_NE(certificates.current(), first);
}

TEST_F(Tls, KeepsTheOldCertificateWhileTheNewPairIsBroken) {
    Certificates certificates(files());
    const auto first = certificates.current();
    make_certificate({folder_ / "next.pem", folder_ / "next-key.pem"});
    fs::rename(folder_ / "next.pem", files_.certificate);
    certificates.refresh(Certificates::Read::where_changed, now());
    EXPECT_EQ(certificates.current(), first) << "its key is not there yet";
    fs::rename(folder_ / "next-key.pem", files_.key);
    certificates.refresh(Certificates::Read::where_changed, now());
    EXPECT_NE(certificates.current(), first);
}

TEST_F(Tls, DoesNotStartWithABrokenPair) {
    std::ofstream(files_.certificate) << "nothing";
    EXPECT_THROW(RunningServer{config()}, std::runtime_error);
}

// ---- the handshake

TEST_F(Tls, ServesAFeed) {
    RunningServer running(config());
    TlsConnection connection(running.port());
    ASSERT_TRUE(connection.is_established());
    EXPECT_EQ(connection.version(), "TLSv1.3");
    connection.send(get_news);
    EXPECT_TRUE(is_ok(connection.receive()));
}

TEST_F(Tls, SpeaksVersion12AndNothingOlder) {
    RunningServer running(config());
    TlsConnection older(running.port(), {.version = TlsConnection::Version::only_1_2, .protocols = {}});
    ASSERT_TRUE(older.is_established());
    older.send(get_news);
    EXPECT_TRUE(is_ok(older.receive()));
    TlsConnection oldest(running.port(), {.version = TlsConnection::Version::only_1_1, .protocols = {}});
    EXPECT_FALSE(oldest.is_established());
}

TEST_F(Tls, ChoosesHttp11AmongProtocols) {
    RunningServer running(config());
    TlsConnection browser(running.port(), {.protocols = "h2,http/1.1"});
    EXPECT_EQ(browser.protocol(), "http/1.1");
    TlsConnection silent(running.port());
    EXPECT_TRUE(silent.is_established());
    TlsConnection other(running.port(), {.protocols = "h2"});
    EXPECT_FALSE(other.is_established());
}

TEST_F(Tls, ResumesASessionByItsTicket) {
    RunningServer running(config());
    std::string session;
    {
        TlsConnection first(running.port());
        first.send(get_news);
        first.receive();
        session = first.session();
    }
    TlsConnection second(running.port(), {.protocols = {}, .session = session});
    EXPECT_TRUE(second.is_established());
    EXPECT_TRUE(second.was_resumed());
}

TEST_F(Tls, ShakesHandsAThousandTimes) {
    RunningServer running(config());
    for (int i = 0; i < 1'000; ++i) {
        TlsConnection connection(running.port());
        ASSERT_TRUE(connection.is_established()) << i;
        if (i % 10 != 0) continue;
        connection.send(get_news);
        ASSERT_TRUE(is_ok(connection.receive())) << i;
    }
}

TEST_F(Tls, LetsGoOfWhoNeverFinishesTheHandshake) {
    auto impatient = config();
    impatient.request_timeout = 0s;
    impatient.idle_timeout = 1h;
    RunningServer running(impatient);
    RawConnection silent(running.port());
    EXPECT_TRUE(silent.is_closed());
    RawConnection half(running.port());
    half.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
    EXPECT_TRUE(half.is_closed());
}

TEST_F(Tls, TellsWhoSpeaksPlainHttp) {
    RunningServer running(config());
    RawConnection plain(running.port());
    plain.send(get_news);
    const auto answer = plain.receive_rest();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
    EXPECT_NE(answer.find("https://"), std::string::npos);
}

TEST_F(Tls, SurvivesWhatIsNoHandshake) {
    RunningServer running(config());
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        std::string bytes(random() % 600, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        if (i % 2 == 0) bytes = std::string("\x16\x03\x01\x00\xff\x01\x00\x00\xfb\x03\x03", 11) + bytes;
        RawConnection connection(running.port());
        connection.send(bytes);
    }
    TlsConnection connection(running.port());
    connection.send(get_news);
    EXPECT_TRUE(is_ok(connection.receive()));
}

// ---- the conversation

TEST_F(Tls, AnswersManyRequestsOnOneConnection) {
    RunningServer running(config());
    TlsConnection connection(running.port());
    for (int i = 0; i < 100; ++i) {
        connection.send(get_news);
        ASSERT_TRUE(is_ok(connection.receive())) << i;
    }
}

TEST_F(Tls, AnswersRequestsThatComeInOneRecordOrInMany) {
    RunningServer running(config());
    TlsConnection connection(running.port());
    // More than a record and more than is read at once: what OpenSSL keeps shows on no socket.
    const std::string padded =
        "GET /category/news.atom HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(1'000, 'x') + "\r\n\r\n";
    std::string requests;
    for (int i = 0; i < 60; ++i) requests += padded;
    connection.send(requests);
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(is_ok(connection.receive())) << i;
    for (const char byte : get_news) connection.send({&byte, 1});
    EXPECT_TRUE(is_ok(connection.receive()));
}

TEST_F(Tls, SkipsTheBodyOfARequest) {
    RunningServer running(config());
    TlsConnection connection(running.port());
    connection.send("POST /category/news.atom HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" +
                    std::string(60'000, 'x') + get_news);
    EXPECT_TRUE(connection.receive().starts_with("HTTP/1.1 405 "));
    EXPECT_TRUE(is_ok(connection.receive()));
}

TEST_F(Tls, GivesALargeDocumentWholeToASlowReader) {
    RunningServer running(config());
    running.site.set_repeated(500'000);
    TlsConnection plain(running.port());
    plain.send(get_news);
    const auto expected = plain.receive();
    EXPECT_GT(expected.size(), 5'000'000U);
    TlsConnection slow(running.port(), {.protocols = {}, .receive_buffer = 4'096});
    slow.send(get_news + get_news);
    const auto body_of = [](const std::string& response) { return response.substr(response.find("\r\n\r\n")); };
    EXPECT_EQ(body_of(slow.receive()), body_of(expected));
    EXPECT_EQ(body_of(slow.receive()), body_of(expected));
}

TEST_F(Tls, LetsGoOfAReaderWhoTakesNothing) {
    auto impatient = config();
    impatient.write_timeout = 0s;
    RunningServer running(impatient);
    running.site.set_repeated(4'000'000);
    TlsConnection connection(running.port(), {.protocols = {}, .receive_buffer = 4'096});
    connection.send(get_news);
    for (const auto end = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < end;) {
        if (fetch(running.status_port(), "/metrics").find("gazetted_connections 1\n") != std::string::npos) return;
        std::this_thread::yield();
    }
    FAIL() << "the slow reader is still there";
}

TEST_F(Tls, SaysGoodbyeBeforeItCloses) {
    RunningServer running(config());
    TlsConnection connection(running.port());
    connection.send("GET /category/news.atom HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(is_ok(connection.receive_rest()));
    EXPECT_TRUE(connection.said_goodbye());
    TlsConnection wrong(running.port());
    wrong.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get_news);
    EXPECT_TRUE(wrong.receive_rest().starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(wrong.said_goodbye());
}

TEST_F(Tls, ShowsANewCertificateToNewConnectionsAndKeepsTheOld) {
    make_certificate(files_, {.serial = "1001"});
    RunningServer running(config());
    TlsConnection before(running.port());
    EXPECT_EQ(before.serial(), "1001");
    make_certificate(files_, {.serial = "1002"});
    running.server().refresh_certificates(Certificates::Read::where_changed);
    TlsConnection after(running.port());
    EXPECT_EQ(after.serial(), "1002");
    for (auto* connection : {&before, &after}) {
        connection->send(get_news);
        EXPECT_TRUE(is_ok(connection->receive()));
    }
}

TEST_F(Tls, FinishesWhatItIsAnsweringBeforeItDrains) {
    auto running = std::make_unique<RunningServer>(config());
    running->site.hold();
    TlsConnection idle(running->port()), busy(running->port());
    busy.send(get_news);
    ASSERT_TRUE(running->site.wait_until_begun(1));
    running->server().drain();
    EXPECT_EQ(idle.receive_rest(), "");
    EXPECT_TRUE(idle.said_goodbye());
    running->site.release();
    EXPECT_TRUE(is_ok(busy.receive_rest()));
    EXPECT_TRUE(busy.said_goodbye());
}

TEST_F(Tls, IsServedBesidePlainHttp) {
    auto both = config();
    both.listen.push_back({TcpAddress{"127.0.0.1", 0}});
    RunningServer running(both);
    const auto plain_port = std::get<TcpAddress>(running.server().listeners()[1].address.where).port;
    EXPECT_TRUE(is_ok(fetch(plain_port, "/category/news.atom")));
    TlsConnection connection(running.port());
    connection.send(get_news);
    EXPECT_TRUE(is_ok(connection.receive()));
}

}  // namespace
}  // namespace gazetted
