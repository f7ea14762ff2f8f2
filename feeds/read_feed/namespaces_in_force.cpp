#include "feeds/read_feed/namespaces_in_force.hpp"

#include "feeds/read_feed.hpp"

#include <algorithm>

namespace gazetted {

std::optional<std::string_view> declared_prefix(std::string_view attribute_name) {
    constexpr std::string_view mark = "xmlns";
    if (!attribute_name.starts_with(mark)) return std::nullopt;
    if (attribute_name.size() == mark.size()) return std::string_view();
    const auto rest = attribute_name.substr(mark.size());
    return rest.size() > 1 && rest.front() == ':' ? std::optional(rest.substr(1)) : std::nullopt;
}

bool NamespacesInForce::declare(std::string_view prefix, std::string_view uri) {
    if (declarations_.size() == FeedLimits::namespaces_max) return false;
    Namespace space = namespace_of_uri(uri);
    // What a document calls its own without a prefix is read as the core: many wrong addresses are in use.
    if (prefix.empty() && space == Namespace::other) space = Namespace::core;
    declarations_.push_back({prefix, space});
    return true;
}

NamespacesInForce::Resolved NamespacesInForce::resolve(std::string_view name, bool is_attribute) const {
    const std::size_t colon = name.find(':');
    const bool has_prefix = colon != std::string_view::npos && colon != 0 && colon + 1 < name.size();
    if (!has_prefix) {
        if (is_attribute) return {{name == "xmlns" ? Namespace::xmlns : Namespace::core, {}, name}};
        return {{find({}).value_or(Namespace::core), {}, name}};
    }
    const std::string_view prefix = name.substr(0, colon);
    const std::string_view local = name.substr(colon + 1);
    if (prefix == "xml") return {{Namespace::xml, prefix, local}};
    if (prefix == "xmlns") return {{Namespace::xmlns, prefix, local}};
    if (const auto declared = find(prefix)) return {{*declared, prefix, local}};
    return {{namespace_of_prefix(prefix), prefix, local}, false};
}

std::optional<Namespace> NamespacesInForce::find(std::string_view prefix) const {
    const auto found =
        std::find_if(declarations_.rbegin(), declarations_.rend(), [&](const Declaration& d) { return d.prefix == prefix; });
    if (found == declarations_.rend()) return std::nullopt;
    return found->space;
}

}  // namespace gazetted
