#include "daemon/administer.hpp"

#include "feeds/lawful.hpp"

#include <array>

namespace gazetted {

namespace {

struct ArticleAct {
    std::string_view name;
    const char* statement;
    const char* done;
    const char* nothing_to_do;
};
constexpr std::array article_acts = {ArticleAct{"publish", "publish_article", "is published", "is not held back"},
                                     ArticleAct{"withdraw", "withdraw_article", "is withdrawn", "was withdrawn before"},
                                     ArticleAct{"restore", "restore_article", "is there again", "was not withdrawn"}};

}  // namespace

Outcome administer_article(Store& store, std::string_view action, std::int64_t number) {
    Outcome outcome;
    outcome.is_changed = false;
    for (const auto& [name, statement, done, nothing_to_do] : article_acts)
        if (name == action) {
            outcome.is_changed = store.act(statement, {std::to_string(number)}) > 0;
            outcome.sentence = "article " + std::to_string(number) + " " + (outcome.is_changed ? done : nothing_to_do);
        }
    outcome.row = store.listing("show_article", {std::to_string(number)});
    return outcome;
}

Page page_of(Store& store, const CategoryCommand& command) {
    const auto& [after, limit] = command.page;
    return {store.listing("list_categories", {after, std::to_string(limit + 1)}), "categories", "slug", limit};
}

Page page_of(Store& store, const SourceCommand& command) {
    const auto& [after, limit] = command.page;
    const char* which = command.failing ? "failing" : command.silent ? "silent" : "all";
    return {store.listing("list_sources", {after, std::to_string(limit + 1), which}), "sources", "slug", limit};
}

std::optional<Page> page_of(Store& store, const ArticleCommand& command) {
    const auto& [after, limit] = command.page;
    std::int64_t category = 0;
    if (!command.category.empty()) {
        const auto slug = name_of(SelectionKind::category, command.category);
        const Listing found = slug ? store.listing("find_category", {*slug}) : Listing{};
        if (found.rows.empty()) return std::nullopt;
        category = std::get<std::int64_t>(found.at(0, "category_id"));
    }
    return Page{store.listing("list_articles", {std::to_string(category), after.empty() ? std::nullopt : std::optional(after),
                                                std::to_string(limit + 1)}),
                "articles", "number", limit};
}

std::optional<Outcome> no_language(const std::optional<std::string>& given) {
    if (!given || given->empty() || !language_tag(*given).empty()) return std::nullopt;
    return Outcome{Outcome::Kind::refused, *given + " is no language", "give a tag such as de or zh-CN", {}};
}

std::optional<std::string> name_of(SelectionKind kind, const std::string& text) {
    auto selection = addressable(kind, text);
    return selection ? std::optional(std::move(selection->name)) : std::nullopt;
}

}  // namespace gazetted
