#pragma once

#include "feeds/read_feed/xml.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gazetted {

/// The prefix that an attribute of this name declares, empty for the default; none where it declares nothing.
std::optional<std::string_view> declared_prefix(std::string_view attribute_name);

/// What prefixes mean where a document is being read (Namespaces in XML 1.0). Views into the document.
class NamespacesInForce {
public:
    std::size_t count() const noexcept { return declarations_.size(); }
    /// Leaves an element: as many as were in force outside of it still are.
    void leave(std::size_t count) { declarations_.resize(count); }
    /// False: there are namespaces_max in force already.
    [[nodiscard]] bool declare(std::string_view prefix, std::string_view uri);

    struct Resolved {
        XmlName name;
        bool is_declared = true;  ///< else the prefix means what it does by custom
    };
    Resolved resolve(std::string_view name, bool is_attribute) const;

private:
    struct Declaration {
        std::string_view prefix;
        Namespace space = Namespace::other;
    };
    std::optional<Namespace> find(std::string_view prefix) const;

    std::vector<Declaration> declarations_;
};

}  // namespace gazetted
