#pragma once

#include "daemon/figure_history.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// A small picture of rates over FigureHistory::span: an `<svg>` element that scales to the room that it gets and is coloured
/// by the style sheet's classes `plot-line`, `plot-area` and `plot-grid`. Its lines are at nought, at `top` and half way. It
/// holds numbers of ours alone, `label` aside, which is escaped. Same arguments, same bytes.
std::string plot_of(const std::vector<FigureHistory::Rate>&, double top, std::string_view label);

/// The least of 1, 2 and 5 times a power of ten that none of the values is above; 1 where there is nothing to show.
double top_of(const std::vector<FigureHistory::Rate>&, double factor = 1);

}  // namespace gazetted
