#pragma once

#include "tests/support/test_database.hpp"

#include <cstdint>

namespace gazetted {

constexpr std::uint64_t categories_of_many = 2'000;

/// Writes `articles` articles of 3 KB in 2,000 categories medium-1 to medium-2000, the first ones much fuller than the last;
/// 61 seconds apart since 2020. Without triggers.
void write_many_articles(const TestDatabase&, std::uint64_t articles);

}  // namespace gazetted
