#include "daemon/access_log.hpp"

#include "daemon/descriptor.hpp"
#include "daemon/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace gazetted {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds write_interval{100};
constexpr milliseconds poll_interval{200};
constexpr std::chrono::seconds patience_at_the_end{1};
constexpr std::chrono::seconds loss_told_every{60};
// What a pipe that can be written to takes at once.
constexpr std::size_t piece_bytes = 4'096;
constexpr std::size_t batch_bytes = std::size_t{1} << 16U;
constexpr int batches_max = 256;

// Non-blocking: a pipe without a reader is an error, not a wait.
Descriptor open_file(const std::string& path) {
    if (path == "-") return Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
    return Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640));
}

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

struct AccessLog::State {
    State(std::string path_, LogFormat format_) : path(std::move(path_)), format(format_), file(open_file(path)) {
        if (!file) throw std::system_error(errno, std::generic_category(), "access log " + path);
        thread = std::thread([this] { run(); });
    }

    const std::string path;
    const LogFormat format;
    Descriptor file;
    std::list<AccessQueue> queues;  // guarded by the mutex, though not what is in them
    std::atomic<std::uint64_t> written = 0, lost = 0;
    std::atomic<bool> must_reopen = false;

    std::mutex mutex;
    std::condition_variable ending;
    std::atomic<bool> is_ending = false;
    steady_clock::time_point give_up_at = steady_clock::time_point::max();

    // Of the thread.
    std::uint64_t lost_told = 0;
    steady_clock::time_point told_at{};
    std::string why_lost;
    bool is_torn = false;  // a line was written in part
    std::thread thread;

    void run() {
        for (bool ends = false; !ends;) {
            {
                std::unique_lock lock(mutex);
                ending.wait_for(lock, write_interval, [&] { return is_ending.load(); });
            }
            ends = is_ending;
            if (ends) give_up_at = steady_clock::now() + patience_at_the_end;
            if (must_reopen.exchange(false)) open_anew();
            write_all();
            tell_losses(ends);
        }
    }

    void open_anew() {
        auto anew = open_file(path);
        if (anew)
            file = std::move(anew);
        else
            log(LogLevel::error, "access_log_not_reopened", {{"path", path}, {"reason", reason_of(errno)}});
    }

    // So much at one go that the rest of the thread's work has its turn, however fast lines come.
    void write_all() {
        for (int batches = 0; batches < batches_max; ++batches) {
            std::string text;
            std::size_t lines = 0;
            {
                const std::lock_guard lock(mutex);
                for (auto& queue : queues) lines += queue.pop(text, batch_bytes, format);
            }
            if (lines == 0) return;
            write_batch(text, lines);
        }
    }

    void write_batch(const std::string& text, std::size_t lines) {
        std::string_view left = text;
        if (is_torn && write_piece("\n") == 1) is_torn = false;
        while (!left.empty() && !is_torn) {
            const auto bytes = write_piece(left.substr(0, piece_bytes));
            if (bytes == 0) break;
            left.remove_prefix(bytes);
        }
        const auto lines_left = static_cast<std::size_t>(std::count(left.begin(), left.end(), '\n'));
        is_torn = is_torn || (lines_left > 0 && left.size() < text.size() && *(left.data() - 1) != '\n');
        written.fetch_add(lines - lines_left, std::memory_order_relaxed);
        lost.fetch_add(lines_left, std::memory_order_relaxed);
    }

    /// How many bytes were written; 0: it failed, and `why_lost` says why.
    std::size_t write_piece(std::string_view piece) {
        for (;;) {
            pollfd watched{file.number(), POLLOUT, 0};
            const int ready = ::poll(&watched, 1, static_cast<int>(poll_interval.count()));
            if (ready > 0) {
                const auto bytes = ::write(file.number(), piece.data(), piece.size());
                if (bytes > 0) return static_cast<std::size_t>(bytes);
                if (errno != EAGAIN && errno != EINTR) {
                    why_lost = reason_of(errno);
                    return 0;
                }
            }
            if (is_ending && give_up_at == steady_clock::time_point::max())
                give_up_at = steady_clock::now() + patience_at_the_end;
            if (steady_clock::now() >= give_up_at) {
                why_lost = "nobody reads it";
                return 0;
            }
        }
    }

    // A full disk loses every line: said once a minute.
    void tell_losses(bool ends) {
        const auto all = lost.load(std::memory_order_relaxed);
        const auto now = steady_clock::now();
        if (all == lost_told || (!ends && lost_told > 0 && now - told_at < loss_told_every)) return;
        if (why_lost.empty()) why_lost = "lines come faster than they are written";
        log(LogLevel::warning, "access_lines_lost", {{"path", path}, {"lines", all - lost_told}, {"reason", why_lost}});
        why_lost.clear();
        lost_told = all;
        told_at = now;
    }
};

AccessLog::AccessLog(std::string path, LogFormat format) : state_(std::make_unique<State>(std::move(path), format)) {}

AccessLog::~AccessLog() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_ending = true;
        state_->ending.notify_all();
    }
    state_->thread.join();
}

AccessQueue& AccessLog::add_queue() {
    const std::lock_guard lock(state_->mutex);
    return state_->queues.emplace_back();
}

void AccessLog::lose() noexcept { state_->lost.fetch_add(1, std::memory_order_relaxed); }
void AccessLog::reopen() noexcept { state_->must_reopen = true; }
std::uint64_t AccessLog::written() const noexcept { return state_->written.load(std::memory_order_relaxed); }
std::uint64_t AccessLog::lost() const noexcept { return state_->lost.load(std::memory_order_relaxed); }

}  // namespace gazetted
