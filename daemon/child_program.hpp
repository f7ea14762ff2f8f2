#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace gazetted {

/// While a child has the terminal, Ctrl-C is its own: psql cancels a query, pg_dump ends.
class InterruptIgnored {
public:
    InterruptIgnored();
    ~InterruptIgnored();
    InterruptIgnored(const InterruptIgnored&) = delete;
    InterruptIgnored& operator=(const InterruptIgnored&) = delete;

private:
    void (*before_)(int);
};

/// A program of PostgreSQL's that runs for us, in our environment and with those of our descriptors that are not closed on
/// exec. Killed where nobody waited for it.
class ChildProgram {
public:
    struct Streams {
        int in = 0, out = 1, err = 2;  ///< descriptors of ours that become its own
    };
    /// The first of `words` is the program, looked up in PATH where it has no slash. Ctrl-C and a broken pipe end it, whatever
    /// they do to us. Throws std::runtime_error where it cannot be started.
    ChildProgram(std::vector<std::string> words, const Streams&);
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    /// Its exit status, or 128 and the signal that ended it.
    int wait();

private:
    std::string name_;
    pid_t process_ = 0;  ///< 0: it has ended
};

}  // namespace gazetted
