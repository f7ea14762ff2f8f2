#include "daemon/commands.hpp"
#include "daemon/log.hpp"
#include "daemon/read_config.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <sstream>
#include <utility>

namespace {

/// A line for each that is said.
int failed(const std::string& what) {
    std::istringstream lines(what);
    for (std::string line; std::getline(lines, line);) std::cerr << "gazetted: " << line << "\n";
    return 1;
}

/// Of a command whose output did not all arrive, that it failed: the disk behind stdout is full.
int after_printing(int status) {
    std::cout.flush();
    if (std::cout || status != 0) return status;
    return failed("stdout took not all of what there was to say: is there room where it goes?");
}

bool needs_configuration(const gazetted::Command& command) {
    return !std::holds_alternative<gazetted::VersionCommand>(command) &&
           !std::holds_alternative<gazetted::SanitizeCommand>(command);
}

/// What is ours of the environment.
gazetted::Texts our_environment() {
    gazetted::Texts environment;
    for (char** at = environ; *at != nullptr; ++at) {
        const std::string_view variable = *at;
        const std::size_t equals = std::min(variable.find('='), variable.size());
        const std::string_view name = variable.substr(0, equals);
        if (name.starts_with("GAZETTED_") || name == "CREDENTIALS_DIRECTORY")
            environment.emplace(name, variable.substr(std::min(equals + 1, variable.size())));
    }
    return environment;
}

/// Runs the command that was chosen, which takes as much of the configuration as it needs.
struct Runner {
    const gazetted::EffectiveConfig& effective;
    const gazetted::RereadConfig& reread;
    int operator()(const gazetted::ServeCommand& command) const { return gazetted::run(effective, command, reread); }
    int operator()(const gazetted::CheckCommand& command) const { return gazetted::run(effective, command); }
    template <class Command>
    int operator()(const Command& command) const {
        return gazetted::run(effective.config, command);
    }
};

int run(const gazetted::CommandLine& line) {
    const gazetted::Texts environment = our_environment();
    gazetted::EffectiveConfig effective;
    if (needs_configuration(line.command)) {
        auto read = gazetted::read_config(line, environment);
        if (!read) return failed(read.error().message);
        effective = std::move(*read);
    }
    gazetted::start_log(effective.config.log);
    const gazetted::RereadConfig reread = [&]() -> gazetted::Result<gazetted::Config> {
        const auto read = gazetted::read_config(line, environment);
        if (!read) return read.error();
        return read->config;
    };
    return std::visit(Runner{effective, reread}, line.command);
}

}  // namespace

int main(int argc, char** argv) try {
    std::ios::sync_with_stdio(false);
    const auto parsed = gazetted::parse_command_line({argv + std::min(argc, 1), argv + argc});
    if (const auto* usage = std::get_if<gazetted::UsageAnswer>(&parsed)) {
        (usage->exit_status == 0 ? std::cout : std::cerr) << usage->text;
        return after_printing(usage->exit_status);
    }
    return after_printing(run(std::get<gazetted::CommandLine>(parsed)));
} catch (const std::exception& error) {
    return failed(error.what());
}
