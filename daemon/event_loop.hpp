#pragma once

#include "daemon/publisher.hpp"
#include "daemon/respond.hpp"
#include "daemon/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

// Of the server's own sources only: Asio's types stop here.

namespace gazetted {

// The concrete executor instead of any_io_executor: a third of the cost of a request.
using Executor = boost::asio::io_context::executor_type;
template <class T>
using Task = boost::asio::awaitable<T, Executor>;
inline constexpr boost::asio::use_awaitable_t<Executor> use_task{};
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
using Timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
using SteadyTime = std::chrono::steady_clock::time_point;

class Conversation;
class EventLoop;

/// Which addresses a listener serves.
enum class Door { public_site, status };

/// What all loops share.
struct Service {
    Service(ServerConfig config_, const std::string& cache_control, Publisher& publisher_,
            std::function<StatusReport()> status_)
        : config(std::move(config_)),
          cache_control_line("Cache-Control: " + cache_control + "\r\n"),
          publisher(publisher_),
          status(std::move(status_)) {}
    const ServerConfig config;
    const std::string cache_control_line;
    Publisher& publisher;
    const std::function<StatusReport()> status;
    std::atomic<std::size_t> connections = 0;
    std::atomic<bool> draining = false;
    std::vector<std::unique_ptr<EventLoop>> loops;  ///< fixed before run(); destroyed first

    /// What /metrics answers, in Prometheus' text format.
    std::string metrics() const;
};

/// The way back onto a loop for other threads, who may come after it has ended.
class Mailbox {
public:
    explicit Mailbox(boost::asio::io_context& context) : context_(&context) {}
    /// Runs `letter` on the loop's thread, or never.
    void post(std::function<void()> letter);
    void close();

private:
    std::mutex mutex_;
    boost::asio::io_context* context_;
};

/// Bytes received and not yet used. Borrowed by a conversation while it has any, so that idle connections own none.
struct ReadBuffer {
    std::array<char, 16'640> bytes;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// One thread's share of the connections. Everything but begin_drain(), drop_oldest_idle_soon(), answered() and the mailbox is
/// for its own thread.
class EventLoop {
public:
    explicit EventLoop(Service& service) : service_(service), tick_timer_(context_) {}
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    void add_acceptor(Acceptor acceptor, Door door) { acceptors_.push_back({std::move(acceptor), door}); }
    Acceptor make_acceptor() { return Acceptor(context_); }
    unsigned short port(std::size_t acceptor) const { return acceptors_.at(acceptor).acceptor.local_endpoint().port(); }
    /// Until drained.
    void run();
    void begin_drain();
    void drop_oldest_idle_soon();

    Service& service() noexcept { return service_; }
    boost::asio::io_context& context() noexcept { return context_; }
    const std::shared_ptr<Mailbox>& mailbox() const noexcept { return mailbox_; }
    /// As of the last tick: time-outs are counted in seconds, so no request asks the clock for them.
    SteadyTime coarse_now() const noexcept { return coarse_now_; }
    /// From any thread: its last tick is not long ago, so no conversation holds it up.
    bool is_alive() const noexcept { return std::chrono::steady_clock::now() - last_tick_.load() < hung_after; }
    /// `Server` and `Date` lines, made once a second.
    std::string_view dated_lines();
    void count(unsigned status) noexcept { answers_[status].fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t answered(unsigned status) const noexcept { return answers_[status].load(std::memory_order_relaxed); }
    static constexpr unsigned statuses = 600;

    std::unique_ptr<ReadBuffer> borrow_buffer();
    void give_back(std::unique_ptr<ReadBuffer>);

    /// Conversations that wait for a request, the longest waiting first; and those in one.
    std::list<Conversation*> idle, busy;
    void ended();  ///< a conversation is over

private:
    struct Listener {
        Acceptor acceptor;
        Door door;
    };
    Task<void> accept(Listener& listener);
    Task<void> tick();
    void admit(Socket socket, Door door);
    bool drop_oldest_idle();
    void expire(std::list<Conversation*>&);

    Service& service_;
    static constexpr std::chrono::seconds hung_after{10};
    SteadyTime coarse_now_ = std::chrono::steady_clock::now();
    std::atomic<SteadyTime> last_tick_ = coarse_now_;
    SteadyTime drain_deadline_ = SteadyTime::max();
    std::chrono::sys_seconds dated_second_{};
    std::string dated_lines_;
    std::array<std::atomic<std::uint64_t>, statuses> answers_{};
    std::vector<std::unique_ptr<ReadBuffer>> spare_buffers_;
    bool is_ending_ = false;
    // Destroyed before all above: what still hangs in it refers to them.
    boost::asio::io_context context_{1};
    const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>(context_);
    Timer tick_timer_;
    std::vector<Listener> acceptors_;
};

}  // namespace gazetted
