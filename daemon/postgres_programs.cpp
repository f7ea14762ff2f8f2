#include "daemon/postgres_programs.hpp"

#include <unistd.h>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace gazetted {

namespace fs = std::filesystem;

namespace {

const fs::path debian_folder = "/usr/lib/postgresql";

bool has_server(const fs::path& folder) {
    return access((folder / "postgres").c_str(), X_OK) == 0 && access((folder / "initdb").c_str(), X_OK) == 0;
}

/// The first line that a command writes; empty where it fails.
std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
    char line[4096] = "";
    if (pipe == nullptr || std::fgets(line, sizeof line, pipe.get()) == nullptr) return "";
    std::string text = line;
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

/// `postgres (PostgreSQL) 15.18 (Debian ...)`
int version_of(const fs::path& folder) {
    const std::string line = output_of("'" + (folder / "postgres").string() + "' --version 2>/dev/null");
    const std::size_t number = line.find(") ");
    return number == std::string::npos ? 0 : std::atoi(line.c_str() + number + 2);
}

std::optional<fs::path> in_debian(int version) {
    std::optional<fs::path> best;
    int best_version = 0;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(debian_folder, missing)) {
        const int found = std::atoi(entry.path().filename().c_str());
        const bool is_wanted = version == 0 ? found > best_version : found == version;
        if (is_wanted && has_server(entry.path() / "bin")) {
            best = entry.path() / "bin";
            best_version = found;
        }
    }
    return best;
}

std::vector<fs::path> elsewhere() {
    std::vector<fs::path> folders;
    const char* const path = std::getenv("PATH");
    std::istringstream parts(path == nullptr ? "" : path);
    for (std::string part; std::getline(parts, part, ':');) {
        if (part.starts_with('/')) folders.emplace_back(part);
    }
    folders.emplace_back(output_of("pg_config --bindir 2>/dev/null"));
    return folders;
}

}  // namespace

int cluster_version(const fs::path& data_directory) {
    std::ifstream file(data_directory / "PG_VERSION");
    int version = 0;
    return file >> version ? version : 0;
}

std::optional<fs::path> postgres_programs(int version) {
    if (auto found = in_debian(version)) return found;
    for (const fs::path& folder : elsewhere()) {
        if (has_server(folder) && (version == 0 || version_of(folder) == version)) return folder;
    }
    return std::nullopt;
}

std::string client_program(const std::string& name, int version) {
    const fs::path program = debian_folder / std::to_string(version) / "bin" / name;
    return access(program.c_str(), X_OK) == 0 ? program.string() : name;
}

}  // namespace gazetted
