#include "daemon/http.hpp"

#include "daemon/negotiate.hpp"
#include "feeds/ascii.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace gazetted {

namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

// Every byte of a method or a Host is looked up in a table.
using CharacterTable = std::array<bool, 256>;
constexpr CharacterTable letters_digits_and(std::string_view others) {
    CharacterTable table{};
    for (unsigned char c = '0'; c <= '9'; ++c) table[c] = true;
    for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = table[static_cast<unsigned char>(c - 'a' + 'A')] = true;
    for (const char c : others) table[static_cast<unsigned char>(c)] = true;
    return table;
}
constexpr auto token_characters = letters_digits_and("!#$%&'*+-.^_`|~");  // RFC 9110 section 5.6.2
constexpr auto host_characters = letters_digits_and("!#$&'*+-._`~");      // of these, as no name needs the others

/// `text` without the characters of the table that it begins with.
std::string_view after(const CharacterTable& table, std::string_view text) {
    const auto end = std::find_if_not(text.begin(), text.end(), [&](char c) { return table[static_cast<unsigned char>(c)]; });
    return {end, text.end()};
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return text.empty() || (error == std::errc() && end == text.data() + text.size() && port <= 65'535);
}

// RFC 3986 section 3.2.2 without percent-encoding and user; may be empty (RFC 9110 section 7.2).
bool is_host(std::string_view text) {
    if (text.size() > HttpLimits::host_bytes_max) return false;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return false;
        const auto address = text.substr(1, end - 1);
        const auto port = text.substr(end + 1);
        const bool is_address =
            !address.empty() && address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
        return is_address && (port.empty() || (port[0] == ':' && is_port(port.substr(1))));
    }
    const auto rest = after(host_characters, text);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

constexpr Refusal malformed_line{400, "the request line is malformed"};

// Keeps of Beast's parser what decides our answers, as views into the buffer, and refuses what it lets through.
class HeadParser final : public beast_http::basic_parser<true> {
public:
    /// What it finds is put into `head_`, whole or not.
    HeadParser(std::string_view bytes, RequestHead& head_) : head(head_), bytes_(bytes) {
        header_limit(HttpLimits::head_bytes_max);
        skip(true);  // the head is all that it is given
    }
    RequestHead& head;
    Refusal refusal{0, {}};
    std::size_t hosts = 0;

private:
    void on_request_impl(beast_http::verb, boost::beast::string_view method, boost::beast::string_view target, int version,
                         error_code& error) override {
        head.view.method = method;
        head.view.target = target;
        head.http_1_0 = version == 10;
        const auto line_bytes = method.size() + target.size() + std::string_view("  HTTP/1.1").size();
        if (line_bytes > HttpLimits::request_line_bytes_max) refuse(414, "the request line is too long", error);
    }

    void on_field_impl(beast_http::field name, boost::beast::string_view name_text, boost::beast::string_view value,
                       error_code& error) override {
        if (++fields_ > HttpLimits::fields_max) return refuse(431, "there are too many fields", error);
        if (is_folded(name_text, value)) return refuse(400, "a field line is folded", error);
        switch (name) {
            case beast_http::field::host:
                if (++hosts > 1 || !is_host(value)) refuse(400, "Host is malformed or there are several", error);
                return;
            case beast_http::field::content_length:
                return read_length(value, error);
            case beast_http::field::transfer_encoding:
                return read_coding(value, error);
            case beast_http::field::expect:
                head.expects_continue = equal_ignoring_case(value, "100-continue");
                head.obstacle = static_cast<RequestHead::Obstacle>(!head.expects_continue);
                return;
            case beast_http::field::if_match:
                return add(head.view.if_match, value);
            case beast_http::field::if_none_match:
                return add(head.view.if_none_match, value);
            case beast_http::field::if_modified_since:
                return add(head.view.if_modified_since, value);
            case beast_http::field::if_unmodified_since:
                return add(head.view.if_unmodified_since, value);
            case beast_http::field::if_range:
                return add(head.view.if_range, value);
            case beast_http::field::range:
                return add(head.view.range, value);
            case beast_http::field::a_im:
                return add(head.view.a_im, value);
            case beast_http::field::accept:
                return add(head.view.accept, value);
            case beast_http::field::accept_encoding:
                return add(head.view.accept_encoding, value);
            case beast_http::field::user_agent:
                head.view.user_agent = value;
                return;
            case beast_http::field::forwarded:
                return add(head.view.forwarded, value);
            default:
                return read_other(name_text, value);
        }
    }

    // Beast has no name for these. Out of the way of those that every reader sends.
    [[gnu::noinline]] void read_other(std::string_view name, std::string_view value) {
        if (equal_ignoring_case(name, "Sec-Fetch-Mode")) head.view.fetch_mode = value;
        if (equal_ignoring_case(name, "X-Forwarded-For")) add(head.view.x_forwarded_for, value);
        if (equal_ignoring_case(name, "X-Request-Id")) add(head.view.request_id, value);
    }

    // Beast joins folded lines in a buffer of its own, or begins the value on a later line.
    bool is_folded(std::string_view name, std::string_view value) const {
        if (value.empty()) return false;
        const auto* gap = name.data() + name.size();
        if (value.data() == gap + std::string_view(": ").size()) return false;
        if (value.data() < bytes_.data() || value.data() >= bytes_.data() + bytes_.size()) return true;
        return std::find(gap, value.data(), '\n') != value.data();
    }

    void read_length(std::string_view value, error_code& error) {
        const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), head.content_length);
        const bool is_number = failure == std::errc() && end == value.data() + value.size() && is_decimal(value.front());
        if (!is_number || std::exchange(has_length_, true))
            return refuse(400, "Content-Length is malformed or there are several", error);
        if (head.chunked) refuse(400, "Content-Length came with Transfer-Encoding", error);
    }

    void read_coding(std::string_view value, error_code& error) {
        const bool is_chunked = equal_ignoring_case(value, "chunked");
        if (std::exchange(head.chunked, true) || has_length_ || head.http_1_0 || value.empty())
            return refuse(400, "Transfer-Encoding is not to be combined so", error);
        if (!is_chunked) refuse(501, "the only transfer coding here is chunked", error);
    }

    void add(std::string_view& field, std::string_view value) {
        if (field.empty()) {
            field = value;
            return;
        }
        field = head.joined.emplace_front(std::string(field).append(", ").append(value));
    }

    void refuse(unsigned status, std::string_view reason, error_code& error) {
        refusal = {status, reason};
        error = beast_http::error::bad_value;
    }

    void on_header_impl(error_code&) override {}
    void on_finish_impl(error_code&) override {}
    // A request has no status line, and its body is none of this parser's.
    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(boost::beast::string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view, error_code&) override { return 0; }

    std::string_view bytes_;
    std::size_t fields_ = 0;
    bool has_length_ = false;
};

