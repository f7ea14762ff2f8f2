#pragma once

#include "feeds/entry.hpp"

namespace gazetted {

/// The entry without its content. Where it has no summary either, the content's first words are one.
Entry summarised(Entry);

}  // namespace gazetted
