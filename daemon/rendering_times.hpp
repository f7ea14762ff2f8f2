#pragma once

#include "daemon/document.hpp"
#include "daemon/histogram.hpp"

#include <array>
#include <map>
#include <string_view>

namespace gazetted {

/// How long renderings take, and how soon a commit is to be seen. Any thread.
class RenderingTimes {
public:
    void note_rendering(const Address&, Histogram::Duration) noexcept;
    /// New bytes are there: counted where a feed comes in the place of one with an older revision, so that it is the change
    /// that made it. `previous` may be null.
    void note_bytes(const Document* previous, const Document& document, Instant now) noexcept;

    std::map<std::string_view, Histogram::Snapshot> by_format() const;
    Histogram::Snapshot commit_to_bytes() const noexcept { return commit_to_bytes_.snapshot(); }

private:
    static constexpr std::array<std::string_view, 6> formats = {"atom", "rss", "json", "html", "opml", "search"};
    static constexpr std::size_t search_place = 5;
    std::array<Histogram, formats.size()> renderings_;
    Histogram commit_to_bytes_;
};

}  // namespace gazetted
