#pragma once

#include "daemon/descriptor.hpp"

#include <string>

namespace gazetted {

/// What a program writes while nobody reads: kept in memory, so that it never waits for us.
class ProgramOutput {
public:
    /// Throws std::runtime_error.
    ProgramOutput();
    int descriptor() const noexcept { return memory_.number(); }
    /// From the beginning, 4 MiB at most.
    std::string text() const;
    /// Of what PostgreSQL's programs say on stderr: the first error, in one line, with what to do where we know it.
    std::string complaint() const;

private:
    Descriptor memory_;
};

}  // namespace gazetted
