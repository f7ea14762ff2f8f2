#include "daemon/commands.hpp"
#include "daemon/log.hpp"
#include "daemon/read_config.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

int failed(const std::string& what) {
    std::cerr << "gazetted: " << what << "\n";
    return 1;
}

bool needs_configuration(const gazetted::Command& command) {
    return !std::holds_alternative<gazetted::VersionCommand>(command) &&
           !std::holds_alternative<gazetted::SanitizeCommand>(command);
}

int run(const gazetted::CommandLine& line) {
    const char* database = std::getenv("GAZETTED_DATABASE");
    gazetted::Config config;
    if (needs_configuration(line.command)) {
        const auto read = gazetted::read_config(line, database ? database : "");
        if (!read) return failed(read.error().message);
        config = *read;
    }
    gazetted::start_log(config.log);
    return std::visit([&config](const auto& command) { return gazetted::run(config, command); }, line.command);
}

}  // namespace

int main(int argc, char** argv) try {
    std::ios::sync_with_stdio(false);
    const auto parsed = gazetted::parse_command_line({argv + std::min(argc, 1), argv + argc});
    if (const auto* usage = std::get_if<gazetted::UsageAnswer>(&parsed)) {
        (usage->exit_status == 0 ? std::cout : std::cerr) << usage->text;
        return usage->exit_status;
    }
    return run(std::get<gazetted::CommandLine>(parsed));
} catch (const std::exception& error) {
    return failed(error.what());
}
