#include "daemon/config_values.hpp"
#include "daemon/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace gazetted {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};
constexpr std::array duration_units = {Unit{"s", 1}, Unit{"min", 60}, Unit{"h", 3'600}, Unit{"d", 86'400}};
constexpr std::array size_units = {Unit{"B", 1}, Unit{"KiB", 1 << 10}, Unit{"MiB", 1 << 20}, Unit{"GiB", 1 << 30}};
/// Every product with a unit's factor fits 63 bits.
constexpr std::uint64_t number_max = 1'000'000'000;

template <class T>
std::optional<T> whole_number(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::uint64_t> quantity(std::string_view text, std::span<const Unit> units) {
    const std::size_t unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = whole_number<std::uint64_t>(text.substr(0, unit_at));
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == text.substr(unit_at); });
    if (!number || *number > number_max || unit == units.end()) return std::nullopt;
    return *number * unit->factor;
}

Error malformed(std::string message) { return Error{ErrorKind::malformed, std::move(message)}; }

}  // namespace

Result<std::chrono::seconds> parse_duration(std::string_view text) {
    const auto seconds = quantity(text, duration_units);
    if (!seconds) return malformed("a duration is a whole number and a unit, such as \"60s\", \"15min\", \"2h\" or \"1d\"");
    return std::chrono::seconds(static_cast<std::chrono::seconds::rep>(*seconds));
}

Result<std::size_t> parse_size(std::string_view text) {
    const auto bytes = quantity(text, size_units);
    if (!bytes) return malformed("a size is a whole number and a unit, such as \"64KiB\", \"256MiB\" or \"2GiB\"");
    return static_cast<std::size_t>(*bytes);
}

namespace {

std::string quantity_text(std::uint64_t quantity, std::span<const Unit> units) {
    const Unit* largest = &units.front();
    for (const Unit& unit : units)
        if (quantity > 0 && quantity % unit.factor == 0) largest = &unit;
    return std::to_string(quantity / largest->factor) + std::string(largest->name);
}

}  // namespace

std::string duration_text(std::chrono::seconds duration) {
    return quantity_text(static_cast<std::uint64_t>(duration.count()), duration_units);
}

std::string size_text(std::size_t bytes) { return quantity_text(bytes, size_units); }

Result<std::string> parse_base_url(std::string_view text) {
    const std::string_view given = text;
    const std::size_t scheme_bytes = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
    while (text.ends_with('/') && text.size() > scheme_bytes) text.remove_suffix(1);
    const std::string_view rest = text.substr(std::min(scheme_bytes, text.size()));
    const bool legible = std::all_of(rest.begin(), rest.end(), [](char c) {
        return c > ' ' && c < '\x7f' && std::string_view("?#<>\"\\^`{|}").find(c) == std::string_view::npos;
    });
    if (scheme_bytes == 0 || rest.empty() || rest.front() == '/' || !legible) {
        return malformed("\"" + std::string(given) + "\" is no base URL such as https://news.example.org");
    }
    if (rest.find('/') != std::string_view::npos)
        return malformed(
            "\"" + std::string(given) +
            "\" has a path, and redirects and pages lead to the top of a host: give the site a host of its own, such "
            "as https://feeds.example.org");
    return std::string(text);
}

std::string base_url_of(const ServerConfig& server) {
    const auto with_port = std::find_if(server.listen.begin(), server.listen.end(), [](const ListenAddress& listen) {
        return std::holds_alternative<TcpAddress>(listen.where);
    });
    if (with_port == server.listen.end()) return "http://localhost";
    auto address = std::get<TcpAddress>(with_port->where);
    if (address.host == "0.0.0.0" || address.host == "::") address.host = "localhost";
    return (with_port->tls ? "https://" : "http://") + to_string(address);
}

Result<unsigned> parse_file_mode(std::string_view text) {
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    if (!is_number || text.size() < 3 || text.size() > 4 || mode > 0777)
        return malformed("a mode is three octal digits, such as \"0660\"");
    return mode;
}

std::string file_mode_text(unsigned mode) {
    std::string text = "0";
    for (const unsigned shift : {6U, 3U, 0U}) text += static_cast<char>('0' + ((mode >> shift) & 7U));
    return text;
}

bool is_log_level(std::string_view level) {
    constexpr std::array<std::string_view, 5> levels = {"trace", "debug", "info", "warning", "error"};
    return std::find(levels.begin(), levels.end(), level) != levels.end();
}

}  // namespace gazetted
