#include "feeds/read_feed/xml_attributes.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>

namespace gazetted {
std::string_view attribute(Attributes attributes, std::string_view lower_name) {
    for (const XmlAttribute& a : attributes) {
        if (a.name.space != Namespace::xml && a.name.space != Namespace::xmlns && equal_ignoring_case(a.name.local, lower_name))
            return a.value;
    }
    return {};
}

const XmlAttribute* xml_attribute(Attributes attributes, std::string_view name) {
    const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const XmlAttribute& a) {
        return a.name.space == Namespace::xml && a.name.local == name;
    });
    return found == attributes.end() ? nullptr : &*found;
}

std::string_view first_of(Attributes attributes, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (const std::string_view value = attribute(attributes, name); !value.empty()) return value;
    }
    return {};
}

}  // namespace gazetted
