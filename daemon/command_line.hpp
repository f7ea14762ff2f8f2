#pragma once

#include "daemon/address.hpp"
#include "daemon/config.hpp"
#include "daemon/import_jekyll.hpp"
#include "feeds/rules.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace gazetted {

/// What every command takes, before or after its name. Empty: not given.
struct GlobalOptions {
    std::string database_url;
    std::filesystem::path data;
    std::filesystem::path config_file;
    std::string log_level;
};

struct ServeCommand {
    std::vector<ListenAddress> listen;           ///< empty: as configured
    std::optional<ListenAddress> status_listen;  ///< none: as configured
    bool status_off = false;
    std::optional<std::string> base_url;
    std::optional<std::string> title;
};
struct MigrateCommand {
    std::optional<int> to;  ///< a schema version; none: the newest
    bool status = false;    ///< says what there is to do, and does nothing
};
struct ImportJekyllCommand {
    std::filesystem::path site_directory;
    JekyllImportOptions options;
    bool strict = false;  ///< any file set aside is a failure
};
struct ImportOpmlCommand {
    std::string file;  ///< `-`: stdin
    bool allows_private = false;
    bool json = false;
};
struct ExportSubscriptionsCommand {};
struct SanitizeCommand {
    std::string base_url;  ///< empty: relative links have nothing to be resolved against
};
struct ReadCommand {
    std::string file;          ///< `-`: stdin
    std::string url;           ///< where it was fetched from, empty: nowhere
    std::string content_type;  ///< as HTTP said, empty: nothing
    bool batch = false;        ///< one JSON object a line names a document
    bool sanitise = false;
};
struct RenderCommand {
    std::string address;  ///< a path such as /category/x.atom
};
struct PsqlCommand {
    std::vector<std::string> arguments;
};
struct BackupCommand {
    std::filesystem::path file;
    bool force = false;  ///< in place of a file that is there
};
struct RestoreCommand {
    std::filesystem::path file;
    bool replace = false;  ///< in place of the articles that are there
};
struct CheckCommand {
    bool offline = false;  ///< the configuration alone
    bool quiet = false;    ///< says only what is wrong
};
struct StatsCommand {
    bool json = false;
    std::optional<std::string> category;  ///< a slug; none: all feeds
    unsigned days = 7;                    ///< of readers, today included
};
struct VersionCommand {};

/// Which part of a list.
struct Paging {
    std::string after;  ///< empty: from the beginning
    unsigned limit = 50;
};
struct CategoryCommand {
    std::string action;  ///< list, show, add, set, rename, merge, remove or restore
    std::string slug;
    std::string other;  ///< of rename and merge
    std::optional<std::string> title, description, language, icon, logo, entry_link;
    std::optional<unsigned> keep_days, keep_articles;  ///< of set; 0: all
    std::optional<std::string> at;                     ///< of remove; none: now
    std::optional<std::string> sunset_link;
    Paging page;
    bool json = false;
};
struct SourceCommand {
    std::string action;                      ///< list, show, add, set, pause, resume, refresh or remove
    std::string source;                      ///< its slug; of add: the address of a feed, or of a page that names it
    std::optional<std::string> slug;         ///< of add; none: made from the address
    std::vector<std::string> categories;     ///< slugs
    std::vector<std::string> no_categories;  ///< of set: those that it is filed under no longer
    std::optional<std::string> language, content, user_agent, credentials, conditional_min, whole_min, interval_max;
    std::optional<std::string> entry_link;  ///< source or page; empty: as the site's
    std::string document;                   ///< of show: `good` or `bad`, to be written as it came; empty: neither
    bool allows_private = false;
    bool denies_private = false;  ///< of set: no longer
    bool failing = false;
    bool silent = false;
    bool all = false;
    Paging page;
    bool json = false;
};
struct SelectionCommand {  ///< of tags and authors
    SelectionKind kind = SelectionKind::tag;
    std::string action = {};  ///< list, rename or merge
    std::string name = {};
    std::string other = {};
    Paging page = {};
    bool json = false;
};
struct ArticleCommand {
    std::string action;    ///< list, show, publish, withdraw, restore or explain
    std::string article;   ///< its entry id, number, url or page
    std::string address;   ///< of explain
    std::string category;  ///< of list; empty: all
    Paging page;
    bool json = false;
};

struct RuleCommand {
    std::string action;                         ///< list, show, add, move, remove, test or apply
    std::string rule;                           ///< of add and test: a RuleAction's word
    std::string value;                          ///< of that rule
    std::map<RuleField, std::string> patterns;  ///< of that rule, one at most
    std::string source;                         ///< slug; empty: not a source's
    std::string category;                       ///< slug; empty: not a category's
    std::int64_t id = 0;                        ///< of show, move and remove
    std::optional<unsigned> place;              ///< of add and move; none: behind the others
    unsigned examples = 10;                     ///< of test and apply
    Paging page;
    bool json = false;
};

struct UserCommand {
    std::string action;  ///< list, add, set, renew or revoke
    std::string name;
    std::vector<std::string> scopes;  ///< of scope_words; empty: the first of them
    Paging page;
    bool json = false;
};

struct RetentionCommand {
    std::string action;          ///< apply or restore
    std::filesystem::path file;  ///< of restore
    bool dry_run = false;        ///< of apply
    bool json = false;
};

using Command = std::variant<ServeCommand, MigrateCommand, ImportJekyllCommand, ImportOpmlCommand, ExportSubscriptionsCommand,
                             SanitizeCommand, ReadCommand, RenderCommand, PsqlCommand, BackupCommand, RestoreCommand,
                             CheckCommand, StatsCommand, VersionCommand, CategoryCommand, SelectionCommand, SourceCommand,
                             ArticleCommand, RuleCommand, UserCommand, RetentionCommand>;

struct CommandLine {
    GlobalOptions options;
    Command command;
};

/// The command line was answered without running anything: `--help` (status 0, `text` is for stdout) or a usage error
/// (status 2, `text` is for stderr).
struct UsageAnswer {
    int exit_status = 2;
    std::string text;
};

/// `arguments` without the program's name. Touches nothing outside: no file, no environment.
std::variant<CommandLine, UsageAnswer> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace gazetted
