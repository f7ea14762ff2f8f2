#include "daemon/listening_socket.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

namespace gazetted {
namespace {

namespace fs = std::filesystem;

ServerConfig listening_on(ListenAddress address) {
    ServerConfig config;
    config.listen = {std::move(address)};
    config.status_enabled = false;
    return config;
}

ListenAddress any_port(const char* host = "127.0.0.1") { return {TcpAddress{host, 0}}; }

std::string refusal_of(const ServerConfig& config, std::vector<PassedSocket> passed = {}) {
    try {
        listen_on(config, 1, std::move(passed));
        return "no error";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

Descriptor connect_to(const ListenAddress& address) {
    sockaddr_storage name{};
    socklen_t bytes = sizeof(sockaddr_in);
    if (const auto* tcp = std::get_if<TcpAddress>(&address.where)) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(name);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(tcp->port);
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {
        auto& file = reinterpret_cast<sockaddr_un&>(name);
        file.sun_family = AF_UNIX;
        std::get<UnixAddress>(address.where).path.copy(file.sun_path, sizeof file.sun_path - 1);
        bytes = sizeof file;
    }
    Descriptor client(::socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(client.number(), reinterpret_cast<sockaddr*>(&name), bytes) != 0) return Descriptor();
    return client;
}

bool somebody_waits(const ListeningSocket& socket) {
    pollfd waiting{socket.descriptor.number(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
}

TEST(ListeningSocket, HasThePortThatTheKernelChose) {
    const auto listening = listen_on(listening_on(any_port()), 1, {});
    ASSERT_EQ(listening.size(), 1U);
    const auto& socket = *listening.front().front();
    EXPECT_NE(std::get<TcpAddress>(socket.address.where).port, 0);
    const auto client = connect_to(socket.address);
    ASSERT_TRUE(client);
    const auto accepted = accept_from(socket);
    EXPECT_TRUE(accepted.descriptor);
    EXPECT_EQ(to_string(accepted.peer), "127.0.0.1");
    EXPECT_FALSE(accept_from(socket).descriptor);
}

TEST(ListeningSocket, SeesIpv4BehindAnIpv6SocketAsItself) {
    const auto listening = listen_on(listening_on(any_port("::")), 1, {});
    const auto& socket = *listening.front().front();
    const auto client = connect_to(socket.address);
    ASSERT_TRUE(client);
    EXPECT_EQ(to_string(accept_from(socket).peer), "127.0.0.1");
}

TEST(ListeningSocket, IsOneForEachLoopAndAllGetConnections) {
    const auto listening = listen_on(listening_on(any_port()), 3, {});
    ASSERT_EQ(listening.front().size(), 3U);
    std::vector<Descriptor> clients;
    for (int i = 0; i < 200; ++i) clients.push_back(connect_to(listening.front().front()->address));
    std::size_t accepted = 0;
    for (const auto& socket : listening.front()) {
        EXPECT_EQ(socket->address, listening.front().front()->address);
        EXPECT_TRUE(somebody_waits(*socket));
        while (accept_from(*socket).descriptor) ++accepted;
    }
    EXPECT_EQ(accepted, 200U);
}

TEST(ListeningSocket, SharesItsPortWithNoOtherDaemon) {
    const auto listening = listen_on(listening_on(any_port()), 2, {});
    const auto refusal = refusal_of(listening_on(listening.front().front()->address));
    EXPECT_EQ(refusal, "cannot listen on " + to_string(listening.front().front()->address) +
                           " (--listen): bind: Address already in use");
}

TEST(ListeningSocket, NamesTheOptionOfTheStatusListener) {
    const auto listening = listen_on(listening_on(any_port()), 1, {});
    ServerConfig config = listening_on(any_port());
    config.status_enabled = true;
    config.status = listening.front().front()->address;
    EXPECT_NE(refusal_of(config).find("(--status-listen, which also takes off)"), std::string::npos);
}

// ---- Unix sockets

class UnixListening : public testing::Test {
protected:
    ListenAddress address() const { return {UnixAddress{folder_ / "http.sock"}}; }
    fs::path path() const { return folder_ / "http.sock"; }
    mode_t mode() const {
        struct stat file {};
        EXPECT_EQ(::lstat(path().c_str(), &file), 0);
        return file.st_mode & 07777;
    }
    const TemporaryFolder temporary_;
    const fs::path folder_ = temporary_.path();
};

TEST_F(UnixListening, IsServedByAllLoopsAndItsPeersHaveNoAddress) {
    const auto listening = listen_on(listening_on(address()), 3, {});
    ASSERT_EQ(listening.front().size(), 1U);
    const auto client = connect_to(address());
    ASSERT_TRUE(client);
    EXPECT_EQ(to_string(accept_from(*listening.front().front()).peer), "unix");
}

TEST_F(UnixListening, HasTheConfiguredModeWhateverTheUmask) {
    for (const unsigned wanted : {0660U, 0666U, 0600U}) {
        ServerConfig config = listening_on(address());
        config.unix_access.mode = wanted;
        const auto listening = listen_on(config, 1, {});
        EXPECT_EQ(mode(), wanted);
    }
}

TEST_F(UnixListening, HasTheConfiguredGroup) {
    ServerConfig config = listening_on(address());
    config.unix_access.group = ::getgrgid(::getegid())->gr_name;
    const auto listening = listen_on(config, 1, {});
    struct stat file {};
    ASSERT_EQ(::lstat(path().c_str(), &file), 0);
    EXPECT_EQ(file.st_gid, ::getegid());
    config.listen = {{UnixAddress{folder_ / "other.sock"}}};
    config.unix_access.group = "no-such-group";
    EXPECT_NE(refusal_of(config).find("server.unix_group: there is no group no-such-group"), std::string::npos);
}

TEST_F(UnixListening, TakesItsFileAwayWhenItEnds) {
    auto listening = listen_on(listening_on(address()), 1, {});
    EXPECT_TRUE(fs::exists(path()));
    listening.clear();
    EXPECT_FALSE(fs::exists(path()));
}

TEST_F(UnixListening, LeavesTheFileOfItsSuccessor) {
    auto listening = listen_on(listening_on(address()), 1, {});
    fs::remove(path());
    const auto successor = listen_on(listening_on(address()), 1, {});
    listening.clear();
    EXPECT_TRUE(connect_to(address()));
}

TEST_F(UnixListening, ReplacesWhatAnEndedDaemonLeft) {
    {
        auto listening = listen_on(listening_on(address()), 1, {});
        fs::rename(path(), folder_ / "kept");
    }
    fs::rename(folder_ / "kept", path());
    EXPECT_FALSE(connect_to(address())) << "nobody listens on it";
    const auto listening = listen_on(listening_on(address()), 1, {});
    EXPECT_TRUE(connect_to(address()));
}

TEST_F(UnixListening, TellsASecondDaemonThatAnotherServesThere) {
    const auto listening = listen_on(listening_on(address()), 1, {});
    EXPECT_EQ(refusal_of(listening_on(address())), "cannot listen on unix:" + path().string() +
                                                       " (--listen): another process listens there: Address already in use");
    EXPECT_TRUE(connect_to(address())) << "and the first goes on";
}

TEST_F(UnixListening, LeavesAloneWhatIsNoSocket) {
    std::ofstream(path()) << "precious";
    EXPECT_NE(refusal_of(listening_on(address())).find("is no socket, and was left alone"), std::string::npos);
    EXPECT_EQ(fs::file_size(path()), 8U);
}

TEST_F(UnixListening, NamesAFolderThatIsNotThere) {
    EXPECT_NE(refusal_of(listening_on({UnixAddress{folder_ / "none/http.sock"}})).find("/none: No such file or directory"),
              std::string::npos);
}

// ---- sockets from the service manager

PassedSocket passed_as(const std::string& name) {
    const auto listening = listen_on(listening_on(any_port()), 1, {});
    return {Descriptor(::dup(listening.front().front()->descriptor.number())), name};
}

std::vector<PassedSocket> all_passed(const std::vector<std::string>& names) {
    std::vector<PassedSocket> sockets;
    for (const auto& name : names) sockets.push_back(passed_as(name));
    return sockets;
}

TEST(PassedListening, IsFoundByItsNameAndKnowsItsAddress) {
    ServerConfig config = listening_on({PassedAddress{"web"}});
    config.status_enabled = true;
    config.status = {PassedAddress{"status"}};
    const auto listening = listen_on(config, 4, all_passed({"status", "web"}));
    ASSERT_EQ(listening.size(), 2U);
    const auto& web = *listening[0].front();
    EXPECT_EQ(web.passed_as, "web");
    EXPECT_EQ(web.door, Door::public_site);
    EXPECT_TRUE(connect_to(web.address));
    EXPECT_EQ(listening[0].size(), 1U) << "all loops watch the one";
    EXPECT_EQ(listening[1].front()->passed_as, "status");
    EXPECT_EQ(listening[1].front()->door, Door::status);
}

TEST(PassedListening, WithoutANameTakesAllThatNobodyElseNames) {
    ServerConfig config = listening_on({PassedAddress{}});
    config.listen.push_back({PassedAddress{"tls"}});
    const auto listening = listen_on(config, 2, all_passed({"a", "tls", "b"}));
    ASSERT_EQ(listening.size(), 3U);
    EXPECT_EQ(listening[0].front()->passed_as, "a");
    EXPECT_EQ(listening[1].front()->passed_as, "b");
    EXPECT_EQ(listening[2].front()->passed_as, "tls");
}

TEST(PassedListening, SaysWhatToDoWhereNoSocketWasPassed) {
    EXPECT_NE(
        refusal_of(listening_on({PassedAddress{"web"}})).find("cannot listen on systemd:web (--listen): systemd passed us no"),
        std::string::npos);
    EXPECT_NE(refusal_of(listening_on({PassedAddress{"web"}}), all_passed({"wbe"})).find("compare its FileDescriptorName="),
              std::string::npos);
}

TEST(PassedListening, RefusesASocketThatAcceptsNobody) {
    std::vector<PassedSocket> passed;
    passed.push_back({Descriptor(::socket(AF_INET, SOCK_DGRAM, 0)), "udp"});
    EXPECT_NE(refusal_of(listening_on({PassedAddress{}}), std::move(passed)).find("does not accept connections"),
              std::string::npos);
}

}  // namespace
}  // namespace gazetted
