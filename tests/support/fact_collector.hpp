#pragma once

#include "tests/support/facts.hpp"

#include <cstdio>
#include <initializer_list>
#include <string>

namespace gazetted {

/// Members of one fact, apart by bars; the first may be empty.
inline std::string joined(std::initializer_list<std::string> parts) {
    std::string out;
    for (const std::string& part : parts) out += (out.empty() && &part == parts.begin() ? "" : "|") + part;
    return out;
}

/// Facts of one entry or feed; what is empty is none.
class Collector {
public:
    void add(const std::string& name, const std::string& value) {
        if (value.find_first_not_of('|') != std::string::npos) facts.insert(name + "=" + value);
    }
    void file(const std::string& role, std::initializer_list<std::string> parts) { add(role, joined(parts)); }
    /// An enclosure that says more is told a second time; it is one fact here.
    void more(std::initializer_list<std::string> parts, const std::string& url) {
        if (joined(parts).find_first_not_of('|') != std::string::npos) add("more", url + "|" + joined(parts));
    }
    Facts facts;
};

/// Written in another way in each format, read back as the same number but for the last digits, which Boost.JSON loses.
inline std::string degrees(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.12g", value);
    return text;
}

}  // namespace gazetted
