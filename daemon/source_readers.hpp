#pragma once

#include "daemon/reader_report.hpp"
#include "daemon/subscription.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace gazetted {

/// For how many we ask an upstream: readers of the feeds that show what it publishes. A value.
class SourceReaders {
public:
    SourceReaders() = default;
    explicit SourceReaders(const ReaderReport&);
    /// Of the source's own feed or that of one of its categories, whichever has the most: who reads two of them is one.
    std::uint64_t of(const Subscription&) const;

private:
    std::map<std::string, std::uint64_t> by_address_;
};

/// `user_agent`, ending in a comment, with the count in that; as it is where nobody reads.
std::string telling_readers(std::string user_agent, std::uint64_t readers);

}  // namespace gazetted
