#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace gazetted {

/// Writes a new self-signed certificate of `localhost` and its key (EC, P-256) to `certificate` and `key`, PEM.
struct CertificateFiles {
    std::filesystem::path certificate, key;
};
struct MadeCertificate {
    std::string serial = "1";  ///< to tell one from another
    std::chrono::seconds lasts = std::chrono::hours(24 * 90);
};
void make_certificate(const CertificateFiles& files, const MadeCertificate& wanted = {});

/// A client over TLS to 127.0.0.1 that believes any certificate; times out after five seconds.
class TlsConnection {
public:
    enum class Version { any, only_1_1, only_1_2 };
    struct Options {
        Version version = Version::any;
        std::string protocols;     ///< ALPN, comma-separated; empty: none offered
        int receive_buffer = 0;    ///< bytes; 0: the kernel's
        std::string session = {};  ///< of session(), to be resumed
    };
    explicit TlsConnection(unsigned short port);
    TlsConnection(unsigned short port, const Options& options);
    ~TlsConnection();
    TlsConnection(const TlsConnection&) = delete;
    TlsConnection& operator=(const TlsConnection&) = delete;

    bool is_established() const;
    std::string version() const;   ///< such as TLSv1.3
    std::string protocol() const;  ///< chosen by ALPN; empty: none
    std::string serial() const;    ///< of the server's certificate, decimal
    std::string session() const;
    bool was_resumed() const;

    void send(std::string_view bytes);
    /// One response: head, and the body as Content-Length says.
    std::string receive();
    /// Everything until the peer closes; `said_goodbye()` tells how it did.
    std::string receive_rest();
    bool said_goodbye() const;

private:
    bool fill();
    struct State;
    std::unique_ptr<State> state_;
    std::string unused_;
};

}  // namespace gazetted
