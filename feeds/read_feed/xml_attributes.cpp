#include "feeds/read_feed/xml_attributes.hpp"

#include <algorithm>

namespace gazetted {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equal_letters(std::string_view name, std::string_view lower_name) {
    return name.size() == lower_name.size() &&
           std::equal(name.begin(), name.end(), lower_name.begin(), [](char a, char b) { return lower(a) == b; });
}

std::string_view attribute(Attributes attributes, std::string_view lower_name) {
    for (const XmlAttribute& a : attributes) {
        if (a.name.space != Namespace::xml && a.name.space != Namespace::xmlns && equal_letters(a.name.local, lower_name))
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
