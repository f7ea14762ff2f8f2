#include "daemon/command_line.hpp"

#include "daemon/command_line_parts.hpp"
#include "daemon/readership.hpp"
#include "daemon/suggestion.hpp"
#include "feeds/lawful.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace gazetted {

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& description, const std::string& example) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->fallthrough();
    command->footer(
        "Every command also takes --database, --data, --config and --log-level: see gazetted --help.\n\nExample:\n  " +
        example);
    return command;
}

namespace {

/// Where CLI11 puts what it reads, one struct for each command; the chosen one becomes the result.
struct Values {
    GlobalOptions options;
    ServeCommand serve;
    ImportJekyllCommand import_jekyll;
    ImportOpmlCommand import_opml;
    SanitizeCommand sanitize;
    ReadCommand read;
    RenderCommand render;
    PsqlCommand psql;
    BackupCommand backup;
    RestoreCommand restore;
    MigrateCommand migrate;
    CheckCommand check;
    StatsCommand stats;
    OperatorValues operators;
    CatalogueAddress catalogue;
    bool exports_subscriptions = false;
};

/// Of what relative links are to be resolved against; nothing is there where there is none.
std::string fault_of_address(const std::string& text) {
    if (text.empty() || !web_link(text).empty()) return {};
    return "\"" + text + "\" is no http or https address";
}

/// A check that says what is wrong with the text, empty where nothing is.
template <class Parse>
CLI::Validator checked_by(Parse parse, std::string kind) {
    return CLI::Validator(
        [parse](std::string& text) {
            const auto parsed = parse(text);
            return parsed ? std::string() : parsed.error().message;
        },
        std::move(kind));
}

void add_global_options(CLI::App& app, GlobalOptions& options) {
    auto* database =
        app.add_option("--database", options.database_url, "PostgreSQL to work on (libpq URL or keywords)")->type_name("URL");
    app.add_option("--data", options.data, "Run a private PostgreSQL in this directory instead")
        ->type_name("DIR")
        ->excludes(database);
    app.add_option("--config", options.config_file, "Configuration; without it /etc/gazetted/gazetted.toml where that exists")
        ->type_name("FILE");
    app.add_option("--log-level", options.log_level, "trace, debug, info, warning or error")
        ->type_name("LEVEL")
        ->check(
            [](const std::string& level) { return is_log_level(level) ? std::string() : "\"" + level + "\" is no log level"; });
}

void add_serve(CLI::App& app, ServeCommand& serve) {
    CLI::App* command = add_command(app, "serve", "Serve feeds and pages over HTTP until SIGTERM",
                                    "gazetted serve --data var --listen :8080 --base-url https://news.example.org");
    command
        ->add_option_function<std::vector<std::string>>(
            "--listen",
            [&serve](const std::vector<std::string>& texts) {
                for (const std::string& text : texts) serve.listen.push_back(parse_listen_address(text).value());
            },
            "Where to serve, with https: before it for TLS; may be given several times")
        ->type_name("ADDR:PORT|unix:PATH|systemd[:NAME]")
        ->allow_extra_args(false)
        ->check(checked_by(parse_listen_address, ""));
    command
        ->add_option_function<std::string>(
            "--status-listen",
            [&serve](const std::string& text) {
                serve.status_off = text == "off";
                if (!serve.status_off) serve.status_listen = parse_listen_address(text).value();
            },
            "Where /status, /metrics, /healthz and /readyz answer")
        ->type_name("ADDR:PORT|unix:PATH|systemd[:NAME]|off")
        ->check([](const std::string& text) {
            const auto parsed = parse_listen_address(text);
            return text == "off" || parsed ? std::string() : parsed.error().message + " or off";
        });
    command
        ->add_option_function<std::string>(
            "--base-url", [&serve](const std::string& text) { serve.base_url = parse_base_url(text).value(); },
            "What links are built from")
        ->type_name("URL")
        ->check(checked_by(parse_base_url, ""));
    command->add_option("--title", serve.title, "What the site is called")->type_name("TEXT");
}

void add_import(CLI::App& app, ImportJekyllCommand& import_jekyll, ImportOpmlCommand& import_opml) {
    CLI::App* import = add_command(app, "import", "Bring articles in", "gazetted import jekyll ~/site --data var");
    import->require_subcommand(1);
    CLI::App* jekyll = add_command(*import, "jekyll", "Bring a Jekyll site's posts in, or bring them up to date",
                                   "gazetted import jekyll ~/site --data var --local-dates");
    jekyll->add_option("site_directory", import_jekyll.site_directory, "Where _config.yml and _posts/ are")
        ->type_name("SITE_DIR")
        ->required();
    jekyll->add_flag("--local-dates", import_jekyll.options.local_dates,
                     "Read a date without a zone in the site's zone, not as UTC");
    jekyll->add_flag("--prune", import_jekyll.options.prune, "Withdraw articles of this site that are no longer in it");
    jekyll->add_flag("--strict", import_jekyll.strict, "Exit with 1 where any file was set aside");
    CLI::App* opml = add_command(*import, "opml", "Subscribe to the feeds that another reader's list names",
                                 "gazetted import opml feeds.opml --data var");
    opml->add_option("file", import_opml.file, "OPML, - for stdin; its folders become categories")
        ->type_name("FILE")
        ->required();
    opml->add_flag("--allow-private", import_opml.allows_private, "They may be on this machine or in private networks");
    opml->add_flag("--json", import_opml.json, "One JSON object");
}

void add_export(CLI::App& app, CatalogueAddress& catalogue, bool& exports_subscriptions) {
    CLI::App* exporting =
        add_command(app, "export", "Write what other programs import", "gazetted export opml --data var > feeds.opml");
    exporting->require_subcommand(1);
    CLI::App* opml = add_command(*exporting, "opml", "The catalogue of all feeds, or what is polled, OPML 2.0 on stdout",
                                 "gazetted export opml --group language --tags --data var > feeds.opml");
    auto* group = opml->add_option_function<std::string>(
                          "--group",
                          [&catalogue](const std::string& word) {
                              catalogue.group = word == "kind" ? CatalogueGroup::kind : CatalogueGroup::language;
                          },
                          "Nest the feeds")
                      ->type_name("language|kind")
                      ->check(CLI::IsMember({"language", "kind"}).description(""));
    auto* authors = opml->add_flag("--authors", catalogue.authors, "The feeds of authors, too");
    auto* sources = opml->add_flag("--sources", catalogue.sources, "The feeds of sources, too");
    auto* tags = opml->add_flag("--tags", catalogue.tags, "The feeds of tags, too");
    opml->add_flag("--subscriptions", exports_subscriptions,
                   "The feeds that are polled, by category, without passwords: what gazetted import opml takes")
        ->excludes(group, authors, sources, tags);
}

void add_read(CLI::App& app, ReadCommand& read) {
    CLI::App* command = add_command(app, "read", "Any feed, as one JSON model on stdout",
                                    "gazetted read feed.xml --url https://news.example.org/feed.xml");
    auto* file = command->add_option("file", read.file, "The feed, - for stdin")->type_name("FILE");
    auto* url = command->add_option("--url", read.url, "Where it was fetched from: relative links are relative to it")
                    ->type_name("URL")
                    ->check(fault_of_address);
    auto* type =
        command->add_option("--content-type", read.content_type, "The Content-Type that came with it")->type_name("TYPE");
    command
        ->add_flag(
            "--batch", read.batch,
            "Documents named on stdin, a JSON object a line: id, path, content_type, base_url, headers; a line out for each")
        ->excludes(file, url, type);
    command->add_flag("--sanitize", read.sanitise, "HTML as we would publish it, titles as plain text");
    command->callback([&read] {
        if (read.file.empty() && !read.batch) throw CLI::RequiredError("file");
    });
}

void add_backup(CLI::App& app, BackupCommand& backup, RestoreCommand& restore) {
    CLI::App* making = add_command(app, "backup", "Write the whole database to a file, while it is in use",
                                   "gazetted backup news.dump --database postgresql:///news");
    making->add_option("file", backup.file, "Where; nothing has that name before all is written")
        ->type_name("FILE")
        ->required();
    making->add_flag("--force", backup.force, "In place of a file that is there");
    CLI::App* using_it = add_command(app, "restore", "Bring a backup back, all of it or nothing",
                                     "gazetted restore news.dump --database postgresql:///news");
    using_it->add_option("file", restore.file, "What gazetted backup or pg_dump --format=custom wrote")
        ->type_name("FILE")
        ->required();
    using_it->add_flag("--replace", restore.replace, "Delete what the database has of gazetted first");
}

void add_other_commands(CLI::App& app, Values& values) {
    CLI::App* migrate = add_command(app, "migrate", "Bring the database's schema to this program's version",
                                    "gazetted migrate --status --database postgresql:///news");
    auto* to = migrate->add_option("--to", values.migrate.to, "Stop at this version")->type_name("VERSION");
    migrate->add_flag("--status", values.migrate.status, "Say what was applied and what is to come, and change nothing")
        ->excludes(to);
    CLI::App* sanitize = add_command(app, "sanitize", "HTML on stdin, what we would publish on stdout",
                                     "gazetted sanitize --base https://news.example.org < article.html");
    sanitize->add_option("--base", values.sanitize.base_url, "What relative links are resolved against")
        ->type_name("URL")
        ->check(fault_of_address);
    add_read(app, values.read);
    CLI::App* render = add_command(app, "render", "Write a feed's or page's bytes to stdout",
                                   "gazetted render /category/news.atom --data var");
    render->add_option("address", values.render.address, "Its path")->type_name("ADDRESS")->required();
    CLI::App* psql = add_command(app, "psql", "psql on the database in use, search path set",
                                 "gazetted psql --data var -- -c 'SELECT count(*) FROM articles'");
    psql->add_option("arguments", values.psql.arguments, "For psql, after --")->type_name("PSQL_ARGS");
    add_backup(app, values.backup, values.restore);
    CLI::App* check = add_command(app, "check", "Say what every key is and who said so; check database and schema",
                                  "gazetted check --config gazetted.toml");
    check->add_flag("--offline", values.check.offline, "Check the configuration alone, ask no database");
    check->add_flag("--quiet", values.check.quiet, "Say only what is wrong");
    CLI::App* stats = add_command(app, "stats", "Count articles, categories and who reads them",
                                  "gazetted stats --category news --days 30 --data var");
    stats->add_flag("--json", values.stats.json, "One JSON object");
    stats->add_option("--category", values.stats.category, "Readers of this category's feeds only")->type_name("SLUG");
    const auto days_max = static_cast<int>(readership_days_max.count());
    stats
        ->add_option("--days", values.stats.days,
                     "Readers of so many days, today included: 1 to " + std::to_string(days_max) + ", 7 if not given")
        ->type_name("N")
        ->check(CLI::Range(1, days_max).description(""));
    add_command(app, "version", "Say which version this is", "gazetted version");
}

/// The innermost command that was named.
const CLI::App& deepest(const CLI::App& app) {
    const auto named = app.get_subcommands();
    return named.empty() ? app : deepest(*named.front());
}

Command chosen_command(const CLI::App& app, Values& values) {
    const std::string name = app.get_subcommands().front()->get_name();
    if (name == "serve") return std::move(values.serve);
    if (name == "import" && deepest(app).get_name() == "opml") return std::move(values.import_opml);
    if (name == "import") return std::move(values.import_jekyll);
    if (name == "sanitize") return std::move(values.sanitize);
    if (name == "read") return std::move(values.read);
    if (name == "render") return std::move(values.render);
    if (name == "export" && values.exports_subscriptions) return ExportSubscriptionsCommand{};
    if (name == "export") return RenderCommand{.address = canonical_path(values.catalogue)};
    if (name == "psql") return std::move(values.psql);
    if (name == "backup") return std::move(values.backup);
    if (name == "restore") return std::move(values.restore);
    if (name == "stats") return values.stats;
    if (name == "migrate") return values.migrate;
    if (name == "check") return values.check;
    if (name == "category") return std::move(values.operators.category);
    if (name == "tag") return std::move(values.operators.tag);
    if (name == "author") return std::move(values.operators.author);
    if (name == "source") return std::move(values.operators.source);
    if (name == "article") return std::move(values.operators.article);
    if (name == "rule") return std::move(values.operators.rule);
    if (name == "user") return std::move(values.operators.user);
    if (name == "retention") return std::move(values.operators.retention);
    return VersionCommand{};
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
    return names;
}

/// Options of a command and of those above it.
std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
        for (const CLI::Option* option : at->get_options()) {
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        }
    }
    return names;
}

