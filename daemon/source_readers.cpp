#include "daemon/source_readers.hpp"

#include "daemon/address.hpp"

#include <algorithm>

namespace gazetted {

SourceReaders::SourceReaders(const ReaderReport& report) {
    for (const ReaderReport::Feed& feed : report.feeds) by_address_.emplace(feed.address, feed.subscribers + feed.pollers);
}

std::uint64_t SourceReaders::of(const Subscription& subscription) const {
    std::uint64_t most = 0;
    const auto look_at = [&](SelectionKind kind, const std::string& name) {
        const auto found = by_address_.find(negotiated_path(Selection{name, kind}));
        if (found != by_address_.end()) most = std::max(most, found->second);
    };
    look_at(SelectionKind::source, subscription.slug);
    for (const std::string& slug : subscription.categories) look_at(SelectionKind::category, slug);
    return most;
}

std::string telling_readers(std::string user_agent, std::uint64_t readers) {
    if (readers > 0 && user_agent.ends_with(')'))
        user_agent.insert(user_agent.size() - 1,
                          "; " + std::to_string(readers) + (readers == 1 ? " subscriber" : " subscribers"));
    return user_agent;
}

}  // namespace gazetted
