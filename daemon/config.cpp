#include "daemon/config.hpp"

#include "daemon/config_key.hpp"

#include <algorithm>

namespace gazetted {

std::optional<Error> contradiction_in(const Config& config) {
    const auto& server = config.server;
    if (server.tls.certificate.empty() != server.tls.key.empty())
        return Error{ErrorKind::malformed, "server.tls.certificate and server.tls.key are given together or not at all"};
    if (server.status_enabled && server.status.tls)
        return Error{ErrorKind::malformed, "the status listener speaks no TLS: leave https: out of server.status_listen"};
    const auto wants_tls =
        std::find_if(server.listen.begin(), server.listen.end(), [](const ListenAddress& listen) { return listen.tls; });
    if (wants_tls != server.listen.end() && server.tls.certificate.empty())
        return Error{ErrorKind::malformed,
                     "listening on " + to_string(*wants_tls) + " needs server.tls.certificate and server.tls.key"};
    return std::nullopt;
}

std::vector<std::string> config_keys() {
    std::vector<std::string> names;
    for (const ConfigKey& key : config_key_table()) names.push_back(key.dotted());
    return names;
}

std::vector<std::string> differing_keys(const Config& one, const Config& other) {
    std::vector<std::string> names;
    for (const ConfigKey& key : config_key_table())
        if (key.value.show(one) != key.value.show(other)) names.push_back(key.dotted());
    return names;
}

}  // namespace gazetted
