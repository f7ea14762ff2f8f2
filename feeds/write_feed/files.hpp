#pragma once

#include "feeds/entry.hpp"

#include <vector>

namespace gazetted {

/// The entry's files of that role, in their order. They live as long as the entry.
std::vector<const Enclosure*> files_of(const Entry&, EnclosureRole);

}  // namespace gazetted
