#pragma once

#include "daemon/fetcher.hpp"

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Of the fetcher's own sources only: libcurl's types stop here.

namespace gazetted {

template <auto Free>
struct CurlFree {
    template <class T>
    void operator()(T* handle) const {
        Free(handle);
    }
};
using CurlEasy = std::unique_ptr<CURL, CurlFree<curl_easy_cleanup>>;
using CurlMulti = std::unique_ptr<CURLM, CurlFree<curl_multi_cleanup>>;
using CurlList = std::unique_ptr<curl_slist, CurlFree<curl_slist_free_all>>;

using FetchTime = std::chrono::steady_clock::time_point;

/// One fetch from its first hop to its result. For the fetcher's thread alone.
class Transfer {
public:
    /// Whether another transfer waits for that host.
    using IsWaitedFor = std::function<bool(const std::string& host)>;

    /// `number` is its own for the fetcher's life; the configuration outlives it.
    Transfer(std::uint64_t number, FetchRequest, Fetcher::Done, const FetcherConfig&, IsWaitedFor);
    std::uint64_t number() const noexcept { return number_; }

    /// False: the request cannot be sent, and the outcome is set.
    bool is_fit();
    /// Where the present hop goes.
    const WebAddress& at() const noexcept { return at_; }

    /// The hop has its turn: its time runs.
    void begin_hop(FetchTime now);
    /// The outcome is set where it may not.
    bool may_use_port();
    /// The outcome is set where even one of the addresses is closed: a name that points into this house is no upstream's.
    bool may_connect_to(const std::vector<IpAddress>& addresses);
    /// A handle that is ready to run. `addresses` are used instead of a look-up; none: libcurl has no name to look up.
    CURL* prepare(const std::vector<IpAddress>& addresses);
    CURL* handle() const noexcept { return easy_.get(); }

    /// The first moment at which is_expired() may be true.
    FetchTime next_deadline() const noexcept;
    /// The outcome is set where a time limit is over.
    bool is_expired(FetchTime now);

    enum class Next { result, another_hop };
    /// What follows from how the hop ended.
    Next end_hop(CURLcode, FetchTime now);
    void fail_to_find(const std::string& why);
    /// The first outcome that is set stays.
    void fail(FetchOutcome, std::string reason);
    /// Hands the result over.
    void finish(FetchTime now);

private:
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr*);
    static int before_request(void* self, char* peer, char* local, int peer_port, int local_port);
    static std::size_t take_head_line(char* bytes, std::size_t size, std::size_t count, void* self);
    static std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* self);
    static int note_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t);

    template <class Value>
    void set(CURLoption option, Value value);
    void set_address(const std::vector<IpAddress>& addresses);
    void set_fields();
    void set_callbacks();

    bool has_failed() const noexcept { return result_.outcome != FetchOutcome::answered; }
    bool is_redirect() const noexcept;
    bool note_head_line(std::string_view line);
    bool note_body(std::string_view bytes);
    bool follow();
    void pause_clock(FetchTime now);
    std::uint64_t hop_bytes() const;
    void fail_as(CURLcode);
    void fail_as_too_large();

    const std::uint64_t number_;
    const FetcherConfig& config_;
    const IsWaitedFor is_waited_for_;
    FetchRequest request_;
    Fetcher::Done done_;
    FetchResult result_;
    WebAddress origin_, at_;

    CurlEasy easy_;
    CurlList fields_, resolved_;
    std::array<char, CURL_ERROR_SIZE> detail_{};

    // Of the present hop.
    FetchTime hop_began_{}, window_began_{};
    bool is_running_ = false;
    bool is_connected_ = false;
    std::uint64_t window_bytes_ = 0;
    std::size_t head_bytes_ = 0, redirect_body_bytes_ = 0;
    bool is_head_complete_ = false;
};

}  // namespace gazetted
