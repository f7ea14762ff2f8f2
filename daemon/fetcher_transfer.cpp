#include "daemon/fetcher_transfer.hpp"

#include "feeds/ascii.hpp"
#include "feeds/url.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <optional>

namespace gazetted {
namespace {

// Of those that a name has; all of them are checked.
constexpr std::size_t addresses_tried_max = 8;

bool is_token(std::string_view name) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
    });
}

bool is_secret(std::string_view name) {
    return equal_ignoring_case(name, "Authorization") || equal_ignoring_case(name, "Cookie");
}

std::string bracketed(const IpAddress& address) {
    return address.is_v4() ? to_string(address) : "[" + to_string(address) + "]";
}

void append(CurlList& list, const std::string& line) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
}

/// What an end that libcurl reports means here, and what an operator may do about it.
struct Ending {
    FetchOutcome outcome;
    std::string_view what, advice;
};

Ending ending_of(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {FetchOutcome::name_not_found, "its name was not found", "see whether the address is still right"};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {FetchOutcome::cannot_connect, "the proxy's name was not found", "see the configuration of the proxy"};
        case CURLE_COULDNT_CONNECT:
        case CURLE_INTERFACE_FAILED:
            return {FetchOutcome::cannot_connect, "cannot connect", "see whether the address is right and the host is up"};
        case CURLE_OPERATION_TIMEDOUT:
            return {FetchOutcome::timed_out, "it took too long", "it is asked again later"};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return {FetchOutcome::tls_failed, "its certificate is not to be trusted", "its owner must renew or correct it"};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CIPHER:
            return {FetchOutcome::tls_failed, "no TLS 1.2 or newer could be spoken", "see whether it wants http:// instead"};
        case CURLE_SSL_CACERT_BADFILE:
            return {FetchOutcome::tls_failed, "our file of certificates cannot be read", "see the configuration"};
        case CURLE_BAD_CONTENT_ENCODING:
            return {FetchOutcome::undecodable, "the body is not compressed as it says", "its owner must correct it"};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
            return {FetchOutcome::not_http, "the answer is no HTTP", "see whether address and port are right"};
        case CURLE_OUT_OF_MEMORY:  // so libcurl says of a line beyond its own limit
            return {FetchOutcome::too_large, "a line of the head is too long", "its owner must correct it"};
        default:
            return {FetchOutcome::broken_off, "the answer broke off", "it is asked again later"};
    }
}

}  // namespace

Transfer::Transfer(std::uint64_t number, FetchRequest request, Fetcher::Done done, const FetcherConfig& config,
                   IsWaitedFor is_waited_for)
    : number_(number),
      config_(config),
      is_waited_for_(std::move(is_waited_for)),
      request_(std::move(request)),
      done_(std::move(done)) {}

bool Transfer::is_fit() {
    auto parsed = parse_web_address(request_.url);
    if (!parsed) {
        fail(FetchOutcome::refused_url, "the address cannot be fetched: " + parsed.error().message + "; correct it");
        return false;
    }
    at_ = origin_ = std::move(*parsed);
    result_.effective_url = at_.url;
    for (const auto& [name, value] : request_.fields) {
        if (is_token(name) && value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos) continue;
        fail(FetchOutcome::refused_url, "a field of the request cannot be sent: its name or value holds what HTTP forbids");
        return false;
    }
    return true;
}

void Transfer::begin_hop(FetchTime now) {
    hop_began_ = window_began_ = now;
    window_bytes_ = 0;
    head_bytes_ = redirect_body_bytes_ = 0;
    is_running_ = true;
    is_connected_ = is_head_complete_ = false;
    result_.status = 0;
    result_.fields.clear();
}

void Transfer::pause_clock(FetchTime now) {
    if (std::exchange(is_running_, false))
        result_.took += std::chrono::duration_cast<std::chrono::milliseconds>(now - hop_began_);
}

// ---- What is asked, and of whom

bool Transfer::may_use_port() {
    const auto why = why_not_port(at_.port, config_.outgoing);
    if (!why.empty())
        fail(FetchOutcome::refused_address,
             at_.host + " is not fetched from: " + why + "; have the feed served on port 80, 443 or a higher one from 1024 on");
    return why.empty();
}

bool Transfer::may_connect_to(const std::vector<IpAddress>& addresses) {
    for (const auto& address : addresses) {
        const auto why = why_not_connect(address, at_.port, request_.reach, config_.outgoing);
        if (why.empty()) continue;
        fail(FetchOutcome::refused_address, at_.host + " is not fetched from: " + why +
                                                "; where this is meant, allow it for this source or in the configuration");
        return false;
    }
    return true;
}

template <class Value>
void Transfer::set(CURLoption option, Value value) {
    // Only a lack of memory or an option that this libcurl lacks can be the reason, and the latter is a bug.
    if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK) throw std::bad_alloc();
}