std::string unexpected(const CLI::App& app, const std::string& word) {
    const CLI::App& command = deepest(app);
    const bool option = word.starts_with("-");
    if (option && command.get_name() == "psql") return "what psql is to get stands after --: gazetted psql -- " + word;
    const std::vector<std::string> options = option_names(command);
    if (option && std::ranges::find(options, word) != options.end())
        return word + " stands behind --, where nothing is an option: give it before";
    if (option) return "unknown option " + word + suggestion(word.substr(0, word.find('=')), options);
    const std::vector<std::string> names = command_names(command);
    if (names.empty()) return "unexpected argument " + word;
    return "unknown command " + word + suggestion(word, names);
}

UsageAnswer usage_error(const CLI::App& app, std::string what) {
    const CLI::App& command = deepest(app);
    std::string name = "gazetted";
    if (&command != &app)
        name = (command.get_parent() == &app ? "gazetted " : "gazetted " + command.get_parent()->get_name() + " ") +
               command.get_name();
    std::replace(what.begin(), what.end(), '\n', ' ');
    return {2, "gazetted: " + what + "\nSee " + name + " --help\n"};
}

/// Of `Could not convert: --to = x`: all that we convert are numbers.
std::string no_number(std::string what) {
    const std::size_t colon = what.find(": "), equals = what.find(" = ");
    if (colon == std::string::npos || equals == std::string::npos) return what;
    return what.substr(colon + 2, equals - colon - 2) + " wants a whole number, not " + what.substr(equals + 3);
}

