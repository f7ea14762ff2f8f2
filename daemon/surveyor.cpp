#include "daemon/surveyor.hpp"

#include "daemon/clock.hpp"
#include "daemon/ending.hpp"
#include "daemon/log.hpp"
#include "daemon/store.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace gazetted {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto usual_pause = 60s;
constexpr auto reader_pause = 10s;
/// Before the next survey a hundred times as long as the last one took.
constexpr int idleness = 100;
constexpr auto pause_max = 1h;
/// Of a statement, and so of an end while the database hangs.
constexpr auto deadline = 5s;

}  // namespace

struct Surveyor::State {
    std::string database_url;
    StatusBoard& board;
    PollingLedger& polls;
    std::function<Figures()> figures;
    Ending ending;
    Clock::time_point surveyed{}, standing_asked{};
    Clock::duration took{};
    std::string told;
    std::thread thread;

    void run() {
        do {
            const auto now = Clock::now();
            if (now - standing_asked >= usual_pause - 1s) ask_standing(now);
            board.note(sample_of(figures(), now));
            if (now - surveyed >= pause(now)) survey(now);
        } while (!ending.comes_within(FigureHistory::interval));
    }

    Clock::duration pause(Clock::time_point now) const {
        // A tick that comes a little early is no reason to wait for another.
        const Clock::duration wanted = (board.is_read(now) ? reader_pause : usual_pause) - 1s;
        return std::clamp<Clock::duration>(idleness * took, wanted, std::max<Clock::duration>(wanted, pause_max));
    }

    // Costs little, and an alarm depends on it: not as seldom as a survey.
    void ask_standing(Clock::time_point now) {
        standing_asked = now;
        try {
            polls.note(Store(database_url, deadline).subscriptions_standing());
        } catch (const std::exception&) {
            // Those who need the database say that it is away.
        }
    }

    // A connection a minute costs less than one that is kept.
    void survey(Clock::time_point now) {
        bool is_connected = false;
        try {
            Store store(database_url, deadline);
            is_connected = true;
            Survey taken = take_survey(store, now_utc());
            board.note(std::move(taken));
            told.clear();
            rest(now);
        } catch (const StoreUnavailable& error) {
            // Those who need the database say that it is away; this one asks again with the next sample. A statement that met
            // its deadline has cost as much as a survey.
            board.note_failure(error.what());
            if (is_connected) rest(now);
        } catch (const std::exception& error) {
            board.note_failure(error.what());
            rest(now);
            // Said once: a role without the rights lasts.
            if (std::exchange(told, error.what()) != error.what())
                log(LogLevel::warning, "survey_failed", {{"reason", error.what()}});
        }
    }

    void rest(Clock::time_point begun) {
        surveyed = begun;
        took = Clock::now() - begun;
    }
};

Surveyor::Surveyor(std::string database_url, StatusBoard& board, PollingLedger& polls, std::function<Figures()> figures)
    : state_(new State{.database_url = std::move(database_url),
                       .board = board,
                       .polls = polls,
                       .figures = std::move(figures),
                       .ending = {},
                       .surveyed = Clock::now() - 2 * pause_max,
                       .standing_asked = Clock::now() - 2 * usual_pause,
                       .took = {},
                       .told = {},
                       .thread = {}}) {
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Surveyor::~Surveyor() {
    state_->ending.begin();
    state_->thread.join();
}

}  // namespace gazetted
