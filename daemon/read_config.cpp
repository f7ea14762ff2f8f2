#include "daemon/read_config.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

namespace gazetted {
namespace {

constexpr const char* installed_file = "/etc/gazetted/gazetted.toml";
constexpr std::size_t file_bytes_max = std::size_t{1} << 20;

Result<std::string> file_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorKind::malformed, path.string() + ": cannot be read: " + std::strerror(errno)};
    std::string text(file_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) return Error{ErrorKind::malformed, path.string() + ": cannot be read"};
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > file_bytes_max) return Error{ErrorKind::too_large, path.string() + ": is larger than 1 MiB"};
    return text;
}

/// Nothing where no file is named and none is installed.
std::optional<Error> add_file(ConfigLayers& layers, const std::filesystem::path& named) {
    std::error_code ignored;
    if (named.empty() && !std::filesystem::exists(installed_file, ignored)) return std::nullopt;
    const std::filesystem::path path = named.empty() ? installed_file : named;
    const Result<std::string> text = file_text(path);
    if (!text) return text.error();
    layers.add_file(*text, path.string());
    return std::nullopt;
}

std::optional<Error> add_credentials(ConfigLayers& layers, const Texts& environment) {
    const auto directory = environment.find("CREDENTIALS_DIRECTORY");
    if (directory == environment.end()) return std::nullopt;
    Texts credentials;
    for (const std::string& key : config_keys()) {
        const std::filesystem::path path = std::filesystem::path(directory->second) / key;
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) continue;
        const Result<std::string> text = file_text(path);
        if (!text) return text.error();
        credentials[key] = *text;
    }
    layers.add_credentials(credentials);
    return std::nullopt;
}

void add_options(ConfigLayers& layers, const GlobalOptions& options) {
    if (!options.database_url.empty()) layers.change("database.url", "--database").database.url = options.database_url;
    if (!options.data.empty()) layers.change("database.data", "--data").database.data = options.data;
    if (!options.log_level.empty()) layers.change("log.level", "--log-level").log.level = options.log_level;
}

void add_options(ConfigLayers& layers, const ServeCommand& serve) {
    if (!serve.listen.empty()) layers.change("server.listen", "--listen").server.listen = serve.listen;
    if (serve.status_listen || serve.status_off) {
        ServerConfig& server = layers.change("server.status_listen", "--status-listen").server;
        server.status_enabled = !serve.status_off;
        if (serve.status_listen) server.status = *serve.status_listen;
    }
    if (serve.base_url) layers.change("site.base_url", "--base-url").site.base_url = *serve.base_url;
    if (serve.title) layers.change("site.title", "--title").site.title = *serve.title;
}

}  // namespace

Result<EffectiveConfig> read_config(const CommandLine& line, const Texts& environment) {
    ConfigLayers layers;
    if (auto error = add_file(layers, line.options.config_file)) return *error;
    if (auto error = add_credentials(layers, environment)) return *error;
    layers.add_environment(environment);
    add_options(layers, line.options);
    if (const auto* serve = std::get_if<ServeCommand>(&line.command)) add_options(layers, *serve);
    return layers.result();
}

Error no_database_named() {
    return {ErrorKind::malformed,
            "no database named: give --data DIR for a private PostgreSQL, --database URL for one that runs, or database.url in "
            "the configuration"};
}

}  // namespace gazetted
