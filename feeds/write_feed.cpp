#include "feeds/write_feed.hpp"

#include "feeds/write_feed/formats.hpp"

#include <array>
#include <cstddef>

namespace gazetted {
namespace {

struct Writer {
    std::string_view media_type;
    Fragment (*entry)(const Entry&);
    Envelope (*envelope)(const FeedHead&);
};

constexpr std::array<Writer, 3> writers = {{
    {"application/rss+xml; charset=utf-8", write_rss_item, rss_envelope},
    {"application/atom+xml; charset=utf-8", write_atom_entry, atom_envelope},
    {"application/feed+json; charset=utf-8", write_json_item, json_envelope},
}};
static_assert(FeedFormat::rss == FeedFormat{0} && FeedFormat::atom == FeedFormat{1} && FeedFormat::json == FeedFormat{2});

const Writer& writer(FeedFormat format) { return writers.at(static_cast<std::size_t>(format)); }

}  // namespace

Fragment write_entry(const Entry& entry, FeedFormat format) { return writer(format).entry(entry); }

std::string write_feed(const FeedHead& head, std::span<const std::string_view> fragments, FeedFormat format) {
    const Envelope envelope = writer(format).envelope(head);
    std::size_t size = envelope.head.size() + envelope.tail.size();
    for (const auto& fragment : fragments) size += fragment.size() + envelope.separator.size() + 1;

    std::string document;
    document.reserve(size);
    document += envelope.head;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
        if (i > 0) document += envelope.separator;
        document += '\n';
        document += fragments[i];
    }
    document += envelope.tail;
    return document;
}

std::string_view media_type(FeedFormat format) { return writer(format).media_type; }

}  // namespace gazetted
