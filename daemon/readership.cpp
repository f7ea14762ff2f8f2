#include "daemon/readership.hpp"

#include <algorithm>

namespace gazetted {

namespace {

void merge_value(Readership::FeedDay& into, const Readership::FeedDay& more) {
    into.pollers.merge(more.pollers);
    into.seen = std::max(into.seen, more.seen);
}

void merge_value(Readership::Subscribers& into, const Readership::Subscribers& more) {
    if (more.seen >= into.seen) into = more;
}

void merge_value(Readership::Habits& into, const Readership::Habits& more) {
    into.requests += more.requests;
    into.conditional += more.conditional;
    into.not_modified += more.not_modified;
    into.body_bytes += more.body_bytes;
    into.repeated += more.repeated;
    into.repeated_bytes += more.repeated_bytes;
}

/// How many found no room.
template <class Map>
std::uint64_t merge_rows(Map& into, const Map& more) {
    std::uint64_t left_out = 0;
    for (const auto& [key, value] : more) {
        if (const auto known = into.find(key); known != into.end())
            merge_value(known->second, value);
        else if (into.size() < Readership::rows_max)
            into.emplace(key, value);
        else
            ++left_out;
    }
    return left_out;
}

}  // namespace

void Readership::merge(const Readership& more) {
    left_out += more.left_out;
    left_out += merge_rows(feeds, more.feeds);
    left_out += merge_rows(subscribers, more.subscribers);
    left_out += merge_rows(habits, more.habits);
}

}  // namespace gazetted
