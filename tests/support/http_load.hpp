#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace gazetted {

/// What many readers ask for again and again, and the one answer that is right.
struct Asking {
    unsigned short port = 0;  ///< of 127.0.0.1
    std::string request;      ///< from the request line to the empty line
    int status = 200;
    std::size_t body_bytes = 0;  ///< of the right answer, without the framing of chunks
    std::size_t connections = 64;
    bool is_new_each = false;            ///< a new connection for each request, which must then say `Connection: close`
    std::chrono::microseconds pause{0};  ///< of a connection, between an answer and its next request
};

struct LoadResult {
    std::uint64_t answers = 0;  ///< right ones
    std::uint64_t wrong = 0;    ///< of another status or length, cut off, refused
    std::string first_wrong;    ///< what was the matter
    double seconds = 0;
    std::vector<float> times_us;  ///< from the request (or the connecting) to the end of its answer, one an answer

    /// `share` of the answers took no longer; 0 where there was none.
    double percentile_us(double share) const;
};

/// Asks over many connections from one thread and spends less on an answer than any server does: bodies are counted and
/// discarded unread. Connections stay open between runs.
class HttpLoad {
public:
    /// Connects; throws std::runtime_error where that fails.
    explicit HttpLoad(Asking asking);
    ~HttpLoad();
    HttpLoad(const HttpLoad&) = delete;
    HttpLoad& operator=(const HttpLoad&) = delete;

    LoadResult run(std::chrono::milliseconds time);

private:
    struct Connection;
    void open(Connection&);
    void ask(Connection&);
    void receive(Connection&);
    void finish(Connection&);
    void fail(Connection&, const std::string& what);
    void ask_those_due();
    int milliseconds_until_due() const;

    const Asking asking_;
    const int epoll_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::deque<Connection*> pausing_;  ///< in the order of their next request
    LoadResult result_;
};

}  // namespace gazetted
