#include "tests/support/recording_upstream.hpp"

#include "tests/support/tls_client.hpp"

#include <brotli/encode.h>
#include <libdeflate.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <zstd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace gazetted {

namespace {

using Manner = UpstreamAnswer::Manner;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 304:
            return "Not Modified";
        case 404:
            return "Not Found";
        default:
            return "As Scripted";
    }
}

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// A connection's bytes, in clear text or over TLS. Gives up once `stop` is readable.
class Wire {
public:
    Wire(int socket, int stop) : socket_(socket), stop_(stop) {}
    ~Wire() {
        ssl_.reset();
        ::close(socket_);
    }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    bool begin_tls(SSL_CTX* context) {
        ssl_.reset(SSL_new(context));
        SSL_set_fd(ssl_.get(), socket_);
        return repeat([this] { return SSL_accept(ssl_.get()); }) == 1;
    }
    SSL* ssl() const { return ssl_.get(); }

    /// 0: the end.
    std::size_t read(char* into, std::size_t bytes) {
        for (;;) {
            const auto got = ssl_ ? repeat([&] { return SSL_read(ssl_.get(), into, static_cast<int>(bytes)); })
                                  : ::recv(socket_, into, bytes, 0);
            if (got > 0) return static_cast<std::size_t>(got);
            if (ssl_ || got == 0 || errno != EAGAIN || !wait_for(POLLIN)) return 0;
        }
    }

    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ssl_ ? repeat([&] { return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); })
                                   : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent > 0)
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            else if (ssl_ || errno != EAGAIN || !wait_for(POLLOUT))
                return false;
        }
        return true;
    }

    /// False: it is over, by the client or by us.
    bool pause(std::chrono::milliseconds time) const {
        std::array<pollfd, 2> watched{
            {{.fd = stop_, .events = POLLIN, .revents = 0}, {.fd = socket_, .events = POLLRDHUP, .revents = 0}}};
        return ::poll(watched.data(), watched.size(), static_cast<int>(time.count())) == 0;
    }

    void reset() {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

private:
    bool wait_for(short events) const {
        std::array<pollfd, 2> watched{
            {{.fd = stop_, .events = POLLIN, .revents = 0}, {.fd = socket_, .events = events, .revents = 0}}};
        while (::poll(watched.data(), watched.size(), -1) < 0) {
        }
        return watched[0].revents == 0;
    }

    template <class Step>
    int repeat(Step step) {
        for (;;) {
            ERR_clear_error();
            const int result = step();
            const int error = SSL_get_error(ssl_.get(), result);
            const bool wants_more = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
            if (result > 0 || !wants_more) return result;
            if (!wait_for(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return 0;
        }
    }

    const int socket_, stop_;
    std::unique_ptr<SSL, Freed<SSL_free>> ssl_;
};

/// The next request of a connection; false: none came. A body is read over.
bool read_request(Wire& wire, std::string& unused, UpstreamRequest& request) {
    std::size_t end;
    while ((end = unused.find("\r\n\r\n")) == std::string::npos) {
        std::array<char, 16'384> bytes;
        const auto got = wire.read(bytes.data(), bytes.size());
        if (got == 0) return false;
        unused.append(bytes.data(), got);
        if (unused.front() == '\x16') {  // a TLS handshake, to which most servers answer so
            wire.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            return false;
        }
    }
    std::string_view head = std::string_view(unused).substr(0, end + 2);
    const auto take_line = [&head] {
        const auto line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        return line;
    };
    const auto first = take_line();
    const auto blank = first.find(' '), last_blank = first.rfind(' ');
    request.method = first.substr(0, blank);
    request.target = first.substr(blank + 1, last_blank - blank - 1);
    request.version = first.substr(last_blank + 1);
    while (!head.empty()) {
        const auto line = take_line();
        const auto colon = std::min(line.find(':'), line.size() - 1);
        const auto value = line.substr(colon + 1);
        request.fields.emplace_back(line.substr(0, colon), value.substr(value.starts_with(' ') ? 1 : 0));
    }
    unused.erase(0, end + 4);
    return true;
}

std::string head_of(const UpstreamAnswer& answer, std::string_view more) {
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " " + std::string(reason_phrase(answer.status)) + "\r\n";
    for (const auto& [name, value] : answer.fields) head += name + ": " + value + "\r\n";
    return head.append(more);
}

bool drip(Wire& wire, std::string_view bytes, std::chrono::milliseconds pause) {
    for (const char byte : bytes)
        if (!wire.write({&byte, 1}) || !wire.pause(pause)) return false;
    return true;
}

bool repeat_for_ever(Wire& wire, std::string_view bytes) {
    std::string block;
    while (block.size() < 65'536) block += bytes.empty() ? "." : bytes;
    while (wire.write(block)) {
    }
    return false;
}

std::string chunk_of(std::string_view bytes) {
    std::array<char, 32> length{};
    std::snprintf(length.data(), length.size(), "%zx\r\n", bytes.size());
    return length.data() + std::string(bytes) + "\r\n";
}

/// False: the connection is over.
bool send_answer(Wire& wire, const UpstreamAnswer& answer) {
    const bool has_length = std::any_of(answer.fields.begin(), answer.fields.end(),
                                        [](const auto& field) { return same_name(field.first, "Content-Length"); });
    const bool is_bodiless = answer.status == 304 || answer.status == 204;
    const std::string length =
        has_length || is_bodiless ? "" : "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    const std::string body = is_bodiless ? "" : answer.body;
    switch (answer.manner) {
        case Manner::whole:
            return wire.write(head_of(answer, length + "\r\n") + body);
        case Manner::chunked:
            return wire.write(head_of(answer, "Transfer-Encoding: chunked\r\n\r\n") + (body.empty() ? "" : chunk_of(body)) +
                              "0\r\n\r\n");
        case Manner::until_close:
            wire.write(head_of(answer, "Connection: close\r\n\r\n") + body);
            return false;
        case Manner::drip:
            return wire.write(head_of(answer, length + "\r\n")) && drip(wire, body, answer.pause);
        case Manner::drip_head:
            return drip(wire, head_of(answer, length + "\r\n"), answer.pause) && wire.write(body);
        case Manner::endless_body:
            return wire.write(head_of(answer, "\r\n")) && repeat_for_ever(wire, body);
        case Manner::endless_head:
            return wire.write(head_of(answer, "")) && repeat_for_ever(wire, "X-More: and more\r\n");
        case Manner::endless_line:
            return wire.write(head_of(answer, "X-Long: ")) && repeat_for_ever(wire, "and more ");
        case Manner::endless_interim:
            return repeat_for_ever(wire, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n");
        case Manner::close_halfway:
            wire.write(head_of(answer, length + "\r\n") + body.substr(0, body.size() / 2));
            return false;
        case Manner::close_unanswered:
            return false;
        case Manner::reset_halfway:
            wire.write(head_of(answer, length + "\r\n") + body.substr(0, body.size() / 2));
            wire.reset();
            return false;
        case Manner::silence:
            while (wire.pause(std::chrono::hours(1))) {
            }
            return false;
        case Manner::bad_chunk:
            wire.write(head_of(answer, "Transfer-Encoding: chunked\r\n\r\n") + chunk_of("begun") + "no length\r\n" + body);
            return false;
        case Manner::not_http:
            wire.write(body);
            return false;
    }
    return false;
}

}  // namespace

std::string UpstreamRequest::field(std::string_view name) const {
    for (const auto& [its_name, value] : fields)
        if (same_name(its_name, name)) return value;
    return {};
}

bool UpstreamRequest::has(std::string_view name) const {
    return std::any_of(fields.begin(), fields.end(), [&](const auto& one) { return same_name(one.first, name); });
}

std::string UpstreamRequest::host() const {
    const auto value = field("Host");
    return value.substr(0, value.rfind(':'));
}

std::string encoded(std::string_view coding, std::string_view bytes) {
    std::string out;
    if (coding == "gzip") {
        const std::unique_ptr<libdeflate_compressor, Freed<libdeflate_free_compressor>> compressor(
            libdeflate_alloc_compressor(6));
        out.resize(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()));
        out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(), out.size()));
    } else if (coding == "br") {
        std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
        out.resize(size);
        BrotliEncoderCompress(3, 22, BROTLI_MODE_GENERIC, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                              &size, reinterpret_cast<std::uint8_t*>(out.data()));
        out.resize(size);
    } else if (coding == "zstd") {
        out.resize(ZSTD_compressBound(bytes.size()));
        out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
    } else {
        throw std::invalid_argument("no coding of ours: " + std::string(coding));
    }
    return out;
}

