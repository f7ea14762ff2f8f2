#include "daemon/listen.hpp"

#include "daemon/store_session.hpp"
#include "daemon/survey.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <charconv>
#include <random>
#include <thread>

namespace gazetted {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// Ids separated by blanks, as raise_revisions() of sql/migrations sends them. Anyone may NOTIFY: what is no number is skipped.
void append_ids(std::vector<std::int64_t>& ids, std::string_view payload) {
    while (!payload.empty()) {
        const std::string_view word = payload.substr(0, payload.find(' '));
        std::int64_t id = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
        if (error == std::errc() && end == word.data() + word.size()) ids.push_back(id);
        payload.remove_prefix(std::min(payload.size(), word.size() + 1));
    }
}

class Receiver : public pqxx::notification_receiver {
public:
    Receiver(pqxx::connection& connection, std::vector<std::int64_t>& ids)
        : pqxx::notification_receiver(connection, "gazetted"), ids_(ids) {}
    void operator()(const std::string& payload, int) override { append_ids(ids_, payload); }

private:
    std::vector<std::int64_t>& ids_;
};

}  // namespace

struct Listener::State {
    std::string database_url;
    Events events;
    Times times;
    int wake = eventfd(0, EFD_CLOEXEC);
    std::atomic<bool> stopping = false;
    std::thread thread;

    void run() {
        milliseconds back_off = times.back_off_min;
        bool was_told = false;
        std::minstd_rand random(std::random_device{}());
        while (!stopping) {
            try {
                listen([&] {
                    back_off = times.back_off_min;
                    was_told = false;
                });
            } catch (const std::runtime_error& error) {
                if (!was_told && !stopping) events.on_lost(error.what());
                was_told = true;
                std::uniform_int_distribution<milliseconds::rep> jitter(back_off.count() / 2, back_off.count());
                wait(-1, milliseconds(jitter(random)));
                back_off = std::min(back_off * 2, times.back_off_max);
            }
        }
    }

    /// Returns when stopping, throws when the connection is lost.
    void listen(const std::function<void()>& connected) {
        const auto connection = connect(database_url, times.deadline);
        introduce(*connection);
        std::vector<std::int64_t> changed;
        const auto receiver =
            attempt(*connection, times.deadline, [&] { return std::make_unique<Receiver>(*connection, changed); });
        auto compare_at = steady_clock::now();
        auto ask_at = compare_at;
        while (!stopping) {
            if (steady_clock::now() >= compare_at) {
                events.on_connected(revisions(*connection));
                connected();
                compare_at = steady_clock::now() + times.compare_every;
                ask_at = steady_clock::now() + times.ask_every;
            } else if (steady_clock::now() >= ask_at) {
                attempt(*connection, times.deadline, [&] { pqxx::nontransaction(*connection).exec("SELECT"); });
                ask_at = steady_clock::now() + times.ask_every;
            }
            attempt(*connection, times.deadline, [&] { connection->get_notifs(); });
            if (!changed.empty()) {
                events.on_changed(changed);
                changed.clear();
            }
            wait(connection->sock(), std::chrono::ceil<milliseconds>(std::min(compare_at, ask_at) - steady_clock::now()));
        }
    }

    /// By the node's name: sql/queries/survey_nodes.sql counts those that listen.
    void introduce(pqxx::connection& connection) const {
        attempt(connection, times.deadline, [&] {
            pqxx::nontransaction transaction(connection);
            return transaction.exec("SET application_name = " + transaction.quote(node_name())).size();
        });
    }

    std::map<std::int64_t, std::int64_t> revisions(pqxx::connection& connection) const {
        return attempt(connection, times.deadline, [&] {
            std::map<std::int64_t, std::int64_t> found;
            pqxx::nontransaction transaction(connection);
            for (const pqxx::row& row : transaction.exec(statement_text("revisions"))) {
                found.emplace(row[0].as<std::int64_t>(), row[1].as<std::int64_t>());
            }
            return found;
        });
    }

    /// Until the socket has something, the time is over or stop.
    void wait(int socket, milliseconds duration) const {
        pollfd watched[] = {{wake, POLLIN, 0}, {socket, POLLIN, 0}};
        poll(watched, 2, static_cast<int>(std::max<milliseconds::rep>(0, duration.count())));
    }
};

Listener::Listener(std::string database_url, Events events) : Listener(std::move(database_url), std::move(events), Times{}) {}

Listener::Listener(std::string database_url, Events events, const Times& times) : state_(std::make_unique<State>()) {
    state_->database_url = std::move(database_url);
    state_->events = std::move(events);
    state_->times = times;
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Listener::~Listener() {
    state_->stopping = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(state_->wake, &one, sizeof one);
    state_->thread.join();
    close(state_->wake);
}

}  // namespace gazetted
