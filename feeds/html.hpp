#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace gazetted {

/// HTML that passed the sanitiser: well-formed, absolute links, only what the allow-list names, legal XML characters.
/// Trust is a type: writers and pages take nothing else as markup, and only `sanitise_html()` makes one.
class SafeHtml {
public:
    SafeHtml() = default;
    const std::string& str() const noexcept { return html_; }
    bool empty() const noexcept { return html_.empty(); }
    friend bool operator==(const SafeHtml&, const SafeHtml&) = default;

private:
    friend SafeHtml sanitise_html(std::string_view html, std::string_view base_url);
    explicit SafeHtml(std::string html) : html_(std::move(html)) {}
    std::string html_;
};

}  // namespace gazetted