UsageAnswer answer_to(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_name() == "CallForHelp") return {0, app.help()};
    const std::vector<std::string> left_over = app.remaining(true);
    const auto word = std::find_if(left_over.begin(), left_over.end(), [](const std::string& w) { return w != "--"; });
    if (word != left_over.end()) return usage_error(app, unexpected(app, *word));
    if (!command_names(deepest(app)).empty()) {
        std::string names;
        for (const std::string& name : command_names(deepest(app))) names += (names.empty() ? "" : ", ") + name;
        return usage_error(app, "a command is missing: " + names);
    }
    return usage_error(app, error.get_name() == "ConversionError" ? no_number(error.what()) : error.what());
}

}  // namespace

std::variant<CommandLine, UsageAnswer> parse_command_line(const std::vector<std::string>& arguments) {
    Values values;
    CLI::App app("Gazetted: articles in PostgreSQL, one RSS, Atom and JSON feed per category", "gazetted");
    app.require_subcommand(1);
    app.set_help_flag("-h,--help", "Say what there is and how it is used");
    app.footer(
        "Example:\n  gazetted import jekyll ~/site --data var && gazetted serve --data var\n\n"
        "gazetted COMMAND --help says more about one command.");
    add_global_options(app, values.options);
    add_serve(app, values.serve);
    add_import(app, values.import_jekyll, values.import_opml);
    add_export(app, values.catalogue, values.exports_subscriptions);
    add_operator_commands(app, values.operators);
    add_other_commands(app, values);
    app.set_version_flag("--version", "", "Say which version this is");

    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        app.parse(reversed);
    } catch (const CLI::CallForVersion&) {
        return CommandLine{values.options, VersionCommand{}};
    } catch (const CLI::ParseError& error) {
        return answer_to(app, error);
    }
    return CommandLine{values.options, chosen_command(app, values)};
}

}  // namespace gazetted
