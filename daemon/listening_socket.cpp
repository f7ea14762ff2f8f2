#include "daemon/listening_socket.hpp"

#include "daemon/log.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr int backlog = 4096;
// Of what a reader has not taken yet the kernel holds no more for us: its own limit is megabytes a connection, and a thousand
// readers who ask and do not read would pin gigabytes.
constexpr int unsent_bytes_max = 128 << 10;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

void set_option(const Descriptor& socket, int level, int option, int value) {
    if (::setsockopt(socket.number(), level, option, &value, sizeof value) != 0) fail("setsockopt");
}

Descriptor make_socket(int family) {
    Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) fail("socket");
    return socket;
}

/// The address of a socket, in whatever family.
struct SocketName {
    sockaddr_storage storage{};
    socklen_t bytes = sizeof(sockaddr_storage);
    sockaddr* as_sockaddr() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketName name_of(const TcpAddress& address) {
    SocketName name;
    auto& v6 = reinterpret_cast<sockaddr_in6&>(name.storage);
    auto& v4 = reinterpret_cast<sockaddr_in&>(name.storage);
    if (inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(address.port);
        name.bytes = sizeof v6;
        return name;
    }
    name = {};
    [[maybe_unused]] const int is_address = inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr);
    assert(is_address == 1);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    name.bytes = sizeof v4;
    return name;
}

SocketName name_of(const UnixAddress& address) {
    SocketName name;
    auto& file = reinterpret_cast<sockaddr_un&>(name.storage);
    assert(address.path.size() < sizeof file.sun_path);
    file.sun_family = AF_UNIX;
    address.path.copy(file.sun_path, address.path.size());
    name.bytes = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.path.size() + 1);
    return name;
}

/// None: a Unix socket.
Peer peer_of(const SocketName& name) { return ip_address_of(reinterpret_cast<const sockaddr&>(name.storage)); }

/// Where a socket listens, as the kernel says.
std::variant<TcpAddress, UnixAddress, PassedAddress> bound_to(const Descriptor& socket) {
    SocketName name;
    if (::getsockname(socket.number(), name.as_sockaddr(), &name.bytes) != 0) fail("getsockname");
    if (const auto address = peer_of(name)) {
        const bool is_v6 = name.storage.ss_family == AF_INET6;
        const auto port = is_v6 ? reinterpret_cast<sockaddr_in6&>(name.storage).sin6_port
                                : reinterpret_cast<sockaddr_in&>(name.storage).sin_port;
        return TcpAddress{to_string(*address), ntohs(port)};
    }
    const auto& file = reinterpret_cast<sockaddr_un&>(name.storage);
    const auto room = name.bytes > offsetof(sockaddr_un, sun_path) ? name.bytes - offsetof(sockaddr_un, sun_path) : 0;
    return UnixAddress{std::string(file.sun_path, ::strnlen(file.sun_path, room))};
}

void listen(const Descriptor& socket) {
    if (::listen(socket.number(), backlog) != 0) fail("listen");
}

// ---- TCP

enum class Sharing { alone, among_loops };

// Connections inherit what is set here: accepting one costs no more than accept4(). We write whole answers, so a last short
// segment need not wait.
void set_for_connections(const Descriptor& socket) {
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent_bytes_max);
}

Descriptor bind_tcp(const TcpAddress& address, Sharing sharing) {
    auto name = name_of(address);
    Descriptor socket = make_socket(name.storage.ss_family);
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set_for_connections(socket);
    // [::] is every address of both families, as an operator expects of it.
    if (name.storage.ss_family == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, address.host == "::" ? 0 : 1);
    if (sharing == Sharing::among_loops) set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1);
    if (::bind(socket.number(), name.as_sockaddr(), name.bytes) != 0) fail("bind");
    listen(socket);
    return socket;
}

