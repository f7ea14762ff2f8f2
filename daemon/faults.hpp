#pragma once

#include "daemon/figure_history.hpp"
#include "daemon/status_board.hpp"

#include <string>
#include <vector>

namespace gazetted {

/// Something that an operator is to see to.
struct Fault {
    static constexpr std::size_t cases_max = 10;

    bool is_grave = false;           ///< readers do without something now
    std::string what;                ///< a sentence
    std::string remedy;              ///< another: what to do
    std::string command = {};        ///< that shows more; may be empty
    std::vector<std::string> cases;  ///< cases_max at most; texts come from anybody
    std::size_t cases_more = 0;
};

/// Whether renderings reach the database, as every part of the daemon sees it.
struct DatabaseState {
    bool available = true;
    std::string reason;  ///< where it is not
};

/// All that is wrong, the grave first. Pure: `now` is when it is asked.
std::vector<Fault> faults_of(const Figures&, const StatusBoard::View&, const DatabaseState&, Instant now);

}  // namespace gazetted
