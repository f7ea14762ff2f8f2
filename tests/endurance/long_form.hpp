#pragma once

#include <cstdlib>

namespace gazetted {

/// The long form of a test takes minutes and judges strictly; `./test --long` asks for it. The short one takes seconds and is
/// content where nothing fails on a busy machine.
inline bool is_long_form() { return std::getenv("GAZETTED_LONG") != nullptr; }

}  // namespace gazetted
