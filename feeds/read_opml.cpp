#include "feeds/read_opml.hpp"

#include "feeds/ascii.hpp"
#include "feeds/lawful.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/charset.hpp"
#include "feeds/read_feed/xml.hpp"
#include "feeds/text.hpp"

#include <set>
#include <utility>

namespace gazetted {

namespace {

constexpr std::size_t title_characters_max = 500;

class OpmlEvents final : public XmlEvents {
public:
    void start_element(const XmlName& name, std::span<const XmlAttribute> attributes) override {
        if (!has_root_ && equal_ignoring_case(name.local, "opml")) root_depth_ = folders_.size();
        has_root_ = has_root_ || equal_ignoring_case(name.local, "opml");
        folders_.push_back(folders_.empty() ? std::string() : folders_.back());
        if (!has_root_ || !equal_ignoring_case(name.local, "outline")) return;
        const std::string title = first_words(one_line(first_of(attributes, "title", "text")), title_characters_max);
        const std::string_view url = first_of(attributes, "xmlurl", "xmlurl");
        if (url.empty())
            folders_.back() = title;
        else
            add({.title = title,
                 .feed_url = web_link(url),
                 .home_url = web_link(first_of(attributes, "htmlurl", "url")),
                 .folder = folders_.back()});
    }
    void end_element() override { folders_.pop_back(); }
    bool is_whole() const override { return has_root_ && folders_.size() <= root_depth_; }
    bool wants_text() const override { return false; }
    void text(std::string_view) override {}

    bool has_root() const { return has_root_; }
    OpmlList take() && { return std::move(list_); }

private:
    static std::string_view first_of(std::span<const XmlAttribute> attributes, std::string_view name, std::string_view other) {
        std::string_view found;
        for (const XmlAttribute& attribute : attributes) {
            if (equal_ignoring_case(attribute.name.local, name) && !attribute.value.empty()) return attribute.value;
            if (equal_ignoring_case(attribute.name.local, other)) found = attribute.value;
        }
        return found;
    }

    void add(OpmlFeed feed) {
        if (feed.feed_url.empty()) {
            ++list_.left_out;
        } else if (list_.feeds.size() == opml_feeds_max) {
            list_.has_more = true;
        } else if (seen_.insert(feed.feed_url).second) {
            list_.feeds.push_back(std::move(feed));
        }
    }

    OpmlList list_;
    std::set<std::string> seen_;
    std::vector<std::string> folders_;  // in force within each open element
    std::size_t root_depth_ = 0;
    bool has_root_ = false;
};

}  // namespace

Result<OpmlList> read_opml(std::string_view bytes) {
    if (bytes.size() > FeedLimits::bytes_max)
        return Error{ErrorKind::too_large, "more than " + std::to_string(FeedLimits::bytes_max >> 20) + " MB"};
    DecodedDocument document;
    if (auto decoded = decode_document(bytes, "", FeedLimits::bytes_max, document); !decoded) return decoded.error();
    OpmlEvents events;
    const auto outcome = scan_xml(document.text, !document.is_guess, events);
    if (!outcome) return Error{outcome.error().kind, legal_xml_text(outcome.error().message)};
    if (!events.has_root()) return Error{ErrorKind::unsupported, "no OPML: there is no <opml> in it"};
    OpmlList list = std::move(events).take();
    list.fault = legal_xml_text(document.fault.empty() ? outcome->fault : document.fault);
    return list;
}

}  // namespace gazetted