// `HTTP/2.0` and the like: a version, but none of ours.
bool is_other_version(std::string_view line) {
    const auto version = line.substr(line.rfind(' ') + 1);
    return version.size() == 8 && version.starts_with("HTTP/") && is_decimal(version[5]) && version[6] == '.' &&
           is_decimal(version[7]) && version[5] != '1';
}

// A later version of HTTP/1 than ours.
bool is_later_version(std::string_view line) {
    const auto version = line.substr(std::min(line.size(), line.rfind(' ')));
    return version.size() == 9 && version.starts_with(" HTTP/1.") && version[8] >= '2' && version[8] <= '9';
}

Refusal refuse_line(std::string_view line) {
    const bool has_three_parts = std::count(line.begin(), line.end(), ' ') == 2;
    if (has_three_parts && is_other_version(line)) return {505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
    return malformed_line;
}

// What is wrong with a head that is not complete, as soon as it is seen to be: nobody waits for a time-out to learn it.
std::variant<NeedMore, Refusal> judge_beginning(std::string_view bytes) {
    const auto end = bytes.find_first_of("\r\n");
    const auto line = bytes.substr(0, end);
    const auto method_end = std::min(line.find(' '), line.size());
    if (!after(token_characters, line.substr(0, method_end)).empty()) return malformed_line;
    if (line.size() > HttpLimits::request_line_bytes_max) return Refusal{414, "the request line is too long"};
    if (end != std::string_view::npos) {
        const bool is_line_end = bytes.substr(end, 2) == "\r\n";
        const bool may_become_one = bytes.substr(end) == "\r";
        const bool is_http = line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0") || is_later_version(line);
        if ((!is_line_end && !may_become_one) || !is_http) return refuse_line(line);
    }
    if (bytes.size() >= HttpLimits::head_bytes_max) return Refusal{431, "the head is too long"};
    return NeedMore{};
}

Refusal refusal_of(const HeadParser& parser, error_code error, std::string_view bytes) {
    if (parser.refusal.status != 0) return parser.refusal;
    const auto line = bytes.substr(0, bytes.find("\r\n"));
    if (error == beast_http::error::bad_version) return refuse_line(line);
    return {400, "the request is malformed"};
}

// RFC 9112 section 3.2.2: what the target names counts, and its host need not be ours.
bool reduce_absolute_form(RequestHead& head) {
    std::string_view& target = head.view.target;
    if (target.starts_with('/')) return true;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        const auto rest = target.substr(scheme.size());
        const auto host_end = std::min(rest.find_first_of("/?#"), rest.size());
        if (host_end == 0 || !is_host(rest.substr(0, host_end))) return false;
        const auto path = rest.substr(host_end);
        if (path.starts_with('/'))
            target = path;
        else  // an empty path is `/` (RFC 9112 section 3.2.1)
            target = path.empty() ? "/" : std::string_view(head.joined.emplace_front("/").append(path));
        return true;
    }
    return true;
}

