#include "daemon/plot.hpp"

#include <algorithm>
#include <cmath>

namespace gazetted {

namespace {

constexpr double width = 720, height = 160;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string whole(double number) { return std::to_string(std::lround(number)); }

std::string place_of(const FigureHistory::Rate& rate, double top) {
    const double share = std::clamp(rate.per_second / top, 0.0, 1.0);
    const double age = rate.age / std::chrono::duration<double>(FigureHistory::span);
    return whole(width * (1 - std::clamp(age, 0.0, 1.0))) + " " + whole(height * (1 - share));
}

std::string grid_line(double y) { return "M0 " + whole(y) + "H" + whole(width); }

}  // namespace

std::string plot_of(const std::vector<FigureHistory::Rate>& rates, double top, std::string_view label) {
    std::string svg = "<svg class=\"plot\" viewBox=\"0 -4 " + whole(width) + " " + whole(height + 8) +
                      "\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" + escaped(label) + "\">";
    svg += "<path class=\"plot-grid\" d=\"" + grid_line(0) + grid_line(height / 2) + grid_line(height) + "\"/>";
    if (!rates.empty()) {
        std::string line;
        for (const auto& rate : rates) line += (line.empty() ? "" : "L") + place_of(rate, top);
        const auto x_of = [&](const auto& rate) { return place_of(rate, top).substr(0, place_of(rate, top).find(' ')); };
        svg += "<path class=\"plot-area\" d=\"M" + x_of(rates.front()) + " " + whole(height) + "L" + line + "L" +
               x_of(rates.back()) + " " + whole(height) + "Z\"/>";
        svg += "<path class=\"plot-line\" d=\"M" + line + "\"/>";
    }
    return svg + "</svg>";
}

double top_of(const std::vector<FigureHistory::Rate>& rates, double factor) {
    double most = 0;
    for (const auto& rate : rates) most = std::max(most, rate.per_second * factor);
    if (most <= 0) return 1;
    const double power = std::pow(10, std::floor(std::log10(most)));
    for (const double step : {1.0, 2.0, 5.0})
        if (most <= step * power) return step * power;
    return 10 * power;
}

}  // namespace gazetted
