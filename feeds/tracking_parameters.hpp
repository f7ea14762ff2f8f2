#pragma once

#include <string>

namespace gazetted {

/// `url` without the parameters of its query that tell who came from where and nothing else; all else as it was.
std::string without_tracking_parameters(std::string url);

}  // namespace gazetted
