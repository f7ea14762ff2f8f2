#include "feeds/sanitise_html.hpp"

#include "feeds/html_plain_reader.hpp"
#include "feeds/html_tree_reader.hpp"

#include <utility>

namespace gazetted {

SafeHtml sanitise_html(std::string_view html, std::string_view base_url) {
    if (auto plain = sanitise_plain_html(html, base_url)) return SafeHtml(std::move(*plain));
    return SafeHtml(sanitise_by_tree(html, base_url));
}

}  // namespace gazetted
