#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gazetted {

// Numbers as people read them, in English.

/// `1,234,567`
std::string grouped(std::uint64_t);
/// `12.3`, `1,234`: three digits that count, or as many as there are.
std::string rounded(double);
/// `3.4 MB`: in powers of a thousand.
std::string bytes_text(double);
/// `12 seconds`, `1 minute`, `5 hours`, `2 days`: in the largest unit of which there is one. Less than nothing is nothing.
std::string span_text(std::chrono::duration<double>);

}  // namespace gazetted