struct RecordingUpstream::State {
    explicit State(Speech speech_) : speech(speech_) {}

    void listen(const std::string& address);
    void prepare_tls();
    void accept_all();
    void converse(int socket, std::size_t connection);
    bool answer_one(Wire&, UpstreamRequest&&);
    UpstreamAnswer choose(const UpstreamRequest&);
    static int note_protocols(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes, const unsigned char* offered,
                              unsigned bytes, void* self);

    const Speech speech;
    int listener = -1, stop = -1;
    unsigned short port = 0;
    std::filesystem::path folder;
    std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> tls;

    std::mutex mutex;  // of what follows
    struct Script {
        std::vector<UpstreamAnswer> answers;
        std::size_t given = 0;
    };
    std::map<std::pair<std::string, std::string>, Script> scripts;
    Answerer answerer;
    std::vector<UpstreamRequest> requests;
    std::size_t connections = 0, connections_now = 0, connections_at_once = 0;
    std::string protocols;
    std::mutex answering;
    std::condition_variable ended;  // a connection
    std::thread accepting;
};

void RecordingUpstream::State::listen(const std::string& host) {
    stop = ::eventfd(0, EFD_CLOEXEC);
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    ::inet_pton(AF_INET, host.c_str(), &name.sin_addr);
    socklen_t bytes = sizeof name;
    auto* address = reinterpret_cast<sockaddr*>(&name);
    if (::bind(listener, address, bytes) != 0 || ::listen(listener, 1024) != 0 || ::getsockname(listener, address, &bytes) != 0)
        throw std::runtime_error("the upstream cannot listen");
    port = ntohs(name.sin_port);
}

