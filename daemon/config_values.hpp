#pragma once

#include "feeds/result.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace gazetted {

/// `500ms` is too fine for us; `60s`, `15min`, `2h`, `1d`: a whole number and one unit.
Result<std::chrono::seconds> parse_duration(std::string_view);

/// Bytes: `4096B`, `64KiB`, `256MiB`, `2GiB`: a whole number and one unit.
Result<std::size_t> parse_size(std::string_view);

/// The other way, in the largest unit that leaves a whole number: `90s`, `2min`.
std::string duration_text(std::chrono::seconds);
std::string size_text(std::size_t bytes);

/// Permissions in octal, `660` or `0660`, without set-user-id and the like.
Result<unsigned> parse_file_mode(std::string_view);
std::string file_mode_text(unsigned mode);

}  // namespace gazetted
