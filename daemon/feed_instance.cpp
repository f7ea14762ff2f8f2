#include "daemon/feed_instance.hpp"

#include <xxhash.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace gazetted {

namespace {

using Places = std::vector<FeedInstance::Place>;

// The places of the articles, those changed last first.
std::vector<std::size_t> by_revision(const Places& places) {
    std::vector<std::size_t> order(places.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return places[a].revision > places[b].revision; });
    return order;
}

// The feed as it is without the newer ones: older articles stand in the places that those took.
std::string write_without(const FeedInstance& now, const std::vector<bool>& is_newer) {
    FeedHead head = now.head;
    head.updated = Instant::min();
    head.history = history_behind(now);
    std::vector<std::string_view> fragments;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < now.places.size(); ++i) {
        if (is_newer[i]) continue;
        if (shown == now.places_shown_max) {
            head.history = history_before(now, now.places[i].number);
            break;
        }
        ++shown;
        head.updated = std::max(head.updated, now.places[i].updated);
        if (now.places[i].fragment) fragments.push_back(*now.places[i].fragment);
    }
    return shown == 0 ? std::string() : write_feed(head, fragments, now.format);
}

bool is_left_out(const std::vector<SoundFeed::LeftOut>& left_out, std::size_t place) {
    return std::ranges::find(left_out, place, &SoundFeed::LeftOut::place) != left_out.end();
}

enum class Entries { all, unproven };

std::string write_shown(const FeedInstance& now, Entries which, const std::vector<SoundFeed::LeftOut>& left_out) {
    std::vector<std::string_view> fragments;
    for (std::size_t i = 0; i < std::min(now.places.size(), now.places_shown_max); ++i) {
        const auto& place = now.places[i];
        if (!place.fragment || is_left_out(left_out, i) || (which == Entries::unproven && place.is_proven)) continue;
        fragments.push_back(*place.fragment);
    }
    return write_feed(now.head, fragments, now.format);
}

std::optional<std::string> fault_in_unproven(const FeedInstance& now, const std::vector<SoundFeed::LeftOut>& left_out) {
    return fault_in(write_shown(now, Entries::unproven, left_out), now.format);
}

}  // namespace

std::vector<HistoryLink> history_before(const FeedInstance& instance, std::int64_t number) {
    if (instance.archives.empty()) return {};
    const char* const suffix = instance.format == FeedFormat::rss ? ".rss" : ".atom";
    return {{"prev-archive", instance.archives + std::to_string(number) + suffix}};
}

std::vector<HistoryLink> history_behind(const FeedInstance& instance) {
    if (instance.unread_number == 0) return {};
    return history_before(instance, instance.unread_number);
}

SoundFeed write_sound_feed(const FeedInstance& now) {
    SoundFeed feed;
    auto fault = fault_in_unproven(now, {});
    for (std::size_t i = 0; fault && i < std::min(now.places.size(), now.places_shown_max); ++i) {
        if (!now.places[i].fragment || now.places[i].is_proven) continue;
        if (auto entry_fault = fault_in_entry(*now.places[i].fragment, now.format))
            feed.left_out.push_back({.place = i, .reason = "the feed would not be valid: " + std::move(*entry_fault)});
    }
    if (fault) fault = fault_in_unproven(now, feed.left_out);
    if (fault) throw std::runtime_error("the feed would not be valid: " + *fault);
    feed.body = write_shown(now, Entries::all, feed.left_out);
    return feed;
}

std::string hash_of(std::string_view body) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(body.data(), body.size()));
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : canonical.digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::uint64_t short_hash_of(std::string_view path) { return XXH3_64bits(path.data(), path.size()); }

std::vector<OlderInstance> older_instances(const FeedInstance& now) {
    std::vector<OlderInstance> older;
    std::vector<bool> is_newer(now.places.size());
    const auto order = by_revision(now.places);
    for (std::size_t newer = 1; newer <= std::min(order.size(), older_instances_max); ++newer) {
        is_newer[order[newer - 1]] = true;
        OlderInstance before;
        for (std::size_t i = 0; i < std::min(now.places.size(), now.places_shown_max); ++i)
            if (is_newer[i] && now.places[i].fragment) before.newer.push_back(now.places[i].fragment);
        const auto body = write_without(now, is_newer);
        if (body.empty()) break;
        if (before.newer.empty()) continue;
        before.hash = hash_of(body);
        older.push_back(std::move(before));
    }
    return older;
}

std::string write_delta(const FeedInstance& now, const OlderInstance& before) {
    std::vector<std::string_view> fragments;
    for (const auto& fragment : before.newer) fragments.emplace_back(*fragment);
    return write_feed(now.head, fragments, now.format);
}

}  // namespace gazetted
