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

Result<Config> configured(const std::filesystem::path& named) {
    std::error_code ignored;
    if (named.empty() && !std::filesystem::exists(installed_file, ignored)) return Config{};
    const std::filesystem::path path = named.empty() ? installed_file : named;
    const Result<std::string> text = file_text(path);
    if (!text) return text.error();
    return parse_config(*text, path.string());
}

void choose_database(DatabaseConfig& database, const GlobalOptions& options, const std::string& from_environment) {
    if (!options.database_url.empty() || !options.data.empty()) {
        database.url = options.database_url;
        database.data = options.data;
    } else if (!from_environment.empty()) {
        database.url = from_environment;
        database.data.clear();
    }
}

void apply(Config& config, const ServeCommand& serve) {
    if (!serve.listen.empty()) config.server.listen = serve.listen;
    if (serve.status_listen) config.server.status = *serve.status_listen;
    if (serve.status_listen) config.server.status_enabled = true;
    if (serve.status_off) config.server.status_enabled = false;
    if (serve.base_url) config.site.base_url = *serve.base_url;
    if (serve.title) config.site.title = *serve.title;
}

}  // namespace

Result<Config> read_config(const CommandLine& line, const std::string& database_from_environment) {
    Result<Config> config = configured(line.options.config_file);
    if (!config) return config;
    choose_database(config->database, line.options, database_from_environment);
    if (!line.options.log_level.empty()) config->log.level = line.options.log_level;
    if (const auto* serve = std::get_if<ServeCommand>(&line.command)) apply(*config, *serve);
    if (auto contradiction = contradiction_in(*config)) return *contradiction;
    if (config->site.base_url.empty()) config->site.base_url = base_url_of(config->server);
    return config;
}

Error no_database_named() {
    return {ErrorKind::malformed,
            "no database named: give --data DIR for a private PostgreSQL, --database URL for one that runs, or database.url in "
            "the configuration"};
}

}  // namespace gazetted
