#pragma once

#include "daemon/command_line.hpp"

#include <CLI/CLI.hpp>

#include <string>

// What the sources of the command line have in common.

namespace gazetted {

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description, const std::string& example);

/// Where CLI11 puts what the operator's commands are given.
struct OperatorValues {
    CategoryCommand category;
    SelectionCommand tag{.kind = SelectionKind::tag};
    SelectionCommand author{.kind = SelectionKind::author};
    SourceCommand source;
    ArticleCommand article;
    RuleCommand rule;
    UserCommand user;
    RetentionCommand retention;
};
void add_operator_commands(CLI::App&, OperatorValues&);

}  // namespace gazetted
