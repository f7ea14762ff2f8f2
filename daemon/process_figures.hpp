#pragma once

#include <cstddef>

namespace gazetted {

/// What the kernel says of this process (proc(5)); nought where it does not say it.
struct ProcessFigures {
    double started_s = 0;  ///< since 1970
    double cpu_s = 0;      ///< user and system
    std::size_t resident_bytes = 0;
    std::size_t descriptors = 0;
};
ProcessFigures process_figures();

}  // namespace gazetted
