#pragma once

#include "feeds/read_feed/xml.hpp"

#include <initializer_list>
#include <span>
#include <string_view>

namespace gazetted {

using Attributes = std::span<const XmlAttribute>;

/// The attribute of that name in any letter case, of no namespace or of any but XML's own; empty where there is none.
std::string_view attribute(Attributes attributes, std::string_view lower_name);
/// The first that says something.
std::string_view first_of(Attributes attributes, std::initializer_list<std::string_view> names);
/// `xml:lang`, `xml:base`; null where there is none.
const XmlAttribute* xml_attribute(Attributes attributes, std::string_view name);

}  // namespace gazetted
