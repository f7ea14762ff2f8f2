#include "daemon/administer.hpp"
#include "daemon/command_parts.hpp"
#include "daemon/explain.hpp"

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

int list(Store& store, ArticleCommand command) {
    if (!command.page.after.empty()) {
        const auto after = number_in(command.page.after);
        if (!after) return failed("--after wants the number of an article, as the list has it");
        command.page.after = *after;
    }
    const auto page = page_of(store, command);
    if (!page)
        return failed("there is no category " + command.category + ": gazetted category list names those that there are");
    return print_page(*page, command.json);
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
    const Listing removed =
        found.rows.empty() ? open.store.listing("find_removed", {command.article, number_in(command.article)}) : Listing{};
    if (!removed.rows.empty())
        return failed("the article " + command.article + " is kept no longer: retention removed it at " +
                      std::get<std::string>(removed.at(0, "removed")) +
                      "; gazetted retention restore brings back what the archive of that month has");
    if (found.rows.empty())
        return failed("there is no article " + command.article +
                      ": give its id, its number, its url or the address of its page");
    const std::int64_t number = std::get<std::int64_t>(found.at(0, "number"));
    if (command.action == "explain") return explain_to(open.store, config, command, number);
    return print_outcome(administer_article(open.store, command.action, number), command.json);
}

}  // namespace gazetted
