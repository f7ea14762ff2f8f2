#pragma once

#include "daemon/faults.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace gazetted {

/// All that the page for people on the status listener tells.
struct StatusView {
    Figures figures;
    StatusBoard::View board;
    DatabaseState database;
    Instant now;
    std::chrono::duration<double> up{};
};

/// Which of the categories are wanted.
struct StatusQuery {
    static constexpr std::size_t find_bytes_max = 256;  ///< the rest is ignored
    std::size_t page = 1;                               ///< beyond the last: that one
    std::string find;                                   ///< in slug or title, whatever the case of ASCII letters; empty: all
};
/// What is malformed or unknown counts for nothing.
StatusQuery parse_status_query(std::string_view query);

/// Plain, responsive HTML without scripts, as all pages are; links to the site are absolute, since it is another listener's.
/// Whatever there is, it shows so many categories and Fault::cases_max cases of each fault. Pure: same arguments, same bytes.
std::string status_page(const StatusView&, const StatusQuery& = {});
constexpr std::size_t status_categories_a_page = 50;

}  // namespace gazetted
