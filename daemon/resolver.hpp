#pragma once

#include "daemon/ip_address.hpp"
#include "feeds/result.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gazetted {

/// All addresses of a name, the best first; an error where there are none. May block as long as it likes.
using NameLookup = std::function<Result<std::vector<IpAddress>>(const std::string& name)>;

/// What the system says (hosts file, DNS), but for localhost and names below it, which are loopback by definition (RFC 6761
/// section 6.3).
Result<std::vector<IpAddress>> look_up_name(const std::string& name);

/// Looks names up on so many threads and no more, however slow the answers are; none is begun before it is needed. Thread-safe.
class Resolver {
public:
    explicit Resolver(NameLookup look_up, std::size_t threads_max = 16);
    ~Resolver();  ///< does not wait for look-ups that hang: nobody hears of them any more
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// `done` is called on a thread of the resolver, or never where the resolver ends before.
    void resolve(std::string name, std::function<void(Result<std::vector<IpAddress>>)> done);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace gazetted
