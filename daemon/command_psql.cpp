#include "daemon/commands.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <vector>

namespace gazetted {
namespace {

/// While psql has the terminal, Ctrl-C is its own: it cancels a query.
class InterruptIgnored {
public:
    InterruptIgnored() : before_(std::signal(SIGINT, SIG_IGN)) {}
    ~InterruptIgnored() { std::signal(SIGINT, before_); }
    InterruptIgnored(const InterruptIgnored&) = delete;
    InterruptIgnored& operator=(const InterruptIgnored&) = delete;

private:
    void (*before_)(int);
};

struct SpawnAttributes {
    posix_spawnattr_t value;
    SpawnAttributes() { posix_spawnattr_init(&value); }
    ~SpawnAttributes() { posix_spawnattr_destroy(&value); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
};

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waiting for psql");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int run(const Config& config, const PsqlCommand& command) {
    const OpenDatabase database = open_database(config.database);
    const char* options = std::getenv("PGOPTIONS");
    setenv("PGOPTIONS", ((options ? std::string(options) + " " : std::string()) + "-c search_path=gazetted,public").c_str(), 1);

    std::vector<std::string> words = {"psql", "--dbname=" + database.url};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    // The child starts with SIGINT as it was, although we ignore it from before it starts.
    SpawnAttributes attributes;
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    posix_spawnattr_setsigdefault(&attributes.value, &interrupt);
    posix_spawnattr_setflags(&attributes.value, POSIX_SPAWN_SETSIGDEF);

    const InterruptIgnored ignored;
    pid_t child = 0;
    const int error = posix_spawnp(&child, "psql", nullptr, &attributes.value, arguments.data(), environ);
    if (error != 0) {
        std::cerr << "gazetted: psql cannot be started (" << std::generic_category().message(error)
                  << "): install postgresql-client\n";
        return 1;
    }
    return wait_for(child);
}

}  // namespace gazetted
