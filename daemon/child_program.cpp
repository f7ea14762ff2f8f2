#include "daemon/child_program.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace gazetted {

namespace {

struct SpawnAttributes {
    posix_spawnattr_t value;
    SpawnAttributes() { posix_spawnattr_init(&value); }
    ~SpawnAttributes() { posix_spawnattr_destroy(&value); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
};

struct SpawnActions {
    posix_spawn_file_actions_t value;
    SpawnActions() { posix_spawn_file_actions_init(&value); }
    ~SpawnActions() { posix_spawn_file_actions_destroy(&value); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
};

}  // namespace

InterruptIgnored::InterruptIgnored() : before_(std::signal(SIGINT, SIG_IGN)) {}
InterruptIgnored::~InterruptIgnored() { std::signal(SIGINT, before_); }

ChildProgram::ChildProgram(std::vector<std::string> words, const Streams& streams) : name_(words.front()) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    SpawnAttributes attributes;
    sigset_t by_default;
    sigemptyset(&by_default);
    for (const int signal_number : {SIGINT, SIGPIPE}) sigaddset(&by_default, signal_number);
    posix_spawnattr_setsigdefault(&attributes.value, &by_default);
    posix_spawnattr_setflags(&attributes.value, POSIX_SPAWN_SETSIGDEF);
    SpawnActions actions;
    posix_spawn_file_actions_adddup2(&actions.value, streams.in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions.value, streams.out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions.value, streams.err, STDERR_FILENO);

    const int error = posix_spawnp(&process_, name_.c_str(), &actions.value, &attributes.value, arguments.data(), environ);
    if (error != 0) {
        process_ = 0;
        throw std::runtime_error(name_ + " cannot be started (" + std::generic_category().message(error) +
                                 "): install postgresql-client");
    }
}

ChildProgram::~ChildProgram() {
    if (process_ == 0) return;
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

int ChildProgram::wait() {
    int status = 0;
    while (waitpid(process_, &status, 0) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waiting for " + name_);
    }
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace gazetted
