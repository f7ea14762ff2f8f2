#pragma once

#include "feeds/feed.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// What is wrong, as half a sentence; none: nothing is.
using Fault = std::optional<std::string>;

/// What a strict parser and the rules of RSS 2.0 or RFC 4287 find wrong with the document that the parts make together.
Fault xml_feed_fault(std::initializer_list<std::string_view> parts, FeedFormat);

/// Absolute, http or https, nothing that would end it too early.
bool is_web_address(std::string_view);

}  // namespace gazetted
