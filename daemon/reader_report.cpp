#include "daemon/reader_report.hpp"

#include "daemon/address.hpp"
#include "feeds/date_time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace gazetted {

namespace {

/// Of one feed in all its formats.
struct Sum {
    std::set<std::string> formats;
    std::map<std::string, std::uint64_t> services;
    std::map<std::chrono::sys_days, PollerSketch> pollers;
    std::chrono::sys_seconds seen{};
};

struct Place {
    std::string address;
    std::string format;
};

Place place_of(const std::string& path) {
    const auto bare = path.substr(0, path.find('?'));
    const auto parsed = parse_path(bare);
    const auto* feed = parsed ? std::get_if<FeedAddress>(&parsed->address) : nullptr;
    if (!feed || parsed->negotiated || is_search(parsed->address)) return {path, ""};
    return {negotiated_path(feed->selection), bare.substr(bare.rfind('.') + 1)};
}

ReaderReport::Feed feed_of(const std::string& address, const Sum& sum) {
    ReaderReport::Feed feed{.address = address,
                            .formats = {sum.formats.begin(), sum.formats.end()},
                            .subscribers = 0,
                            .services = sum.services,
                            .pollers = 0,
                            .seen = sum.seen};
    for (const auto& [service, count] : sum.services) feed.subscribers += count;
    for (const auto& [day, sketch] : sum.pollers) feed.pollers = std::max(feed.pollers, sketch.estimate());
    return feed;
}

/// The text, then blanks up to the width.
std::string cell(const std::string& value, std::size_t width) {
    return value + std::string(width > value.size() ? width - value.size() : 0, ' ') + "  ";
}
std::string cell(std::uint64_t value, std::size_t width) {
    const auto text = std::to_string(value);
    return std::string(width > text.size() ? width - text.size() : 0, ' ') + text + "  ";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string services_text(const ReaderReport::Feed& feed) {
    std::string text;
    for (const auto& [service, count] : feed.services)
        text += (text.empty() ? "" : ", ") + service + " " + std::to_string(count);
    return text;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
    return std::to_string(part * 100 / std::max<std::uint64_t>(whole, 1)) + "%";
}

std::string feeds_text(const ReaderReport& report) {
    if (report.feeds.empty()) return "\nNobody has asked for a feed in these days.\n";
    std::size_t width = 4;
    for (const auto& feed : report.feeds) width = std::max(width, feed.address.size());
    std::string text =
        "\n" + cell("feed", width) + "subscribers  pollers  " + cell("last seen", 20) + cell("formats", 13) + "services\n";
    for (const auto& feed : report.feeds)
        text += cell(feed.address, width) + cell(feed.subscribers, 11) + cell(feed.pollers, 7) +
                cell(to_rfc3339(feed.seen), 20) + cell(joined(feed.formats), 13) + services_text(feed) + "\n";
    return text;
}

std::string readers_text(const ReaderReport& report) {
    if (report.readers.empty()) return "";
    std::size_t width = 6;
    for (const auto& reader : report.readers) width = std::max(width, reader.name.size());
    std::string text = "\n" + cell("reader", width) + "requests  conditional   304  validators  repeated  bytes repeated\n";
    for (const auto& [name, habits] : report.readers) {
        const auto conditional = percent(habits.conditional, habits.requests);
        const auto not_modified = percent(habits.not_modified, habits.requests);
        text += cell(name, width) + cell(habits.requests, 8) +
                std::string(11 - std::min<std::size_t>(11, conditional.size()), ' ') + conditional + "  " +
                std::string(4 - std::min<std::size_t>(4, not_modified.size()), ' ') + not_modified + "  " +
                cell(uses_validators(habits), 10) + cell(habits.repeated, 8) + cell(habits.repeated_bytes, 14) + "\n";
    }
    return text;
}

/// Blanks at the ends of lines are of no use to anybody.
std::string without_trailing_blanks(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n')
            while (out.ends_with(' ')) out.pop_back();
        out += c;
    }
    return out;
}

}  // namespace

ReaderReport report_of(const Readership& seen) {
    std::map<std::string, Sum> sums;
    for (const auto& [key, feed] : seen.feeds) {
        const auto place = place_of(key.path);
        auto& sum = sums[place.address];
        sum.formats.insert(place.format);
        sum.pollers[key.day].merge(feed.pollers);
        sum.seen = std::max(sum.seen, feed.seen);
    }
    for (const auto& [key, said] : seen.subscribers) {
        const auto place = place_of(key.path);
        auto& sum = sums[place.address];
        sum.formats.insert(place.format);
        sum.services[key.service] += said.count;
        sum.seen = std::max(sum.seen, said.seen);
    }
    ReaderReport report;
    for (const auto& [address, sum] : sums) report.feeds.push_back(feed_of(address, sum));
    std::stable_sort(report.feeds.begin(), report.feeds.end(),
                     [](const auto& a, const auto& b) { return a.subscribers + a.pollers > b.subscribers + b.pollers; });

    Readership whole;
    for (const auto& [key, habits] : seen.habits) {
        Readership one;
        one.habits[{{}, key.reader}] = habits;
        whole.merge(one);
    }
    for (const auto& [key, habits] : whole.habits) report.readers.push_back({key.reader, habits});
    std::stable_sort(report.readers.begin(), report.readers.end(),
                     [](const auto& a, const auto& b) { return a.habits.requests > b.habits.requests; });
    return report;
}

const char* uses_validators(const Readership::Habits& habits) {
    if (habits.requests > 0 && habits.conditional * 2 >= habits.requests) return "yes";
    if (habits.conditional * 10 < habits.requests && habits.repeated > 0) return "no";
    return habits.conditional > 0 ? "at times" : "-";
}

std::string text_of(const ReaderReport& report) { return without_trailing_blanks(feeds_text(report) + readers_text(report)); }

std::string json_of(const ReaderReport& report) {
    boost::json::array feeds, readers;
    for (const auto& feed : report.feeds) {
        boost::json::object services;
        for (const auto& [service, count] : feed.services) services[service] = count;
        boost::json::array formats(feed.formats.begin(), feed.formats.end());
        feeds.push_back(boost::json::object{{"feed", feed.address},
                                            {"subscribers", feed.subscribers},
                                            {"services", std::move(services)},
                                            {"pollers", feed.pollers},
                                            {"formats", std::move(formats)},
                                            {"seen", to_rfc3339(feed.seen)}});
    }
    for (const auto& [name, habits] : report.readers)
        readers.push_back(boost::json::object{{"reader", name},
                                              {"requests", habits.requests},
                                              {"conditional", habits.conditional},
                                              {"not_modified", habits.not_modified},
                                              {"validators", uses_validators(habits)},
                                              {"body_bytes", habits.body_bytes},
                                              {"repeated", habits.repeated},
                                              {"repeated_bytes", habits.repeated_bytes}});
    return "\"feeds\":" + boost::json::serialize(feeds) + ",\"readers\":" + boost::json::serialize(readers);
}

}  // namespace gazetted
