#include "tests/support/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace gazetted {

namespace {

constexpr int patience_s = 5;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;

Certificate sign(EVP_PKEY* key, const MadeCertificate& wanted) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), std::stoull(wanted.serial));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -24L * 3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wanted.lasts.count());
    auto* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), key);
    if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) throw std::runtime_error("cannot sign a certificate");
    return certificate;
}

/// The wire's form of a list of protocols: each behind its length.
std::string wire_form(const std::string& names) {
    std::string form;
    std::istringstream list(names);
    for (std::string name; std::getline(list, name, ',');) form += static_cast<char>(name.size()) + name;
    return form;
}

}  // namespace

void make_certificate(const CertificateFiles& files, const MadeCertificate& wanted) {
    const Key key(EVP_EC_gen("P-256"));
    const auto certificate = sign(key.get(), wanted);
    const File key_file(std::fopen(files.key.c_str(), "w")), certificate_file(std::fopen(files.certificate.c_str(), "w"));
    if (PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_X509(certificate_file.get(), certificate.get()) != 1)
        throw std::runtime_error("cannot write a certificate");
}

struct TlsConnection::State {
    std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> context{SSL_CTX_new(TLS_client_method())};
    std::unique_ptr<SSL, Freed<SSL_free>> ssl;
    int socket = -1;
    bool established = false;
    bool goodbye = false;
};

TlsConnection::TlsConnection(unsigned short port) : TlsConnection(port, Options{}) {}

TlsConnection::TlsConnection(unsigned short port, const Options& options) : state_(std::make_unique<State>()) {
    auto& state = *state_;
    if (options.version == Version::only_1_1) {
        SSL_CTX_set_security_level(state.context.get(), 0);
        SSL_CTX_set_max_proto_version(state.context.get(), TLS1_1_VERSION);
    }
    if (options.version == Version::only_1_2) SSL_CTX_set_max_proto_version(state.context.get(), TLS1_2_VERSION);
    state.ssl.reset(SSL_new(state.context.get()));
    const auto protocols = wire_form(options.protocols);
    if (!protocols.empty())
        SSL_set_alpn_protos(state.ssl.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
    if (!options.session.empty()) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(options.session.data());
        const std::unique_ptr<SSL_SESSION, Freed<SSL_SESSION_free>> session(
            d2i_SSL_SESSION(nullptr, &bytes, static_cast<long>(options.session.size())));
        SSL_set_session(state.ssl.get(), session.get());
    }
    state.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval time_out{.tv_sec = patience_s, .tv_usec = 0};
    ::setsockopt(state.socket, SOL_SOCKET, SO_RCVTIMEO, &time_out, sizeof time_out);
    if (options.receive_buffer > 0)
        ::setsockopt(state.socket, SOL_SOCKET, SO_RCVBUF, &options.receive_buffer, sizeof options.receive_buffer);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(state.socket, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
        throw std::runtime_error("cannot connect to the server under test");
    SSL_set_fd(state.ssl.get(), state.socket);
    state.established = SSL_connect(state.ssl.get()) == 1;
    ERR_clear_error();
}

TlsConnection::~TlsConnection() {
    state_->ssl.reset();
    ::close(state_->socket);
}

bool TlsConnection::is_established() const { return state_->established; }
std::string TlsConnection::version() const { return SSL_get_version(state_->ssl.get()); }
bool TlsConnection::was_resumed() const { return SSL_session_reused(state_->ssl.get()) == 1; }
bool TlsConnection::said_goodbye() const { return state_->goodbye; }

std::string TlsConnection::protocol() const {
    const unsigned char* name = nullptr;
    unsigned bytes = 0;
    SSL_get0_alpn_selected(state_->ssl.get(), &name, &bytes);
    return {reinterpret_cast<const char*>(name), bytes};
}

std::string TlsConnection::serial() const {
    const Certificate certificate(SSL_get1_peer_certificate(state_->ssl.get()));
    std::uint64_t number = 0;
    if (certificate) ASN1_INTEGER_get_uint64(&number, X509_get0_serialNumber(certificate.get()));
    return std::to_string(number);
}

std::string TlsConnection::session() const {
    const std::unique_ptr<SSL_SESSION, Freed<SSL_SESSION_free>> session(SSL_get1_session(state_->ssl.get()));
    std::string bytes(static_cast<std::size_t>(i2d_SSL_SESSION(session.get(), nullptr)), '\0');
    auto* at = reinterpret_cast<unsigned char*>(bytes.data());
    i2d_SSL_SESSION(session.get(), &at);
    return bytes;
}

void TlsConnection::send(std::string_view bytes) { SSL_write(state_->ssl.get(), bytes.data(), static_cast<int>(bytes.size())); }

bool TlsConnection::fill() {
    std::array<char, 16'384> bytes;
    const int received = SSL_read(state_->ssl.get(), bytes.data(), bytes.size());
    if (received > 0) unused_.append(bytes.data(), static_cast<std::size_t>(received));
    if (received <= 0) state_->goodbye = SSL_get_error(state_->ssl.get(), received) == SSL_ERROR_ZERO_RETURN;
    ERR_clear_error();
    return received > 0;
}

std::string TlsConnection::receive() {
    std::size_t head_end;
    while ((head_end = unused_.find("\r\n\r\n")) == std::string::npos)
        if (!fill()) return std::exchange(unused_, {});
    head_end += 4;
    constexpr std::string_view length_name = "Content-Length: ";
    const auto length_at = unused_.substr(0, head_end).find(length_name);
    const auto length = length_at == std::string::npos ? 0 : std::stoul(unused_.substr(length_at + length_name.size()));
    while (unused_.size() < head_end + length)
        if (!fill()) return std::exchange(unused_, {});
    auto response = unused_.substr(0, head_end + length);
    unused_.erase(0, head_end + length);
    return response;
}

std::string TlsConnection::receive_rest() {
    while (fill()) {
    }
    return std::exchange(unused_, {});
}

}  // namespace gazetted
