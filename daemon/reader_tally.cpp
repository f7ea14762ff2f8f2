#include "daemon/reader_tally.hpp"

#include "daemon/reader_agent.hpp"

#include <xxhash.h>

#include <random>
#include <utility>

namespace gazetted {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

// As many User-Agents are remembered as read; a power of two.
constexpr std::size_t agents_max = 1'024;

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
    return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

bool SentBefore::exchange(std::uint64_t poller, std::uint64_t bytes_hash) noexcept {
    // The upper half says whose word it is, as far as its place does not; never nought, which is an empty word.
    const auto word = ((poller | 1U) << 32U) | (bytes_hash & 0xffff'ffffU);
    auto& place = words_[poller >> (64U - 16U)];
    static_assert(words == std::size_t{1} << 16U);
    if (place.load(std::memory_order_relaxed) == word) return true;
    place.store(word, std::memory_order_relaxed);
    return false;
}

/// What a User-Agent means today.
struct ReaderTally::Agent {
    std::uint64_t user_agent = 0;  // hashed
    std::uint64_t reader = 0;      // hash of name and, of a service, its number of the feed
    Readership::Habits* habits = nullptr;
    std::optional<std::uint32_t> subscribers;
    std::string service, feed;
};

struct ReaderTally::Day {
    struct Feed {
        std::string path;
        Readership::FeedDay seen;
        bool is_new = false;
    };
    struct Service {
        Readership::ServiceKey key;
        Readership::Subscribers seen;
        bool is_new = false;
    };
    struct Reader {
        std::string name;
        Readership::Habits habits;
    };
    sys_days date;
    std::uint64_t key = 0;
    // By hashes of our own seed, so that the keys are spread already. Rows stay where they are.
    std::unordered_map<std::uint64_t, Feed> feeds;
    std::unordered_map<std::uint64_t, Service> services;
    std::unordered_map<std::uint64_t, Reader> readers;
    std::uint64_t left_out = 0;

    Readership::Habits& habits_of(std::string_view name, std::uint64_t hash) {
        if (const auto known = readers.find(hash); known != readers.end()) return known->second.habits;
        if (readers.size() > readers_max) return readers.at(0).habits;
        return readers.emplace(hash, Reader{std::string(name), {}}).first->second.habits;
    }
    void use_key(std::uint64_t agreed);
    void move_into(Readership& seen);
};

// Pollers counted under a key of our own would count again under that of all nodes: most of them come again anyway.
void ReaderTally::Day::use_key(std::uint64_t agreed) {
    if (agreed == key) return;
    key = agreed;
    for (auto& [hash, feed] : feeds) feed.seen.pollers = {};
}

// What was seen becomes the sum of what was not yet told; sketches stay, since they grow with the day.
void ReaderTally::Day::move_into(Readership& seen) {
    Readership more;
    for (auto& [hash, feed] : feeds)
        if (std::exchange(feed.is_new, false)) more.feeds[{date, feed.path}] = feed.seen;
    for (auto& [hash, service] : services)
        if (std::exchange(service.is_new, false)) more.subscribers[service.key] = service.seen;
    for (auto& [hash, reader] : readers) {
        const auto habits = std::exchange(reader.habits, {});
        if (habits.requests > 0) more.habits[{date, reader.name}] = habits;
    }
    more.left_out = std::exchange(left_out, 0);
    seen.merge(more);
}

ReaderTally::ReaderTally(SentBefore& sent_before, KeyOf key_of)
    : sent_before_(&sent_before), key_of_(std::move(key_of)), seed_(random_seed()) {}

ReaderTally::~ReaderTally() = default;
ReaderTally::ReaderTally(ReaderTally&&) noexcept = default;
ReaderTally& ReaderTally::operator=(ReaderTally&&) noexcept = default;

void ReaderTally::begin_day(sys_days date) {
    if (day_) day_->move_into(finished_);
    day_ = std::make_unique<Day>();
    day_->date = date;
    day_->key = key_of_(date);
    day_->readers.emplace(0, Day::Reader{std::string(others), {}});
    agents_.assign(agents_max, {});
}

const ReaderTally::Agent& ReaderTally::agent_of(std::string_view user_agent) {
    const auto hash = hash_of(user_agent.substr(0, ReaderAgent::looked_at_bytes_max), seed_) | 1U;
    auto& place = agents_[(hash >> 1U) % agents_max];
    if (place.user_agent == hash) return place;
    const auto said = reader_agent(user_agent);
    const auto name_hash = hash_of(said.name, seed_) | 1U;
    place.user_agent = hash;
    place.habits = &day_->habits_of(said.name, name_hash);
    place.subscribers = said.subscribers;
    place.service.assign(said.name);
    place.feed.assign(said.feed);
    // The same on all nodes: no seed of ours.
    place.reader = said.subscribers ? hash_of(said.feed, hash_of(said.name, 1)) : hash_of(said.name, 0);
    return place;
}

void ReaderTally::note(const Sighting& sighting, std::chrono::sys_seconds now) {
    if (const auto today = floor<days>(now); !day_ || day_->date != today) begin_day(today);
    const auto& agent = agent_of(sighting.user_agent);
    const auto path_hash = sighting.path_hash;  // of a document that is here: nobody outside chooses it

    auto feed = day_->feeds.find(path_hash);
    if (feed == day_->feeds.end() && day_->feeds.size() < feeds_max)
        feed = day_->feeds.emplace(path_hash, Day::Feed{std::string(sighting.path), {}, false}).first;
    if (feed == day_->feeds.end()) {
        ++day_->left_out;
    } else if (feed->second.seen.seen != now) {
        feed->second.seen.seen = now;
        feed->second.is_new = true;
    }

    std::uint64_t poller = XXH3_64bits_withSeed(&agent.reader, sizeof agent.reader, day_->key);
    if (agent.subscribers) {
        const auto hash = poller ^ path_hash;
        auto service = day_->services.find(hash);
        if (service == day_->services.end() && day_->services.size() < services_max)
            service =
                day_->services.emplace(hash, Day::Service{{agent.service, std::string(sighting.path), agent.feed}, {}, false})
                    .first;
        if (service == day_->services.end()) {
            ++day_->left_out;
        } else {
            service->second.seen = {.count = *agent.subscribers, .seen = now};
            service->second.is_new = true;
        }
    } else if (sighting.address) {
        const auto subscriber = subscriber_of(*sighting.address);
        poller = XXH3_64bits_withSeed(subscriber.bytes.data(), subscriber.bytes.size(), poller);
        if (feed != day_->feeds.end() && feed->second.seen.pollers.add(poller)) feed->second.is_new = true;
    }
    note_reader(sighting, agent, poller ^ path_hash);
}

void ReaderTally::note_reader(const Sighting& sighting, const Agent& agent, std::uint64_t poller) noexcept {
    auto& habits = *agent.habits;
    ++habits.requests;
    if (sighting.conditional) ++habits.conditional;
    if (sighting.status == 304) ++habits.not_modified;
    habits.body_bytes += sighting.body_bytes;
    // Nobody's address is known over a Unix socket without a proxy that says it: nothing is a repetition then.
    if (sighting.status != 200 || !(agent.subscribers || sighting.address)) return;
    const bool is_repeated = sent_before_->exchange(poller, hash_of(sighting.etag, 0));
    if (sighting.conditional || !is_repeated) return;
    ++habits.repeated;
    habits.repeated_bytes += sighting.body_bytes;
}

Readership ReaderTally::take() {
    auto seen = std::exchange(finished_, {});
    if (day_) {
        day_->use_key(key_of_(day_->date));
        day_->move_into(seen);
    }
    return seen;
}

}  // namespace gazetted
