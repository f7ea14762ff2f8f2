#include "feeds/write_feed/check.hpp"
#include "feeds/lawful.hpp"
#include "feeds/write_feed.hpp"
#include "feeds/write_feed/formats.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

namespace gazetted {
namespace {

namespace json = boost::json;

std::string quoted(std::string_view text) { return '"' + std::string(text.substr(0, 80)) + '"'; }

// --- JSON Feed 1.1 ----------------------------------------------------------------------------------------------------------

const json::string* text_member(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_string();
}

/// The members that hold an address, wherever they stand.
constexpr std::array<std::string_view, 10> address_members = {"url",  "external_url", "home_page_url", "feed_url", "image",
                                                              "icon", "favicon",      "comments_url",  "via_url",  "avatar"};

Fault address_fault(const json::value& value) {
    if (const auto* list = value.if_array()) {
        for (const json::value& each : *list)
            if (auto fault = address_fault(each)) return fault;
        return std::nullopt;
    }
    const auto* object = value.if_object();
    if (object == nullptr) return std::nullopt;
    for (const auto& [name, member] : *object) {
        const bool is_address = std::ranges::find(address_members, std::string_view(name)) != address_members.end();
        if (is_address && (!member.is_string() || !is_web_address(member.as_string())))
            return std::string(name) + " is no absolute address";
        if (auto fault = address_fault(member)) return fault;
    }
    return std::nullopt;
}

Fault item_fault(const json::value& value) {
    const auto* item = value.if_object();
    if (item == nullptr) return "an item is no object";
    const auto* id = text_member(*item, "id");
    if (id == nullptr || id->empty()) return "an item has no id";
    if (text_member(*item, "content_html") == nullptr) return "an item has no content";
    for (const std::string_view name : {"date_published", "date_modified"}) {
        const auto* date = text_member(*item, name);
        if (date == nullptr || !parse_rfc3339(*date)) return "an item's " + std::string(name) + " is no time";
    }
    if (const auto* attachments = item->if_contains("attachments")) {
        for (const json::value& attachment : attachments->as_array())
            if (!attachment.as_object().contains("url") || !attachment.as_object().contains("mime_type"))
                return "an attachment lacks its url or type";
    }
    return address_fault(value);
}

Fault json_feed_fault(const json::value& document) {
    const auto* feed = document.if_object();
    if (feed == nullptr) return "the document is no object";
    const auto* version = text_member(*feed, "version");
    if (version == nullptr || *version != "https://jsonfeed.org/version/1.1") return "the version is not said";
    const auto* title = text_member(*feed, "title");
    if (title == nullptr || title->empty()) return "the feed has no title";
    const auto* items = feed->if_contains("items");
    if (items == nullptr || !items->is_array()) return "the feed has no items";
    std::set<std::string_view> ids;
    for (const json::value& item : items->as_array()) {
        if (auto fault = item_fault(item)) return fault;
        const auto& id = item.as_object().at("id").as_string();
        if (!ids.insert(id).second) return "two items have the id " + quoted(id);
    }
    for (const auto& [name, member] : *feed)
        if (name != "items")
            if (auto fault = address_fault(json::object{{name, member}})) return fault;
    return std::nullopt;
}

Fault json_fault(std::string_view bytes, Fault (*look_at)(const json::value&)) {
    json::error_code error;
    json::monotonic_resource memory;
    const json::value value = json::parse(bytes, error, &memory);
    if (error) return "not JSON: " + error.message();
    return look_at(value);
}

}  // namespace

bool is_web_address(std::string_view text) {
    const bool is_web = text.starts_with("http://") || text.starts_with("https://");
    return is_web && std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '"'; });
}

std::optional<std::string> fault_in(std::string_view document, FeedFormat format) {
    if (format == FeedFormat::json) return json_fault(document, json_feed_fault);
    return xml_feed_fault({document}, format);
}

std::optional<std::string> fault_in_entry(std::string_view fragment, FeedFormat format) {
    if (format == FeedFormat::json) return json_fault(fragment, item_fault);
    const bool is_rss = format == FeedFormat::rss;
    if (!fragment.starts_with(is_rss ? "<item" : "<entry") || !fragment.ends_with(is_rss ? "</item>" : "</entry>"))
        return "the fragment is no entry";
    static const FeedHead head{.id = "i",
                               .title = "t",
                               .subtitle = {},
                               .language = {},
                               .author = {},
                               .self_link = "https://a.example/f",
                               .home_link = "https://a.example/",
                               .updated = {}};
    static const Envelope rss = rss_envelope(head);
    static const Envelope atom = atom_envelope(head);
    const Envelope& envelope = is_rss ? rss : atom;
    return xml_feed_fault({envelope.head, fragment, envelope.tail}, format);
}

}  // namespace gazetted
