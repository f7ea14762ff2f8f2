#include "daemon/certificates.hpp"

#include "daemon/log.hpp"
#include "feeds/date_time.hpp"

#include <sys/stat.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace gazetted {
namespace {

std::string written(std::chrono::sys_seconds time) { return to_rfc3339(std::chrono::time_point_cast<Instant::duration>(time)); }

}  // namespace

Certificates::Certificates(TlsConfig config) : config_(std::move(config)), read_(stamps()) {
    auto identity = load_tls_identity(config_);
    if (!identity) throw std::runtime_error(identity.error().message);
    current_ = std::move(*identity);
}

std::shared_ptr<const TlsIdentity> Certificates::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

Certificates::Stamps Certificates::stamps() const {
    Stamps stamps;
    for (std::size_t place = 0; const auto* path : {&config_.certificate, &config_.key}) {
        struct stat file {};
        auto& stamp = stamps[place++];
        if (::stat(path->c_str(), &file) != 0) continue;
        stamp = {.modified_ns = file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec,
                 .bytes = file.st_size,
                 .inode = file.st_ino};
    }
    return stamps;
}

void Certificates::refresh(Read read, std::chrono::sys_seconds now) {
    const std::lock_guard refreshing(refreshing_);
    const auto before = std::exchange(read_, stamps());
    if (read == Read::anyway || read_ != before) {
        auto identity = load_tls_identity(config_);
        if (identity) {
            log(LogLevel::info, "certificate_loaded", {{"expires", written((*identity)->expires())}});
            told_ = {};
            const std::lock_guard lock(mutex_);
            current_ = std::move(*identity);
        } else {
            log(LogLevel::error, "certificate_refused", {{"reason", identity.error().message + "; the old one stays"}});
        }
    }
    tell_of_expiry(now);
}

void Certificates::tell_of_expiry(std::chrono::sys_seconds now) {
    const auto expires = current()->expires();
    if (now + told_before_expiry < expires || now < told_ + std::chrono::days(1)) return;
    told_ = now;
    log(now < expires ? LogLevel::warning : LogLevel::error, now < expires ? "certificate_expires_soon" : "certificate_expired",
        {{"expires", written(expires)}});
}

}  // namespace gazetted
