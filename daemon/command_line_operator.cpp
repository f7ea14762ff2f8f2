#include "daemon/command_line_parts.hpp"
#include "daemon/user.hpp"

namespace gazetted {

namespace {

constexpr unsigned rows_max = 10'000;
// In step with the CHECKs of sql/migrations.
constexpr unsigned keep_days_max = 36'500;
constexpr unsigned keep_articles_max = 1'000'000'000;

/// A family of commands, each of which notes its own name as the action.
template <class Values>
struct Family {
    CLI::App* app;
    Values& values;

    CLI::App* add(const std::string& name, const std::string& description, const std::string& example) {
        CLI::App* command = add_command(*app, name, description, "gazetted " + app->get_name() + " " + example);
        command->add_flag("--json", values.json, "One JSON object");
        command->callback([&given = values, name] { given.action = name; });
        return command;
    }
    CLI::App* add_list(const std::string& description, const std::string& example) {
        CLI::App* command = add("list", description, example);
        command->add_option("--after", values.page.after, "Go on after this one")->type_name("NAME");
        command->add_option("--limit", values.page.limit, "At most so many, 50 if not given")
            ->type_name("N")
            ->check(CLI::Range(1U, rows_max).description(""));
        return command;
    }
};

template <class Values>
Family<Values> add_family(CLI::App& app, Values& values, const std::string& name, const std::string& description,
                          const std::string& example) {
    CLI::App* family = add_command(app, name, description, example);
    family->require_subcommand(1);
    return {family, values};
}

void add_texts(CLI::App* command, CategoryCommand& category) {
    command->add_option("--title", category.title, "What people read")->type_name("TEXT");
    command->add_option("--description", category.description, "What it is about")->type_name("TEXT");
    command->add_option("--language", category.language, "Of its articles, such as zh")->type_name("TAG");
}

void add_entry_link(CLI::App* command, std::optional<std::string>& entry_link) {
    command->add_option("--entry-link", entry_link, "Where entries of its feed point: source or page; empty: as the site's")
        ->type_name("WHERE")
        ->check(CLI::IsMember({"source", "page", ""}).description(""));
}

void add_category(CLI::App& app, CategoryCommand& category) {
    auto family =
        add_family(app, category, "category", "Look at categories, and change them", "gazetted category list --data var");
    const auto takes_slug = [&](CLI::App* command) {
        command->add_option("slug", category.slug, "As its address has it")->type_name("SLUG")->required();
        return command;
    };
    family.add_list("All, by slug", "list --limit 100 --after news");
    takes_slug(family.add("show", "One, by any name that it had", "show news"));
    add_texts(takes_slug(family.add("add", "Make one", "add news --title 'The news'")), category);
    CLI::App* set = takes_slug(family.add("set", "Change what it says of itself", "set news --entry-link page"));
    add_texts(set, category);
    set->add_option("--icon", category.icon, "A small square image")->type_name("URL");
    set->add_option("--logo", category.logo, "A larger one")->type_name("URL");
    add_entry_link(set, category.entry_link);
    set->add_option("--keep-days", category.keep_days, "Be done with articles after so many days; 0: never")
        ->type_name("N")
        ->check(CLI::Range(0U, keep_days_max).description(""));
    set->add_option("--keep-articles", category.keep_articles, "Be done with all but so many; 0: with none")
        ->type_name("N")
        ->check(CLI::Range(0U, keep_articles_max).description(""));
    takes_slug(family.add("rename", "Give it another slug; its addresses of before lead there", "rename news latest"))
        ->add_option("new_slug", category.other, "Its slug from now on")
        ->type_name("NEW")
        ->required();
    takes_slug(family.add("merge", "Put its articles into another one, which gets its addresses", "merge sports sport"))
        ->add_option("into", category.other, "Which one")
        ->type_name("INTO")
        ->required();
    CLI::App* remove = takes_slug(family.add("remove", "End it: its addresses answer 410", "remove news --at 2027-01-31"));
    remove->add_option("--at", category.at, "When; until then its answers say so")->type_name("TIME");
    remove->add_option("--sunset-url", category.sunset_link, "Where people read about it")->type_name("URL");
    takes_slug(family.add("restore", "Take a removal back", "restore news"));
}

void add_names(CLI::App& app, SelectionCommand& command, const std::string& word) {
    auto family =
        add_family(app, command, word, "Look at " + word + "s, and rename them", "gazetted " + word + " list --data var");
    family.add_list("All that articles have, by name", "list --limit 100");
    const auto takes_names = [&](CLI::App* named, const char* other) {
        named->add_option("name", command.name, "The " + word)->type_name("NAME")->required();
        named->add_option("other", command.other, "The other name")->type_name(other)->required();
    };
    takes_names(family.add("rename", "Give it another name, for articles to come too", "rename iron Fe"), "NEW");
    takes_names(family.add("merge", "File it under another one, articles to come too", "merge iron steel"), "INTO");
}

void add_choices(CLI::App* command, SourceCommand& source) {
    command->add_option("--category", source.categories, "File its articles under this one; may be given several times")
        ->type_name("SLUG")
        ->allow_extra_args(false);
    command->add_option("--language", source.language, "Of its articles, whatever they say")->type_name("TAG");
    command->add_option("--content", source.content, "full or summary: what of them is kept")
        ->type_name("WHICH")
        ->check(CLI::IsMember({"full", "summary"}).description(""));
    command->add_option("--user-agent", source.user_agent, "Who we say we are; empty: Gazetted")->type_name("TEXT");
    command->add_option("--credentials", source.credentials, "USER:PASSWORD, or 'Bearer TOKEN'; shown by no command")
        ->type_name("TEXT");
    command->add_option("--conditional-min", source.conditional_min, "Between two requests, such as 30m")->type_name("TIME");
    command->add_option("--whole-min", source.whole_min, "Between two answers in full, such as 6h")->type_name("TIME");
    command->add_option("--interval-max", source.interval_max, "Whatever it asks for, such as 12h")->type_name("TIME");
    add_entry_link(command, source.entry_link);
    command->add_flag("--allow-private", source.allows_private, "It may be on this machine or in a private network");
}

void add_source(CLI::App& app, SourceCommand& source) {
    auto family = add_family(app, source, "source", "Subscribe to feeds, and look at where articles came from",
                             "gazetted source add https://blog.example.org/ --category news --data var");
    const auto takes_slug = [&](CLI::App* command) {
        command->add_option("slug", source.source, "As its address has it")->type_name("SLUG")->required();
        return command;
    };
    CLI::App* list = family.add_list("All, by slug", "list --failing");
    auto* failing = list->add_flag("--failing", source.failing, "Those alone whose last poll failed");
    list->add_flag("--silent", source.silent, "Those alone that are silent beyond their usual")->excludes(failing);
    takes_slug(family.add("show", "One, by any name that it had", "show blog"))
        ->add_option("--document", source.document, "Write the last good or bad document that it sent, as it came")
        ->type_name("good|bad")
        ->check(CLI::IsMember({"good", "bad"}).description(""));
    CLI::App* add = family.add("add", "Subscribe to a feed, or to the one that a page names", "add https://blog.example.org/");
    add->add_option("url", source.source, "The feed or the page")->type_name("URL")->required();
    add->add_option("--slug", source.slug, "As its address is to have it; else made from the URL")->type_name("SLUG");
    add_choices(add, source);
    CLI::App* set = takes_slug(family.add("set", "Change how it is polled and filed", "set blog --interval-max 6h"));
    add_choices(set, source);
    set->add_flag("--no-allow-private", source.denies_private, "It may not be there any more")->excludes("--allow-private");
    set->add_option("--no-category", source.no_categories,
                    "File articles to come under this one no longer; may be given several times")
        ->type_name("SLUG")
        ->allow_extra_args(false);
    takes_slug(family.add("accept", "Take the other feed that answers at its address now", "accept blog"));
    takes_slug(family.add("pause", "Ask it no more until it is resumed", "pause blog"));
    takes_slug(family.add("resume", "Ask it again", "resume blog"));
    takes_slug(family.add("remove", "Subscribe to it no longer; its articles stay", "remove blog"));
    CLI::App* refresh = family.add("refresh", "Ask it now, where manners allow", "refresh blog");
    auto* slug = refresh->add_option("slug", source.source, "As its address has it")->type_name("SLUG");
    refresh->add_flag("--all", source.all, "All that may be asked now")->excludes(slug);
    refresh->callback([&source] {
        source.action = "refresh";
        if (source.source.empty() && !source.all) throw CLI::RequiredError("slug or --all");
    });
}

void add_article(CLI::App& app, ArticleCommand& article) {
    auto family = add_family(app, article, "article", "Look at articles, withdraw them, ask why one is in a feed",
                             "gazetted article list --category news --data var");
    const auto takes_article = [&](CLI::App* command) {
        command->add_option("article", article.article, "Its entry id, its number, its url or the address of its page")
            ->type_name("ID")
            ->required();
        return command;
    };
    family.add_list("Newest first, held back and withdrawn ones too", "list --category news --after 42")
        ->add_option("--category", article.category, "Of this category only")
        ->type_name("SLUG");
    takes_article(family.add("show", "One", "show 42"));
    takes_article(family.add("publish", "Show one now that is held back", "publish 42"));
    takes_article(
        family.add("withdraw", "Take one out of all feeds; its page answers 410", "withdraw https://news.example.org/42"));
    takes_article(family.add("restore", "Bring a withdrawn one back", "restore 42"));
    takes_article(family.add("explain", "Say why one is in a feed, or why not", "explain 42 /category/news.atom"))
        ->add_option("address", article.address, "Of the feed or page")
        ->type_name("ADDRESS")
        ->required();
}

void add_scope(CLI::App* command, RuleCommand& rule) {
    auto* source = command->add_option("--source", rule.source, "Of this subscription")->type_name("SLUG");
    command->add_option("--category", rule.category, "Of this category")->type_name("SLUG")->excludes(source);
}

void add_description(CLI::App* command, RuleCommand& rule, bool is_required) {
    auto* what =
        command->add_option("what", rule.rule, "keep, drop, category, tag, language, rewrite or strip (tracking parameters)")
            ->type_name("WHAT")
            ->check([](const std::string& word) {
                return rule_action(word) ? std::string() : "\"" + word + "\" is nothing that a rule does";
            });
    if (is_required) what->required();
    command->add_option("value", rule.value, "Which category, tag or language, or what the link becomes")->type_name("VALUE");
    for (const RuleField field :
         {RuleField::title, RuleField::content, RuleField::author, RuleField::link, RuleField::tag, RuleField::language}) {
        const std::string word(word_of(field));
        command
            ->add_option_function<std::string>(
                "--" + word, [&rule, field](const std::string& pattern) { rule.patterns.emplace(field, pattern); },
                "Where its " + word + " matches this regular expression (RE2)")
            ->type_name("PATTERN");
    }
}

void add_examples(CLI::App* command, RuleCommand& rule) {
    command->add_option("--examples", rule.examples, "Show so many articles, 10 if not given")
        ->type_name("N")
        ->check(CLI::Range(0U, rows_max).description(""));
}

void add_rule(CLI::App& app, RuleCommand& rule) {
    auto family = add_family(app, rule, "rule", "Keep, drop, file and mend articles as they are polled",
                             "gazetted rule add drop --source blog --title '(?i)sponsored' --data var");
    const auto takes_rule = [&](CLI::App* command) {
        command->add_option("rule", rule.id, "Its number, as the list has it")->type_name("RULE")->required();
        return command;
    };
    const auto takes_place = [&](CLI::App* command, const std::string& name) {
        return command->add_option(name, rule.place, "Among those of its source or category, 1 being the first")
            ->type_name("PLACE")
            ->check(CLI::Range(1U, 100U).description(""));
    };
    const auto has_one_pattern = [&rule](const char* action, bool needs_scope) {
        return [&rule, action, needs_scope] {
            rule.action = action;
            if (needs_scope && rule.source.empty() && rule.category.empty()) throw CLI::RequiredError("--source or --category");
            if (rule.patterns.size() > 1) throw CLI::ValidationError("a rule has one pattern: make several rules");
        };
    };
    add_scope(family.add_list("In the order in which they are followed", "list --source blog"), rule);
    takes_rule(family.add("show", "One, and why it cannot be followed", "show 7"));
    CLI::App* add = family.add("add", "Make one, for articles to come", "add category sport --source blog --tag '^Football$'");
    add_description(add, rule, true);
    add_scope(add, rule);
    takes_place(add, "--at");
    add->callback(has_one_pattern("add", true));
    takes_place(takes_rule(family.add("move", "Follow it earlier or later", "move 7 1")), "place")->required();
    takes_rule(family.add("remove", "Follow it no more", "remove 7"));
    CLI::App* test = family.add("test", "Say what the rules, and one that is tried, would change of the past",
                                "test drop --source blog --title '(?i)sponsored'");
    add_description(test, rule, false);
    add_scope(test, rule);
    add_examples(test, rule);
    test->callback(has_one_pattern("test", false));
    CLI::App* apply =
        family.add("apply", "Follow the rules over the past, and take back what rules of before did", "apply --source blog");
    add_scope(apply, rule);
    add_examples(apply, rule);
}

void add_user(CLI::App& app, UserCommand& user) {
    auto family = add_family(app, user, "user", "Say who may administer over HTTP, and what",
                             "gazetted user add crawler --scope publish --data var");
    const auto takes_name = [&](CLI::App* command) {
        command->add_option("name", user.name, "Up to 64 of a to z, 0 to 9, _ and -")->type_name("NAME")->required();
        return command;
    };
    const auto takes_scopes = [&](CLI::App* command) {
        std::vector<std::string> words;
        std::string meanings;
        for (const ScopeWord& scope : scope_words) {
            words.emplace_back(scope.word);
            meanings += (meanings.empty() ? "" : ", ") + std::string(scope.word) + " (" + std::string(scope.what) + ")";
        }
        return command->add_option("--scope", user.scopes, meanings + "; may be given several times")
            ->type_name("WORD")
            ->allow_extra_args(false)
            ->check(CLI::IsMember(words).description(""));
    };
    family.add_list("All, by name", "list");
    takes_scopes(takes_name(family.add("add", "Make one, for read if no scope is given, and show its token, this once",
                                       "add crawler --scope publish")));
    // Who gives none has forgotten them, and takes no right away.
    takes_scopes(
        takes_name(family.add("set", "Say anew what its token is for, all of it", "set crawler --scope read --scope publish")))
        ->required();
    takes_name(family.add("renew", "Give it another token in place of the one that it has or had", "renew crawler"));
    takes_name(family.add("revoke", "Make its token worthless", "revoke crawler"));
}

void add_retention(CLI::App& app, RetentionCommand& retention) {
    auto family = add_family(app, retention, "retention", "Remove what categories are done with, and bring it back",
                             "gazetted retention apply --dry-run --data var");
    family.add("apply", "Archive and remove now what the daemon would in time", "apply --dry-run")
        ->add_flag("--dry-run", retention.dry_run, "Say what would be removed, and remove nothing");
    family.add("restore", "Bring the articles of an archive back", "restore articles-2026-11.ndjson")
        ->add_option("file", retention.file, "The archive")
        ->type_name("FILE")
        ->required();
}

}  // namespace

void add_operator_commands(CLI::App& app, OperatorValues& values) {
    add_category(app, values.category);
    add_names(app, values.tag, "tag");
    add_names(app, values.author, "author");
    add_source(app, values.source);
    add_article(app, values.article);
    add_rule(app, values.rule);
    add_user(app, values.user);
    add_retention(app, values.retention);
}

}  // namespace gazetted
