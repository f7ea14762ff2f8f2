#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gazetted {

/// Names of query parameters that say who sent a reader and never what he gets. A star stands for any end. SQL's url_key()
/// tells addresses apart without the same ones.
std::span<const std::string_view> tracking_parameters();

/// The link without them; what is left stays byte for byte.
std::string without_tracking(std::string_view link);

}  // namespace gazetted
