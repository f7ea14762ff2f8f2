#include "daemon/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <new>
#include <string>

namespace gazetted {
namespace {

constexpr const char* tls_1_2_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* groups = "X25519:P-256:P-384";
constexpr std::array<unsigned char, 9> http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr std::array<unsigned char, 8> session_context = {'g', 'a', 'z', 'e', 't', 't', 'e', 'd'};
// One record, and what is gathered for one: a head of four parts and the beginning of a body go out together.
constexpr std::size_t record_bytes_max = 16'384;

// RFC 7301: who offers protocols, but not ours, is told so.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes, const unsigned char* offered,
                    unsigned offered_bytes, void*) {
    unsigned char* found = nullptr;
    const int result = SSL_select_next_proto(&found, chosen_bytes, http_1_1.data(), http_1_1.size(), offered, offered_bytes);
    *chosen = found;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A daemon has nobody to ask.
int no_passphrase(char*, int, int, void*) { return 0; }

/// Why OpenSSL refused, as far as it says; takes it out of its queue.
std::string refusal() {
    const auto error = ERR_peek_error();
    ERR_clear_error();
    if (error == 0) return "OpenSSL does not say why";
    if (ERR_SYSTEM_ERROR(error)) return std::strerror(ERR_GET_REASON(error));
    const char* reason = ERR_reason_error_string(error);
    return reason ? reason : "OpenSSL error " + std::to_string(error);
}

Error malformed(std::string message) { return {ErrorKind::malformed, std::move(message)}; }

void configure(SSL_CTX& context) {
    SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
    SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_cipher_list(&context, tls_1_2_ciphers);
    SSL_CTX_set1_groups_list(&context, groups);
    SSL_CTX_set_alpn_select_cb(&context, choose_protocol, nullptr);
    SSL_CTX_set_default_passwd_cb(&context, no_passphrase);
    // What a session leaves behind is in the client's ticket; nothing is kept here for it.
    SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(&context, session_context.data(), session_context.size());
    SSL_CTX_set_num_tickets(&context, 1);
    // Idle connections own no buffers; what was not sent comes again from wherever it lies then.
    SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

std::chrono::sys_seconds expiry_of(const SSL_CTX& context) {
    std::tm date{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(&context)), &date) != 1) return {};
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&date)));
}

/// Bytes that lie one behind the other: of one part where that makes a record, else gathered in `room`.
std::string_view next_record(std::span<const std::string_view> parts, std::size_t skip, std::span<char> room) {
    std::size_t gathered = 0;
    for (const auto part : parts) {
        const auto skipped = std::min(skip, part.size());
        skip -= skipped;
        const auto rest = part.substr(skipped, room.size() - gathered);
        if (gathered == 0 && (rest.size() == room.size() || &part == &parts.back())) return rest;
        rest.copy(room.data() + gathered, rest.size());
        gathered += rest.size();
        if (gathered == room.size()) break;
    }
    return {room.data(), gathered};
}

}  // namespace

Result<std::shared_ptr<const TlsIdentity>> load_tls_identity(const TlsConfig& config) {
    ERR_clear_error();
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!context) throw std::bad_alloc();
    configure(*context);
    if (SSL_CTX_use_certificate_chain_file(context.get(), config.certificate.c_str()) != 1)
        return malformed("server.tls.certificate " + config.certificate.string() + ": " + refusal());
    if (SSL_CTX_use_PrivateKey_file(context.get(), config.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1)
        return malformed("server.tls.key " + config.key.string() + ": " + refusal());
    return std::shared_ptr<const TlsIdentity>(new TlsIdentity(context, expiry_of(*context)));
}

TlsSession::TlsSession(const TlsIdentity& identity, int socket)
    : ssl_(SSL_new(identity.context_.get())), awaited_events_(EPOLLIN) {
    if (!ssl_ || SSL_set_fd(ssl_, socket) != 1) {
        SSL_free(ssl_);
        throw std::bad_alloc();
    }
    SSL_set_accept_state(ssl_);
}

TlsSession::~TlsSession() {
    end_sending();
    SSL_free(ssl_);
}

bool TlsSession::is_established() const noexcept { return SSL_is_init_finished(ssl_) == 1; }

bool TlsSession::has_received() const noexcept { return SSL_pending(ssl_) > 0; }

TlsSession::Outcome TlsSession::outcome_of(int result) {
    switch (SSL_get_error(ssl_, result)) {
        case SSL_ERROR_NONE:
            return Outcome::done;
        case SSL_ERROR_WANT_READ:
            awaited_events_ = EPOLLIN;
            return Outcome::later;
        case SSL_ERROR_WANT_WRITE:
            awaited_events_ = EPOLLOUT;
            return Outcome::later;
        case SSL_ERROR_ZERO_RETURN:
            return Outcome::gone;
        default:
            const auto error = ERR_peek_error();
            met_plain_http_ = ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST;
            has_failed_ = true;
            ERR_clear_error();
            return Outcome::gone;
    }
}

TlsSession::Moved TlsSession::receive(std::span<char> room) {
    Moved moved;
    while (moved.bytes < room.size() && !has_failed_) {
        ERR_clear_error();
        std::size_t bytes = 0;
        const int result = SSL_read_ex(ssl_, room.data() + moved.bytes, room.size() - moved.bytes, &bytes);
        const auto outcome = outcome_of(result);
        if (outcome == Outcome::done) {
            moved.bytes += bytes;
            continue;
        }
        // What came before the end is answered first; the end is met again.
        moved.gone = outcome == Outcome::gone && moved.bytes == 0;
        return moved;
    }
    moved.gone = moved.bytes == 0;
    return moved;
}

TlsSession::Moved TlsSession::send(std::span<const std::string_view> parts, std::size_t skip) {
    // One for a thread: a record is encrypted before this returns, and gathered again where it is to be tried again.
    thread_local std::array<char, record_bytes_max> room;
    Moved moved;
    while (!has_failed_) {
        const auto record = next_record(parts, skip + moved.bytes, room);
        if (record.empty()) return moved;
        ERR_clear_error();
        std::size_t bytes = 0;
        const int result = SSL_write_ex(ssl_, record.data(), record.size(), &bytes);
        const auto outcome = outcome_of(result);
        if (outcome == Outcome::done) moved.bytes += bytes;
        if (outcome == Outcome::later) return moved;
        if (outcome == Outcome::gone) has_failed_ = true;
    }
    moved.gone = true;
    return moved;
}

// OpenSSL must not be asked after a failure, nor before the handshake is over.
void TlsSession::end_sending() {
    if (has_failed_ || !is_established() || (SSL_get_shutdown(ssl_) & SSL_SENT_SHUTDOWN) != 0) return;
    ERR_clear_error();
    SSL_shutdown(ssl_);
    ERR_clear_error();
}

}  // namespace gazetted