// SO_REUSEPORT would let two daemons of one user share a port without noticing. The first socket listens without it, which
// fails where anybody else does; it shares only then.
std::vector<Descriptor> listen_on_tcp(TcpAddress address, std::size_t loops) {
    std::vector<Descriptor> sockets;
    sockets.push_back(bind_tcp(address, Sharing::alone));
    if (loops > 1) set_option(sockets.front(), SOL_SOCKET, SO_REUSEPORT, 1);
    address.port = std::get<TcpAddress>(bound_to(sockets.front())).port;
    while (sockets.size() < loops) sockets.push_back(bind_tcp(address, Sharing::among_loops));
    return sockets;
}

// ---- Unix sockets

/// Two daemons that start at once take their turns at one folder. The lock goes with the descriptor.
Descriptor lock_folder_of(const std::string& path) {
    constexpr std::chrono::milliseconds patience = 2s, pause = 10ms;
    const auto folder = path.substr(0, std::max<std::size_t>(1, path.rfind('/')));
    Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock) fail(folder);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() > end) fail("locking " + folder);
        std::this_thread::sleep_for(pause);
    }
    return lock;
}

/// Takes away a socket on which nobody listens any more.
void clear_stale_file(const UnixAddress& address) {
    struct stat file {};
    if (::lstat(address.path.c_str(), &file) != 0) {
        if (errno == ENOENT) return;
        fail(address.path);
    }
    errno = EEXIST;
    if (!S_ISSOCK(file.st_mode)) fail("what lies there is no socket, and was left alone");
    auto name = name_of(address);
    const Descriptor probe = make_socket(AF_UNIX);
    const bool answered = ::connect(probe.number(), name.as_sockaddr(), name.bytes) == 0;
    if (answered || errno != ECONNREFUSED) {
        if (answered || errno == EAGAIN) errno = EADDRINUSE;  // EAGAIN: its backlog is full
        fail("another process listens there");
    }
    if (::unlink(address.path.c_str()) != 0) fail("removing what an ended daemon left");
}

gid_t group_number(const std::string& name) {
    std::array<char, 16'384> room{};
    group entry{};
    group* found = nullptr;
    const int error = ::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
    if (!found) {
        errno = error != 0 ? error : ENOENT;
        fail("server.unix_group: there is no group " + name);
    }
    return found->gr_gid;
}

Descriptor listen_on_unix(const UnixAddress& address, const UnixAccess& access) {
    const Descriptor lock = lock_folder_of(address.path);
    clear_stale_file(address);
    auto name = name_of(address);
    Descriptor socket = make_socket(AF_UNIX);
    // Nobody gets in before the group is set: the file is made with no more than its owner's permissions.
    if (::fchmod(socket.number(), access.mode & 0700) != 0) fail("fchmod");
    if (::bind(socket.number(), name.as_sockaddr(), name.bytes) != 0) fail("bind");
    const auto* path = address.path.c_str();
    if (!access.group.empty() && ::chown(path, static_cast<uid_t>(-1), group_number(access.group)) != 0)
        fail("server.unix_group: " + access.group);
    if (::chmod(path, access.mode) != 0) fail("chmod");
    listen(socket);
    return socket;
}

// ---- sockets from the service manager

void make_ready(const PassedSocket& passed) {
    int listens = 0, kind = 0;
    socklen_t bytes = sizeof listens;
    const int number = passed.descriptor.number();
    if (::getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listens, &bytes) != 0 ||
        ::getsockopt(number, SOL_SOCKET, SO_TYPE, &kind, &bytes) != 0 || listens == 0 || kind != SOCK_STREAM)
        throw std::runtime_error("the socket " + passed.name +
                                 " from systemd does not accept connections: its unit wants ListenStream= and Accept=no");
    const int flags = ::fcntl(number, F_GETFL);
    if (flags < 0 || ::fcntl(number, F_SETFL, flags | O_NONBLOCK) != 0) fail("fcntl");
    if (std::holds_alternative<TcpAddress>(bound_to(passed.descriptor))) set_for_connections(passed.descriptor);
}

