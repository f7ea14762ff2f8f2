#include "feeds/read_opml.hpp"

#include "feeds/ascii.hpp"
#include "feeds/lawful.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/charset.hpp"
#include "feeds/read_feed/xml.hpp"
#include "feeds/text.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace gazetted {

namespace {

constexpr std::size_t title_characters_max = 500;

class OpmlEvents final : public XmlEvents {
public:
    void start_element(const XmlName& name, std::span<const XmlAttribute> attributes) override {
        if (!has_root_ && equal_ignoring_case(name.local, "opml")) root_depth_ = folders_.size();
        has_root_ = has_root_ || equal_ignoring_case(name.local, "opml");
        folders_.push_back(folders_.empty() ? OpmlFolder() : folders_.back());
        if (!has_root_ || !equal_ignoring_case(name.local, "outline")) return;
        const std::string title = first_words(one_line(first_of(attributes, "title", "text")), title_characters_max);
        const std::string_view url = first_of(attributes, "xmlurl", "xmlurl");
        if (url.empty())
            folders_.back() = {.title = title, .slug = slug_of(attributes)};
        else if (std::string feed_url = web_link(without_feed_scheme(url)); feed_url.empty())
            leave_out(url);
        else
            add({.title = title,
                 .feed_url = std::move(feed_url),
                 .home_url = web_link(first_of(attributes, "htmlurl", "url")),
                 .slug = slug_of(attributes),
                 .folders = {}});
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

    static std::string slug_of(std::span<const XmlAttribute> attributes) {
        const auto slug = std::find_if(attributes.begin(), attributes.end(), [](const XmlAttribute& attribute) {
            return attribute.name.space == Namespace::opml && attribute.name.local == "slug";
        });
        return slug == attributes.end() ? std::string() : std::string(slug->value);
    }

    void leave_out(std::string_view url) {
        if (list_.left_out.size() == opml_feeds_max)
            list_.has_more = true;
        else
            list_.left_out.push_back(first_words(one_line(url), title_characters_max));
    }

    void add(OpmlFeed feed) {
        const auto known = places_.find(feed.feed_url);
        if (known == places_.end() && list_.feeds.size() == opml_feeds_max) {
            list_.has_more = true;
            return;
        }
        const std::size_t place = known == places_.end() ? list_.feeds.size() : known->second;
        if (known == places_.end()) {
            places_.emplace(feed.feed_url, place);
            list_.feeds.push_back(std::move(feed));
        }
        auto& folders = list_.feeds[place].folders;
        const bool is_new = folders_.back() != OpmlFolder() && std::ranges::find(folders, folders_.back()) == folders.end();
        if (is_new && folders.size() < opml_folders_max) folders.push_back(folders_.back());
    }

    OpmlList list_;
    std::map<std::string, std::size_t> places_;  // of the feeds by their addresses
    std::vector<OpmlFolder> folders_;            // in force within each open element
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
