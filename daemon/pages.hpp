#pragma once

#include "daemon/store.hpp"
#include "feeds/entry.hpp"
#include "feeds/feed.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

inline constexpr std::string_view page_media_type = "text/html; charset=utf-8";

// Pages for people: plain, legible, responsive HTML, no scripts; autodiscovery links, the category's own feeds first. Escaping
// is the template library's, by context; entries' HTML is SafeHtml. Links within the site are paths, so a page reads the same
// behind any name. Pure and safe to call from any thread: same arguments, same bytes, no dates but the articles'.

/// Where a page is one of several that show what a search found: the paths of those before and after it, empty where there are
/// none.
struct PagesAround {
    std::string newer;
    std::string older;
};

/// Entries in the order given: whole where they are short, else their summary or first words. `site_title` names the way
/// back to `/`; empty: "Home".
std::string category_page(const FeedHead&, const CategoryPageAddress&, const std::vector<Entry>&,
                          std::string_view site_title = {}, const PagesAround& = {});
std::string article_page(const std::string& site_title, const Entry&);
/// All categories in the order given and, where they are many, first those with the newest articles.
std::string index_page(const Catalogue&, std::string_view site_title);
/// The one style sheet, served as /style.css.
std::string_view style_sheet();

}  // namespace gazetted