/// Those of one entry of the configuration, taken out of all that were passed.
std::vector<PassedSocket> claim(const PassedAddress& wanted, std::vector<PassedSocket>& passed, const ServerConfig& config) {
    const auto is_named_elsewhere = [&](const std::string& name) {
        const auto names_it = [&](const ListenAddress& listen) {
            const auto* other = std::get_if<PassedAddress>(&listen.where);
            return other && other->name == name;
        };
        return std::any_of(config.listen.begin(), config.listen.end(), names_it) ||
               (config.status_enabled && names_it(config.status));
    };
    std::vector<PassedSocket> claimed, left;
    for (auto& socket : passed) {
        const bool is_wanted = wanted.name.empty() ? !is_named_elsewhere(socket.name) : socket.name == wanted.name;
        (is_wanted ? claimed : left).push_back(std::move(socket));
    }
    passed = std::move(left);
    if (claimed.empty())
        throw std::runtime_error(
            "systemd passed us no such socket: enable and start gazetted.socket, which starts the service, and "
            "compare its FileDescriptorName=");
    return claimed;
}

/// Names the option as well: few who meet a taken status port have ever heard of that listener.
std::string cannot_listen(const ListenAddress& address, Door door) {
    return "cannot listen on " + to_string(address) +
           (door == Door::status ? " (--status-listen, which also takes off)" : " (--listen)");
}

std::shared_ptr<ListeningSocket> share(Descriptor socket, Door door, bool tls) {
    auto shared = std::make_shared<ListeningSocket>();
    shared->door = door;
    shared->address = {bound_to(socket), tls};
    shared->descriptor = std::move(socket);
    return shared;
}

std::vector<SharedListening> listen_on_one(const ListenAddress& address, Door door, const ServerConfig& config,
                                           std::size_t loops, std::vector<PassedSocket>& passed) {
    std::vector<SharedListening> listening(1);
    if (const auto* tcp = std::get_if<TcpAddress>(&address.where)) {
        for (auto& socket : listen_on_tcp(*tcp, loops))
            listening.front().push_back(share(std::move(socket), door, address.tls));
        return listening;
    }
    if (const auto* file = std::get_if<UnixAddress>(&address.where)) {
        listening.front().push_back(share(listen_on_unix(*file, config.unix_access), door, false));
        listening.front().front()->file = SocketFile(file->path);
        return listening;
    }
    listening.clear();
    for (auto& socket : claim(std::get<PassedAddress>(address.where), passed, config)) {
        make_ready(socket);
        auto shared = share(std::move(socket.descriptor), door, address.tls);
        shared->passed_as = socket.name;
        listening.push_back({std::move(shared)});
    }
    return listening;
}

}  // namespace

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
    struct stat file {};
    if (::lstat(path_.c_str(), &file) != 0) fail(path_);
    device_ = file.st_dev;
    inode_ = file.st_ino;
}

SocketFile::~SocketFile() {
    struct stat file {};
    if (path_.empty() || ::lstat(path_.c_str(), &file) != 0) return;
    if (file.st_dev == device_ && file.st_ino == inode_) ::unlink(path_.c_str());
}

SocketFile::SocketFile(SocketFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), inode_(other.inode_) {}

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(device_, other.device_);
    std::swap(inode_, other.inode_);
    return *this;
}

std::vector<SharedListening> listen_on(const ServerConfig& config, std::size_t loops, std::vector<PassedSocket> passed) {
    std::vector<SharedListening> all;
    const auto add = [&](const ListenAddress& address, Door door, std::size_t share_count) {
        try {
            for (auto& listening : listen_on_one(address, door, config, share_count, passed))
                all.push_back(std::move(listening));
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(cannot_listen(address, door) + ": " + error.what());
        }
    };
    for (const auto& address : config.listen) add(address, Door::public_site, loops);
    if (config.status_enabled) add(config.status, Door::status, 1);
    for (const auto& socket : passed) log(LogLevel::warning, "passed_socket_unused", {{"name", socket.name}});
    return all;
}

AcceptedSocket accept_from(const ListeningSocket& listening) {
    SocketName name;
    const int number = ::accept4(listening.descriptor.number(), name.as_sockaddr(), &name.bytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return {Descriptor(number), number < 0 ? Peer() : peer_of(name)};
}

}  // namespace gazetted
