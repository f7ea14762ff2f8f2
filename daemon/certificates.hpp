#pragma once

#include "daemon/tls.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <mutex>

namespace gazetted {

/// The certificate that shows itself to new connections; another takes its place without a restart, and those who are connected
/// keep theirs. Thread-safe.
class Certificates {
public:
    /// Throws std::runtime_error where the files cannot be used.
    explicit Certificates(TlsConfig);

    std::shared_ptr<const TlsIdentity> current() const;

    enum class Read { where_changed, anyway };
    /// Reads the files again. Where they cannot be used the old certificate stays and the log says why, once for each change of
    /// a file, so a pair that is replaced one file after the other is no trouble. Also logs, once a day, that the certificate's
    /// time is over or nearly so. Touches files: not for a loop's thread.
    void refresh(Read, std::chrono::sys_seconds now);

    static constexpr std::chrono::days told_before_expiry{14};

private:
    struct Stamp {
        std::int64_t modified_ns = 0, bytes = 0;
        std::uint64_t inode = 0;
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    using Stamps = std::array<Stamp, 2>;
    Stamps stamps() const;
    void tell_of_expiry(std::chrono::sys_seconds now);

    const TlsConfig config_;
    mutable std::mutex mutex_;  // of current_
    std::shared_ptr<const TlsIdentity> current_;
    std::mutex refreshing_;  // of what follows
    Stamps read_;
    std::chrono::sys_seconds told_{};
};

}  // namespace gazetted
