#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gazetted::jekyll {

struct WithoutLiquid {
    std::string text;
    std::size_t tags = 0;  ///< `{% … %}` and `{{ … }}` that were left out
};

/// Liquid is never run: tags and variables go, the text between them stays. What stands in `raw` stays as it is, `highlight`
/// becomes a fenced code block, `comment` goes whole. A tag that has no end is text. Linear.
WithoutLiquid remove_liquid(std::string_view);

}  // namespace gazetted::jekyll
