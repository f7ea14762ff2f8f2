#include "daemon/document_links.hpp"

#include "feeds/write_feed.hpp"

namespace gazetted {

namespace {

struct Alternate {
    Address address;
    std::string media_type;
};

std::vector<Alternate> feeds_of(const Selection& selection) {
    std::vector<Alternate> feeds;
    for (const auto format : {FeedFormat::atom, FeedFormat::rss, FeedFormat::json}) {
        const std::string type(media_type(format));
        feeds.push_back({FeedAddress{selection, format}, type.substr(0, type.find(';'))});
    }
    return feeds;
}

struct FormsOf {
    std::vector<Alternate> of_selection(const Selection& selection) const {
        auto forms = feeds_of(selection);
        forms.push_back({CategoryPageAddress{selection}, "text/html"});
        return forms;
    }
    std::vector<Alternate> operator()(const FeedAddress& feed) const { return of_selection(feed.selection); }
    std::vector<Alternate> operator()(const CategoryPageAddress& page) const {
        const bool is_form = page.selection.is_search() && page.selection.name.empty();
        return is_form ? std::vector<Alternate>{} : of_selection(page.selection);
    }
    std::vector<Alternate> operator()(const ArchiveAddress&) const { return {}; }
    std::vector<Alternate> operator()(const ArticlePageAddress&) const { return {}; }
    std::vector<Alternate> operator()(const IndexPageAddress&) const { return feeds_of({}); }
    std::vector<Alternate> operator()(const CatalogueAddress&) const { return {}; }
};

}  // namespace

std::vector<DocumentLink> links_of(const Address& address, const std::string& base_url) {
    std::vector<DocumentLink> links = {{"canonical", base_url + canonical_path(address), ""}};
    for (const auto& other : std::visit(FormsOf{}, address))
        if (other.address != address)
            links.push_back({"alternate", base_url + canonical_path(other.address), other.media_type});
    return links;
}

std::string link_field(const std::vector<DocumentLink>& links) {
    std::string field;
    for (const auto& link : links) {
        field.append(field.empty() ? "Link: <" : ", <").append(link.target).append(">; rel=\"").append(link.relation) += '"';
        if (!link.media_type.empty()) field.append("; type=\"").append(link.media_type) += '"';
    }
    return field.empty() ? field : field + "\r\n";
}

}  // namespace gazetted
