#pragma once

#include <cstdlib>
#include <filesystem>

namespace gazetted {

/// Real posts, hostile inputs and schemas that lie beside the project, or where GAZETTED_SHARED says. They may be missing: a
/// test that needs them skips with what it misses.
inline std::filesystem::path shared_folder() {
    const char* named = std::getenv("GAZETTED_SHARED");
    return named ? std::filesystem::path(named) : std::filesystem::path(GAZETTED_SOURCE_DIR) / "../shared";
}

}  // namespace gazetted
