#include "daemon/command_parts.hpp"
#include "feeds/feed_model.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/url.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace gazetted {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    const json::string* text = value ? value->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

/// RFC 9110 section 8.7: where the representation is, which relative links are relative to.
std::string address_of(const json::object& line) {
    std::string url = text_of(line, "base_url");
    const json::value* headers = line.if_contains("headers");
    if (!headers || !headers->is_object()) return url;
    const std::string location = text_of(headers->get_object(), "content-location");
    if (location.empty()) return url;
    const auto resolved = resolve_url(location, url);
    return resolved ? *resolved : url;
}

/// One line of a batch: the model with its id, or the id and an error.
std::string read_line(const std::string& line, bool sanitise) {
    json::error_code error;
    const json::value value = json::parse(line, error);
    if (error || !value.is_object()) return R"({"id":null,"error":"a line that is no JSON object"})";
    const json::object& request = value.get_object();
    const json::value* id = request.if_contains("id");
    const std::string head = "{\"id\":" + (id ? json::serialize(*id) : "null");
    const auto failed = [&](std::string_view what) {
        return head + ",\"wellformed\":false,\"error\":" + json::serialize(json::string(what)) + "}";
    };
    try {
        const std::string url = address_of(request);
        const auto feed = read_feed(read_file(text_of(request, "path")), text_of(request, "content_type"), url);
        if (!feed) return failed(feed.error().message);
        return head + "," + feed_model_json(*feed, {.sanitise = sanitise, .url = url}).substr(1);
    } catch (const std::runtime_error& unreadable) {
        return failed(unreadable.what());
    }
}

int read_batch(bool sanitise) {
    for (std::string line; std::getline(std::cin, line);) std::cout << read_line(line, sanitise) << "\n";
    return 0;
}

}  // namespace

int run(const Config&, const ReadCommand& command) {
    if (command.batch) return read_batch(command.sanitise);
    const auto bytes = read_input(command.file);
    const auto feed = read_feed(bytes, command.content_type, command.url);
    if (!feed) throw std::runtime_error(command.file + ": " + feed.error().message);
    std::cout << feed_model_json(*feed, {.sanitise = command.sanitise, .url = command.url}) << "\n" << std::flush;
    if (!feed->is_cut_off) return 0;
    std::cerr << "gazetted: " << command.file << ": " << feed->fault << "; what was read before that is printed\n";
    return 1;
}

}  // namespace gazetted
