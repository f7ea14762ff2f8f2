#pragma once

#include "daemon/polling_ledger.hpp"
#include "daemon/status_board.hpp"

#include <functional>
#include <memory>
#include <string>

namespace gazetted {

/// Writes onto the board, on a thread of its own: a sample of the figures every FigureHistory::interval, and what the database
/// has each minute, or each ten seconds while somebody looks, but so seldom that it takes at most a hundredth of the time. Into
/// the ledger how subscriptions stand, each minute, whoever polls them or not.
class Surveyor {
public:
    /// `figures` may be called from any thread until the destructor returns; board and ledger outlive it.
    Surveyor(std::string database_url, StatusBoard&, PollingLedger&, std::function<Figures()> figures);
    ~Surveyor();
    Surveyor(const Surveyor&) = delete;
    Surveyor& operator=(const Surveyor&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
