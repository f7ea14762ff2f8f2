#include "daemon/command_parts.hpp"
#include "daemon/explain.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace gazetted {

namespace {

/// `7` of `7`, `/article/7` and `https://news.example.org/article/7`.
std::optional<std::string> number_in(const std::string& text) {
    std::string_view digits = text;
    if (const auto at = digits.rfind("/article/"); at != std::string_view::npos) digits.remove_prefix(at + 9);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return std::to_string(number);
}

int list(Store& store, const ArticleCommand& command) {
    std::int64_t category = 0;
    if (!command.category.empty()) {
        const auto slug = name_of(SelectionKind::category, command.category);
        const Listing found = slug ? store.listing("find_category", {*slug}) : Listing{};
        if (found.rows.empty())
            return failed("there is no category " + command.category + ": gazetted category list names those that there are");
        category = std::get<std::int64_t>(found.at(0, "category_id"));
    }
    const auto after = command.page.after.empty() ? std::nullopt : number_in(command.page.after);
    if (!after && !command.page.after.empty()) return failed("--after wants the number of an article, as the list has it");
    return print_page(store.listing("list_articles", {std::to_string(category), after, std::to_string(command.page.limit + 1)}),
                      "articles", "number", command.page.limit, command.json);
}

int explain_to(Store& store, const Config& config, const ArticleCommand& command, std::int64_t number) {
    const auto address = parse_target(command.address, config.site.variant_limits());
    if (!address) return failed(command.address + ": " + address.error().message);
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto why = explain(store, config.site, *address, number, now);
    if (!why) return failed("the article " + command.article + " was deleted just now");
    const Listing row{
        .columns = {"shown", "reason", "explanation", "position", "elsewhere"},
        .rows = {{why->is_shown, why->reason, why->sentence, why->position ? Listing::Value(*why->position) : Listing::Value(),
                  why->elsewhere.empty() ? Listing::Value() : Listing::Value(why->elsewhere)}}};
    return print_done(row, (why->is_shown ? "shown: " : "not shown: ") + why->sentence, command.json);
}

struct Act {
    std::string_view name;
    const char* statement;
    const char* done;
    const char* nothing_to_do;
};
constexpr std::array acts = {Act{"publish", "publish_article", "is published", "is not held back"},
                             Act{"withdraw", "withdraw_article", "is withdrawn", "was withdrawn before"},
                             Act{"restore", "restore_article", "is there again", "was not withdrawn"}};

}  // namespace

int run(const Config& config, const ArticleCommand& command) {
    OpenStore open(config);
    if (command.action == "list") return list(open.store, command);
    const Listing found = open.store.listing("find_article", {command.article, number_in(command.article)});
    const Listing dropped = found.rows.empty() ? open.store.listing("find_dropped", {command.article}) : Listing{};
    if (!dropped.rows.empty())
        return failed(
            "the article " + command.article + " was never stored: " + std::get<std::string>(dropped.at(0, "reason")) + " (" +
            std::get<std::string>(dropped.at(0, "source")) + "); gazetted rule remove and gazetted rule apply bring it in");
    if (found.rows.empty())
        return failed("there is no article " + command.article +
                      ": give its id, its number, its url or the address of its page");
    const std::int64_t number = std::get<std::int64_t>(found.at(0, "number"));
    if (command.action == "explain") return explain_to(open.store, config, command, number);
    const auto row = [&] { return open.store.listing("show_article", {std::to_string(number)}); };
    for (const auto& [name, statement, done, nothing_to_do] : acts)
        if (name == command.action) {
            const bool is_done = open.store.act(statement, {std::to_string(number)}) > 0;
            return print_done(row(), "article " + std::to_string(number) + " " + (is_done ? done : nothing_to_do),
                              command.json);
        }
    return print_one(row(), command.json);
}

}  // namespace gazetted
