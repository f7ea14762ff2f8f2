#pragma once

#include "daemon/readership_inbox.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace gazetted {

/// Writes what the loops saw of readers into the database, on a thread of its own: each minute, and once more when it ends.
/// While the database is away, or refuses to be written to, it keeps what there is, up to Readership::rows_max.
class ReadershipWriter {
public:
    struct Times {
        std::chrono::milliseconds interval{60'000};
        std::chrono::milliseconds hand_over{500};   ///< two ticks of a loop
        std::chrono::milliseconds deadline{5'000};  ///< of a statement, and so of an end while the database hangs
    };
    /// Whether the database can be expected to answer: then the nodes' keys are agreed upon before the constructor returns.
    enum class Database { here, perhaps_away };
    ReadershipWriter(std::string database_url, ReadershipInbox&, Database, const Times&);
    ReadershipWriter(std::string database_url, ReadershipInbox&, Database);
    /// The loops have ended by then, and put in the last of what they saw.
    ~ReadershipWriter();
    ReadershipWriter(const ReadershipWriter&) = delete;
    ReadershipWriter& operator=(const ReadershipWriter&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