CURL* Transfer::prepare(const std::vector<IpAddress>& addresses) {
    easy_.reset(curl_easy_init());
    if (!easy_) throw std::bad_alloc();
    detail_.front() = '\0';
    set(CURLOPT_ERRORBUFFER, detail_.data());
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a proxy's name is libcurl's to look up, and it would wait for that even at the end
    set(CURLOPT_URL, at_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PATH_AS_IS, 1L);  // parse_web_address() has made it canonical
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_ACCEPT_ENCODING, "");           // all that this libcurl decodes
    set(CURLOPT_PROXY, config_.proxy.c_str());  // empty: not even the environment's
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!config_.ca_file.empty()) set(CURLOPT_CAINFO, config_.ca_file.c_str());
    set_address(addresses);
    set_fields();
    set_callbacks();
    return easy_.get();
}

void Transfer::set_address(const std::vector<IpAddress>& addresses) {
    resolved_.reset();
    if (addresses.empty()) return;
    // The plus sign lets libcurl forget it, soon, since it looks through all that it has not forgotten each time.
    std::string entry = "+" + at_.host + ":" + std::to_string(at_.port);
    for (std::size_t i = 0; i < std::min(addresses.size(), addresses_tried_max); ++i)
        entry += (i == 0 ? ":" : ",") + bracketed(addresses[i]);
    append(resolved_, entry);
    set(CURLOPT_RESOLVE, resolved_.get());
    set(CURLOPT_DNS_CACHE_TIMEOUT, 1L);
}

void Transfer::set_fields() {
    fields_.reset();
    bool names_type = false;
    const bool at_home = at_.same_origin(origin_);
    bool has_authorization = false;
    for (const auto& [name, value] : request_.fields) {
        names_type |= equal_ignoring_case(name, "Accept");
        has_authorization |= equal_ignoring_case(name, "Authorization");
        if (is_secret(name) && !at_home) continue;
        append(fields_, value.empty() ? name + ";" : name + ": " + value);
    }
    if (!names_type) append(fields_, "Accept:");  // none, where libcurl would send one
    set(CURLOPT_HTTPHEADER, fields_.get());
    if (origin_.credentials.empty() || has_authorization || !at_home) return;
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERPWD, origin_.credentials.c_str());
}

void Transfer::set_callbacks() {
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_PREREQFUNCTION, &Transfer::before_request);
    set(CURLOPT_PREREQDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::take_head_line);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::note_progress);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
}

// The address that is connected to is the one that is checked, whoever found it.
curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* name) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.config_.proxy.empty()) {
        const auto address = ip_address_of(name->addr);
        if (!address || !transfer.may_connect_to({*address})) return CURL_SOCKET_BAD;
    }
    return ::socket(name->family, name->socktype | SOCK_CLOEXEC, name->protocol);
}

// Also before a connection is used again, which another source may have been allowed to make.
int Transfer::before_request(void* self, char* peer, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.is_connected_ = true;
    transfer.result_.peer_address = peer;
    if (!transfer.config_.proxy.empty()) return CURL_PREREQFUNC_OK;
    const auto address = parse_ip_address(peer);
    return address && transfer.may_connect_to({*address}) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// ---- What comes back

std::size_t Transfer::take_head_line(char* bytes, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->note_head_line({bytes, size * count}) ? size * count : 0;
}

bool Transfer::note_head_line(std::string_view line) {
    head_bytes_ += line.size();
    if (head_bytes_ > config_.limits.head_bytes_max) {
        fail(FetchOutcome::too_large, at_.host + " sends a head of more than " + std::to_string(config_.limits.head_bytes_max) +
                                          " bytes; its owner must correct it");
        return false;
    }
    if (is_head_complete_) return true;  // trailers
    while (line.ends_with('\r') || line.ends_with('\n')) line.remove_suffix(1);
    const auto colon = line.find(':');
    if (line.starts_with("HTTP/")) {  // no field's name holds a slash
        result_.fields.clear();
        const auto digits = line.substr(std::min(line.find(' '), line.size() - 1) + 1);
        result_.status = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), result_.status);
    } else if (without_blanks(line).empty()) {
        is_head_complete_ = result_.status >= 200;
    } else if ((line.front() == ' ' || line.front() == '\t') && !result_.fields.empty()) {
        result_.fields.back().second.append(" ").append(without_blanks(line));  // RFC 9112 section 5.2
    } else if (colon != std::string_view::npos) {
        result_.fields.emplace_back(line.substr(0, colon), without_blanks(line.substr(colon + 1)));
    }
    return true;
}

bool Transfer::is_redirect() const noexcept {
    const int status = result_.status;
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::size_t Transfer::take_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->note_body({bytes, size * count}) ? size * count : 0;
}

bool Transfer::note_body(std::string_view bytes) {
    const auto& limits = config_.limits;
    if (is_redirect()) {
        redirect_body_bytes_ += bytes.size();
        return redirect_body_bytes_ <= limits.redirect_body_bytes_max;
    }
    const auto decoded = result_.body.size() + bytes.size();
    if (decoded > limits.body_bytes_max) {
        fail_as_too_large();
        return false;
    }
    if (decoded > limits.expansion_free_bytes) {
        curl_off_t received = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &received);
        if (decoded > static_cast<std::uint64_t>(received) * limits.expansion_max) {
            fail(FetchOutcome::too_large, at_.host + " sends a body that grows more than " +
                                              std::to_string(limits.expansion_max) +
                                              " times as it is decompressed; remove the source unless its owner knows why");
            return false;
        }
    }
    result_.body.append(bytes);
    return true;
}

