#include "tests/bench/peers.hpp"

#include "tests/support/daemon_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct Recipe {
    std::string_view name;
    std::string_view program;
    std::string_view config;  ///< in tests/bench/peers
    std::vector<std::string_view> arguments;
};

// @CONFIG@, @FOLDER@ and @PORT@ are filled in, here as in the configurations.
const std::array<Recipe, 5> recipes = {{
    {"nginx", "nginx", "nginx.conf", {"nginx", "-p", "@FOLDER@", "-c", "@CONFIG@"}},
    {"lighttpd", "lighttpd", "lighttpd.conf", {"lighttpd", "-D", "-f", "@CONFIG@"}},
    {"h2o", "h2o", "h2o.conf", {"h2o", "-m", "worker", "-c", "@CONFIG@"}},
    // http_gzip_support would have it unpack our gzip for those who take none.
    {"varnish",
     "varnishd",
     "varnish.vcl",
     {"varnishd", "-F", "-j", "none", "-n", "@FOLDER@/varnish", "-a", "127.0.0.1:@PORT@", "-f", "@CONFIG@", "-s", "malloc,64m",
      "-p", "http_gzip_support=off", "-p", "thread_pools=1", "-p", "timeout_idle=600"}},
    {"caddy",
     "caddy",
     "Caddyfile",
     {"env", "GOMAXPROCS=1", "HOME=@FOLDER@", "caddy", "run", "--adapter", "caddyfile", "--config", "@CONFIG@"}},
}};

unsigned short free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bind(socket, reinterpret_cast<sockaddr*>(&address), length);
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    close(socket);
    return ntohs(address.sin_port);
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, std::string_view bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

using Values = std::vector<std::pair<std::string_view, std::string>>;

std::string filled(std::string text, const Values& values) {
    for (const auto& [name, value] : values)
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
            text.replace(at, name.size(), value);
    return text;
}

/// lighttpd compresses by itself; what it keeps is replaced by our bytes, so that it sends what the others send.
void give_lighttpd_our_gzip(const RunningPeer& peer, const ServedFile& file, const fs::path& cache) {
    http_get(peer.port, file.path, {"Accept-Encoding: gzip"});
    for (const auto& entry : fs::recursive_directory_iterator(cache))
        if (entry.is_regular_file()) write_file(entry.path(), file.gzip);
    // For so long it remembers how large the file was.
    std::this_thread::sleep_for(3s);
}

}  // namespace

std::vector<KnownPeer> known_peers() {
    std::vector<KnownPeer> peers;
    for (const Recipe& recipe : recipes) peers.push_back({std::string(recipe.name), is_installed(recipe.program)});
    return peers;
}

void write_document_root(const ServedFile& file, const fs::path& folder) {
    const fs::path document = folder / "www" / file.path.substr(1);
    write_file(document, file.identity);
    write_file(document.string() + ".gz", file.gzip);
}

RunningPeer start_peer(const std::string& name, const ServedFile& file, unsigned short origin, const fs::path& folder) {
    const auto recipe = std::find_if(recipes.begin(), recipes.end(), [&](const Recipe& r) { return r.name == name; });
    if (recipe == recipes.end()) throw std::runtime_error("no such server: " + name);
    const fs::path cache = folder / (name + "-cache");
    fs::create_directories(cache);

    const unsigned short port = free_port();
    const fs::path config = folder / recipe->config;
    const Values values = {
        {"@FOLDER@", folder}, {"@PORT@", std::to_string(port)}, {"@ORIGIN@", std::to_string(origin)}, {"@CONFIG@", config}};
    write_file(config, filled(read_file(fs::path(GAZETTED_SOURCE_DIR "/tests/bench/peers") / recipe->config), values));
    // Some give up root's rights before they write there.
    fs::permissions(cache, fs::perms::all);

    std::vector<std::string> arguments;
    for (const auto& argument : recipe->arguments) arguments.push_back(filled(std::string(argument), values));
    const fs::path log = folder / (name + "-output.log");
    RunningPeer peer{name, port, ChildProcess(arguments, log)};
    for (int tries = 0; http_get(port, file.path).body != file.identity; ++tries) {
        if (tries == 300 || peer.process.has_ended()) {
            const std::string text = read_file(log) + read_file(folder / (name + ".log"));
            throw std::runtime_error(
                name + " does not serve the sample: " + text.substr(text.size() - std::min<std::size_t>(text.size(), 1'000)));
        }
        std::this_thread::sleep_for(50ms);
    }
    if (name == "lighttpd") give_lighttpd_our_gzip(peer, file, cache);
    return peer;
}

}  // namespace gazetted
