#pragma once

#include "daemon/config.hpp"
#include "feeds/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

// OpenSSL's own names; what they are only tls.cpp knows.
struct ssl_ctx_st;
struct ssl_st;

namespace gazetted {

/// A certificate with its key, and how TLS is spoken with it: versions 1.2 and 1.3 with the ciphers and groups of Mozilla's
/// intermediate list (https://wiki.mozilla.org/Security/Server_Side_TLS), ALPN http/1.1, session tickets. Immutable; a session
/// keeps what it needs of it.
class TlsIdentity {
public:
    /// When the first certificate of the chain is worth nothing any more.
    std::chrono::sys_seconds expires() const noexcept { return expires_; }

private:
    friend class TlsSession;
    friend Result<std::shared_ptr<const TlsIdentity>> load_tls_identity(const TlsConfig&);
    TlsIdentity(std::shared_ptr<ssl_ctx_st> context, std::chrono::sys_seconds expires)
        : context_(std::move(context)), expires_(expires) {}
    std::shared_ptr<ssl_ctx_st> context_;
    std::chrono::sys_seconds expires_;
};

/// An error names the file and what is wrong: it cannot be read, the key belongs to another certificate, is too weak, or wants
/// a passphrase, for which nobody could be asked.
Result<std::shared_ptr<const TlsIdentity>> load_tls_identity(const TlsConfig&);

/// The server's side of TLS over one connection. Nothing blocks: what cannot be done now is tried again, send() with the same
/// bytes, once the socket is ready for awaited_events(). The handshake is part of the first receive() calls.
class TlsSession {
public:
    /// `socket` is non-blocking and outlives this. SIGPIPE must be ignored: OpenSSL writes without MSG_NOSIGNAL.
    TlsSession(const TlsIdentity&, int socket);
    ~TlsSession();  ///< tells the peer, where it can still be told
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    struct Moved {
        std::size_t bytes = 0;  ///< none: nothing to be had, or no room, just now
        bool gone = false;      ///< the peer will send no more, is lost, or speaks no TLS
    };
    Moved receive(std::span<char> room);
    /// As much as goes of the parts, one after the other, but for the first `skip` bytes.
    Moved send(std::span<const std::string_view> parts, std::size_t skip);
    /// The peer learns that we send no more.
    void end_sending();

    bool is_established() const noexcept;  ///< the handshake is over
    bool met_plain_http() const noexcept { return met_plain_http_; }
    bool has_received() const noexcept;  ///< receive() has something whatever the socket says
    std::uint32_t awaited_events() const noexcept { return awaited_events_; }  ///< EPOLLIN or EPOLLOUT

private:
    enum class Outcome { done, later, gone };
    Outcome outcome_of(int result);

    ssl_st* ssl_;
    std::uint32_t awaited_events_;
    bool has_failed_ = false;
    bool met_plain_http_ = false;
};

}  // namespace gazetted