// Called often, and a last time before libcurl decides what becomes of the connection.
int Transfer::note_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    const bool is_of_use = transfer.is_redirect() || transfer.is_waited_for_(transfer.at_.host);
    transfer.set(CURLOPT_FORBID_REUSE, is_of_use ? 0L : 1L);
    // What is decompressed to nothing never comes to take_body().
    if (static_cast<std::uint64_t>(received) <= transfer.config_.limits.body_bytes_max) return 0;
    transfer.fail_as_too_large();
    return 1;
}

void Transfer::fail_as_too_large() {
    fail(FetchOutcome::too_large, at_.host + " sends more than " + std::to_string(config_.limits.body_bytes_max) +
                                      " bytes; see whether the address is a feed's");
}

std::uint64_t Transfer::hop_bytes() const {
    curl_off_t body = 0;
    if (easy_) curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &body);
    return head_bytes_ + static_cast<std::uint64_t>(body);
}

// ---- Time

FetchTime Transfer::next_deadline() const noexcept {
    const auto total = hop_began_ + config_.limits.total_timeout - result_.took;
    const auto connected = is_connected_ ? total : hop_began_ + config_.limits.connect_timeout;
    return std::min({total, connected, window_began_ + config_.limits.slow_window});
}

bool Transfer::is_expired(FetchTime now) {
    const auto& limits = config_.limits;
    const auto ms = [](auto time) { return std::to_string(time.count()) + " ms"; };
    if (now - hop_began_ + result_.took >= limits.total_timeout)
        fail(FetchOutcome::timed_out,
             at_.host + " did not answer in full within " + ms(limits.total_timeout) + "; it is asked again later");
    else if (!is_connected_ && now - hop_began_ >= limits.connect_timeout)
        fail(FetchOutcome::timed_out, "no connection to " + at_.host + " within " + ms(limits.connect_timeout) +
                                          "; see whether the address is right and the host is up");
    if (now - window_began_ < limits.slow_window) return has_failed();

    const auto bytes = hop_bytes();
    // Whoever has not begun to answer thinks; total_timeout ends that.
    if (bytes > 0 && bytes - window_bytes_ < limits.slow_bytes_min && window_bytes_ > 0)
        fail(FetchOutcome::too_slow, at_.host + " sent only " + std::to_string(bytes - window_bytes_) + " bytes in " +
                                         ms(limits.slow_window) + "; it is asked again later");
    window_began_ = now;
    window_bytes_ = bytes;
    return has_failed();
}

// ---- The end of a hop

void Transfer::fail(FetchOutcome outcome, std::string reason) {
    if (has_failed()) return;
    result_.outcome = outcome;
    result_.reason = std::move(reason);
}

void Transfer::fail_to_find(const std::string& why) {
    fail(FetchOutcome::name_not_found, at_.host + " has no address (" + why + "); see whether its name is still right");
}

void Transfer::fail_as(CURLcode code) {
    const auto [outcome, what, advice] = ending_of(code);
    std::string detail = detail_.front() != '\0' ? detail_.data() : curl_easy_strerror(code);
    fail(outcome, at_.host + ": " + std::string(what) + " (" + detail + "); " + std::string(advice));
}

Transfer::Next Transfer::end_hop(CURLcode code, FetchTime now) {
    result_.bytes_received += hop_bytes();
    pause_clock(now);
    const bool has_enough = is_head_complete_ && is_redirect() && code == CURLE_WRITE_ERROR;
    if (code != CURLE_OK && !has_enough) fail_as(code);
    if (has_failed() || !is_redirect()) return Next::result;
    return follow() ? Next::another_hop : Next::result;
}

bool Transfer::follow() {
    const auto& limits = config_.limits;
    const auto refuse = [&](FetchOutcome outcome, const std::string& why) {
        fail(outcome, at_.host + " answers " + std::to_string(result_.status) + " " + why);
        return false;
    };
    const auto* location = result_.field("Location");
    if (!location) return refuse(FetchOutcome::bad_redirect, "without saying where to; its owner must correct it");
    if (result_.hops.size() >= limits.redirects_max)
        return refuse(FetchOutcome::too_many_redirects,
                      "after " + std::to_string(limits.redirects_max) + " redirects; see in a browser where the address leads");
    const auto target = resolve_url(*location, at_.url);
    auto next = parse_web_address(target ? *target : std::string());
    if (!next) return refuse(FetchOutcome::bad_redirect, "to what cannot be fetched; its owner must correct it");
    result_.hops.push_back({.status = result_.status, .from_url = at_.url, .to_url = next->url});
    at_ = std::move(*next);
    result_.effective_url = at_.url;
    easy_.reset();
    return true;
}

void Transfer::finish(FetchTime now) {
    pause_clock(now);
    easy_.reset();
    if (has_failed()) result_.body = {};
    if (const auto done = std::exchange(done_, nullptr)) done(std::move(result_));
}

}  // namespace gazetted