std::optional<std::variant<NeedMore, Refusal>> fault_of(std::string_view bytes, RequestHead& head);

// RFC 9110 section 2.5: who speaks a later version of HTTP/1 is heard as if it were ours. The head is read from a copy, which
// it keeps.
[[gnu::noinline]] std::optional<std::variant<NeedMore, Refusal>> fault_of_later(std::string_view bytes, RequestHead& head) {
    head = RequestHead{};
    std::string& copy = head.joined.emplace_front(bytes.substr(0, HttpLimits::head_bytes_max + 1));
    copy[std::min(copy.find('\r'), copy.size()) - 1] = '1';
    return fault_of(copy, head);
}

// What is not a whole head; none where `head` has become one.
std::optional<std::variant<NeedMore, Refusal>> fault_of(std::string_view bytes, RequestHead& head) {
    std::size_t skipped = 0;
    while (bytes.substr(skipped).starts_with("\r\n")) skipped += 2;
    if (skipped > 2 * HttpLimits::empty_lines_max) return Refusal{400, "there are too many empty lines"};
    bytes.remove_prefix(skipped);
    if (bytes.empty() || bytes == "\r") return NeedMore{};

    HeadParser parser(bytes, head);
    error_code error;
    const auto used = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error == beast_http::error::bad_version && is_later_version(bytes.substr(0, bytes.find('\r')))) [[unlikely]] {
        auto fault = fault_of_later(bytes, head);
        head.head_bytes += skipped;
        return fault;
    }
    if (error == beast_http::error::need_more || error == beast_http::error::header_limit) return judge_beginning(bytes);
    if (error) return refusal_of(parser, error, bytes);
    if (used > HttpLimits::head_bytes_max) return Refusal{431, "the head is too long"};
    if (parser.hosts == 0 && !head.http_1_0) return Refusal{400, "there is no Host"};
    if (!reduce_absolute_form(head)) return Refusal{400, "the request target is malformed"};
    head.head_bytes = skipped + used;
    head.keep_alive = parser.keep_alive();
    if (head.content_length > HttpLimits::body_bytes_max) head.obstacle = RequestHead::Obstacle::length;
    return std::nullopt;
}

}  // namespace

// A head is large: it is made where the caller gets it.
HeadRead read_head(std::string_view bytes) {
    HeadRead read(std::in_place_type<RequestHead>);
    if (const auto fault = fault_of(bytes, std::get<RequestHead>(read)))
        std::visit([&](const auto& kind) { read = kind; }, *fault);
    return read;
}

}  // namespace gazetted
