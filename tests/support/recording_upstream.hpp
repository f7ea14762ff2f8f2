#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gazetted {

/// A request as it came.
struct UpstreamRequest {
    std::string method, target, version;
    std::vector<std::pair<std::string, std::string>> fields;  ///< in their order, values byte for byte
    std::size_t number = 0;                                   ///< from 1, over all connections
    std::size_t connection = 0;                               ///< from 1

    /// The first field of that name, whatever its case; empty: none or empty.
    std::string field(std::string_view name) const;
    bool has(std::string_view name) const;
    /// Host without its port.
    std::string host() const;
};

/// What goes back, and how badly.
struct UpstreamAnswer {
    enum class Manner {
        whole,  ///< with Content-Length, unless `fields` say one, and the connection kept
        chunked,
        until_close,      ///< neither length nor chunks
        drip,             ///< the body a byte each `pause`
        drip_head,        ///< the head a byte each `pause`
        endless_body,     ///< `body` again and again
        endless_head,     ///< fields without end
        endless_line,     ///< one field without end
        endless_interim,  ///< 103 without end
        close_halfway,    ///< half of the body, then the end
        close_unanswered,
        reset_halfway,  ///< as close_halfway, with a reset
        silence,        ///< nothing, for as long as the client likes
        bad_chunk,      ///< a chunk whose length is none
        not_http,       ///< `body` and nothing else
    };
    int status = 200;
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::string body = {};
    Manner manner = Manner::whole;
    std::chrono::milliseconds pause{20};
};

/// `bytes` in gzip, br or zstd.
std::string encoded(std::string_view coding, std::string_view bytes);

/// An HTTP/1.1 server on loopback that writes down what it is asked. It shares no line with the daemon. Any host that resolves
/// to its address reaches it, so `anything.localhost` is a virtual host of it. Thread-safe.
class RecordingUpstream {
public:
    using Answerer = std::function<UpstreamAnswer(const UpstreamRequest&)>;
    enum class Speech {
        plain,
        tls,      ///< with a certificate of `localhost` that nobody vouches for but ca_file()
        tls_1_1,  ///< speaks nothing newer
        hang,     ///< accepts connections and never says a word
    };

    /// At `address`, on a port that is free.
    explicit RecordingUpstream(Speech = Speech::plain, const std::string& address = "127.0.0.1");
    ~RecordingUpstream();
    RecordingUpstream(const RecordingUpstream&) = delete;
    RecordingUpstream& operator=(const RecordingUpstream&) = delete;

    unsigned short port() const;
    /// http://`host`:port`target`, or https.
    std::string url(std::string_view target = "/feed", std::string_view host = "localhost") const;
    std::string ca_file() const;  ///< PEM, for Speech::tls

    /// What `target` of `host` answers: each in its turn, the last for ever. Anything else answers 404.
    void answer(const std::string& host, const std::string& target, std::vector<UpstreamAnswer> in_turn);
    void answer(const std::string& target, UpstreamAnswer answer) { this->answer("localhost", target, {std::move(answer)}); }
    /// Asked where no answer() fits; called on threads of the upstream, one at a time.
    void answer_all(Answerer);

    std::vector<UpstreamRequest> requests() const;
    std::size_t request_count() const;
    std::size_t connections() const;          ///< accepted so far
    std::size_t connections_at_once() const;  ///< the most at one time
    std::string protocols_offered() const;    ///< by ALPN in the last handshake, with commas between

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