int RecordingUpstream::State::note_protocols(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes,
                                             const unsigned char* offered, unsigned bytes, void* self) {
    auto& state = *static_cast<State*>(self);
    std::string names;
    *chosen_bytes = 0;
    for (unsigned at = 0; at < bytes; at += offered[at] + 1U) {
        const std::string name(reinterpret_cast<const char*>(offered + at + 1), offered[at]);
        names += (names.empty() ? "" : ",") + name;
        if (name != "http/1.1") continue;
        *chosen = offered + at + 1;
        *chosen_bytes = offered[at];
    }
    const std::lock_guard lock(state.mutex);
    state.protocols = std::move(names);
    return *chosen_bytes > 0 ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void RecordingUpstream::State::prepare_tls() {
    std::string pattern = std::filesystem::temp_directory_path() / "gazetted-upstream-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("the upstream has no folder");
    folder = pattern;
    const CertificateFiles files{folder / "certificate.pem", folder / "key.pem"};
    make_certificate(files);
    tls.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate_chain_file(tls.get(), files.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(tls.get(), files.key.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_set_alpn_select_cb(tls.get(), note_protocols, this);
    if (speech != Speech::tls_1_1) return;
    SSL_CTX_set_security_level(tls.get(), 0);
    SSL_CTX_set_max_proto_version(tls.get(), TLS1_1_VERSION);
}

void RecordingUpstream::State::accept_all() {
    for (;;) {
        std::array<pollfd, 2> watched{
            {{.fd = stop, .events = POLLIN, .revents = 0}, {.fd = listener, .events = POLLIN, .revents = 0}}};
        ::poll(watched.data(), watched.size(), -1);
        if (watched[0].revents != 0) break;
        const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0) continue;
        const int at_once = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        const std::lock_guard lock(mutex);
        std::thread([this, socket, connection = ++connections] { converse(socket, connection); }).detach();
        connections_at_once = std::max(connections_at_once, ++connections_now);
    }
    std::unique_lock lock(mutex);
    ended.wait(lock, [this] { return connections_now == 0; });
}

void RecordingUpstream::State::converse(int socket, std::size_t connection) {
    {
        Wire wire(socket, stop);
        std::string unused;
        bool goes_on = !tls || wire.begin_tls(tls.get());
        while (speech == Speech::hang && wire.pause(std::chrono::hours(1))) {
        }
        goes_on = goes_on && speech != Speech::hang;
        while (goes_on) {
            UpstreamRequest request;
            request.connection = connection;
            goes_on = read_request(wire, unused, request) && answer_one(wire, std::move(request));
        }
    }
    const std::lock_guard lock(mutex);
    --connections_now;
    ended.notify_all();
}

bool RecordingUpstream::State::answer_one(Wire& wire, UpstreamRequest&& request) {
    {
        const std::lock_guard lock(mutex);
        request.number = requests.size() + 1;
        requests.push_back(request);
    }
    return send_answer(wire, choose(request));
}

UpstreamAnswer RecordingUpstream::State::choose(const UpstreamRequest& request) {
    Answerer asked;
    {
        const std::lock_guard lock(mutex);
        if (const auto found = scripts.find({request.host(), request.target}); found != scripts.end()) {
            auto& script = found->second;
            return script.answers[std::min(script.given++, script.answers.size() - 1)];
        }
        asked = answerer;
    }
    const std::lock_guard lock(answering);
    return asked ? asked(request) : UpstreamAnswer{.status = 404, .body = "there is nothing here"};
}

RecordingUpstream::RecordingUpstream(Speech speech, const std::string& address) : state_(std::make_unique<State>(speech)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    if (speech == Speech::tls || speech == Speech::tls_1_1) state_->prepare_tls();
    state_->listen(address);
    state_->accepting = std::thread([state = state_.get()] { state->accept_all(); });
}

RecordingUpstream::~RecordingUpstream() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(state_->stop, &one, sizeof one);
    state_->accepting.join();
    ::close(state_->listener);
    ::close(state_->stop);
    std::error_code ignored;
    if (!state_->folder.empty()) std::filesystem::remove_all(state_->folder, ignored);
}

unsigned short RecordingUpstream::port() const { return state_->port; }

std::string RecordingUpstream::url(std::string_view target, std::string_view host) const {
    const std::string scheme = state_->tls ? "https://" : "http://";
    return scheme + std::string(host) + ":" + std::to_string(state_->port) + std::string(target);
}

std::string RecordingUpstream::ca_file() const { return state_->folder / "certificate.pem"; }

void RecordingUpstream::answer(const std::string& host, const std::string& target, std::vector<UpstreamAnswer> in_turn) {
    if (in_turn.empty()) throw std::invalid_argument("a script without answers");
    const std::lock_guard lock(state_->mutex);
    state_->scripts[{host, target}] = {.answers = std::move(in_turn), .given = 0};
}

void RecordingUpstream::answer_all(Answerer answerer) {
    const std::lock_guard lock(state_->mutex);
    state_->answerer = std::move(answerer);
}

std::vector<UpstreamRequest> RecordingUpstream::requests() const {
    const std::lock_guard lock(state_->mutex);
    return state_->requests;
}

std::size_t RecordingUpstream::request_count() const {
    const std::lock_guard lock(state_->mutex);
    return state_->requests.size();
}

std::size_t RecordingUpstream::connections() const {
    const std::lock_guard lock(state_->mutex);
    return state_->connections;
}

std::size_t RecordingUpstream::connections_at_once() const {
    const std::lock_guard lock(state_->mutex);
    return state_->connections_at_once;
}

std::string RecordingUpstream::protocols_offered() const {
    const std::lock_guard lock(state_->mutex);
    return state_->protocols;
}

}  // namespace gazetted
