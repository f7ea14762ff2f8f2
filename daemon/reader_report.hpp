#pragma once

#include "daemon/readership.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gazetted {

/// What `gazetted stats` says of readers.
struct ReaderReport {
    struct Feed {
        std::string address;               ///< path without a format
        std::vector<std::string> formats;  ///< asked for, by name
        std::uint64_t subscribers = 0;     ///< of all services together, each as it last said
        std::map<std::string, std::uint64_t> services;
        std::uint64_t pollers = 0;  ///< that read for themselves: the most on one day, estimated
        std::chrono::sys_seconds seen;
    };
    struct Reader {
        std::string name;
        Readership::Habits habits;
    };
    std::vector<Feed> feeds;      ///< most readers first
    std::vector<Reader> readers;  ///< most requests first
};
ReaderReport report_of(const Readership&);

/// Whether a reader asks with validators: `yes` with at least half its requests; `no` where it does so with less than a tenth
/// and has fetched bytes that it had; `at times`; `-` where nothing shows it yet.
const char* uses_validators(const Readership::Habits&);

/// A table for people, with its heads; a sentence where there is nothing.
std::string text_of(const ReaderReport&);
/// The members "feeds" and "readers" of a JSON object, without its braces.
std::string json_of(const ReaderReport&);

}  // namespace gazetted
