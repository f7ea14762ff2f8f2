#include "daemon/command_parts.hpp"
#include "daemon/import_report.hpp"
#include "daemon/rejudge.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

namespace gazetted {

namespace {

/// Of one transaction; fewer where their texts are looked at.
constexpr std::size_t batch_max = 500;
constexpr std::size_t batch_with_content_max = 100;

std::string there_is_no_rule(const std::string& id) {
    return "there is no rule " + id + ": gazetted rule list names those that there are";
}

/// Whose rules are meant: a subscription's, a category's, or (of list, test and apply) everybody's.
struct Scope {
    std::optional<std::string> source_id, source;
    std::optional<std::string> category_id, category;
    std::string fault;
};

Scope scope_of(Store& store, const RuleCommand& command) {
    Scope scope;
    if (!command.source.empty()) {
        const auto found = store.subscriptions(command.source);
        if (found.empty()) {
            scope.fault = "there is no subscription " + command.source + ": gazetted source list names those that there are";
            return scope;
        }
        scope.source = command.source;
        scope.source_id = std::to_string(found.front().source_id);
    }
    if (!command.category.empty()) {
        const auto slug = name_of(SelectionKind::category, command.category);
        const Listing found = slug ? store.listing("find_category", {*slug}) : Listing{};
        if (found.rows.empty()) {
            scope.fault = "there is no category " + command.category + ": gazetted category list names those that there are";
            return scope;
        }
        scope.category = slug;
        scope.category_id = std::to_string(std::get<std::int64_t>(found.at(0, "category_id")));
    }
    return scope;
}

std::string text(const Listing& rows, std::size_t row, std::string_view column) {
    const auto* value = std::get_if<std::string>(&rows.at(row, column));
    return value == nullptr ? std::string() : *value;
}

/// With why it cannot be followed, in place of whether its value is a category.
Listing with_faults(Listing rules) {
    rules.columns.back() = "fault";
    for (std::size_t row = 0; row < rules.rows.size(); ++row) {
        Rule rule{.action = rule_action(text(rules, row, "action")).value(),
                  .field = rule_field(text(rules, row, "field")).value(),
                  .pattern = text(rules, row, "pattern"),
                  .value = text(rules, row, "value")};
        rule.leads_nowhere = rule.action == RuleAction::category && !std::get<bool>(rules.rows[row].back());
        std::string fault = fault_of(rule);
        rules.rows[row].back() = fault.empty() ? Listing::Value() : Listing::Value(std::move(fault));
        // The table has a field for those without a pattern, too; nothing looks at it.
        if (rule.pattern.empty()) rules.rows[row][rules.place_of("field")] = Listing::Value();
    }
    return rules;
}

Listing rule_called(Store& store, const std::string& id) {
    return with_faults(store.listing("list_rules", {{}, {}, id, {}, "1"}));
}

/// The rule that the command line describes.
Rule rule_of(Store& store, const RuleCommand& command) {
    Rule rule{.category = command.category, .action = rule_action(command.rule).value(), .value = command.value};
    for (const auto& [field, pattern] : command.patterns) rule.field = field, rule.pattern = pattern;
    if (rule.action == RuleAction::category && !rule.value.empty())
        rule.leads_nowhere = store.listing("show_category", {rule.value}).rows.empty();
    return rule;
}

int list(Store& store, const RuleCommand& command, const Scope& scope) {
    const auto& [after, limit] = command.page;
    const auto behind = after.empty() ? std::nullopt : std::optional(after);
    return print_page(
        {with_faults(store.listing("list_rules", {scope.source, scope.category, {}, behind, std::to_string(limit + 1)})),
         "rules", "id", limit},
        command.json);
}

int add(Store& store, const RuleCommand& command, const Scope& scope) {
    const Rule rule = rule_of(store, command);
    if (const std::string fault = fault_of(rule); !fault.empty()) return failed(fault);
    const Listing added = store.listing("add_rule", {scope.source_id, scope.category_id, command.rule, rule.value,
                                                     std::string(word_of(rule.field)), rule.pattern});
    if (added.rows.empty()) return failed("there are 100 rules already, which is as many as a source or a category may have");
    const std::string id = std::to_string(std::get<std::int64_t>(added.at(0, "id")));
    if (command.place) store.act("move_rule", {id, std::to_string(*command.place)});
    return print_done(rule_called(store, id),
                      "rule " + id + " is followed from the next poll on; gazetted rule apply follows it over the past",
                      command.json);
}

// --- over the past -----------------------------------------------------------------------------------------------------------

bool concerns(const Subscription& subscription, const Scope& scope) {
    if (scope.source) return subscription.slug == *scope.source;
    if (!scope.category) return true;
    return std::ranges::find(subscription.categories, *scope.category) != subscription.categories.end() ||
           std::ranges::find(subscription.rules, *scope.category, &Rule::category) != subscription.rules.end();
}

/// A rule that is tried before there is one stands behind the others of its source or category.
void try_rule(std::vector<Rule>& rules, const Rule& tried) {
    rules.insert(std::ranges::upper_bound(rules, tried.category, {}, &Rule::category), tried);
}

struct Rejudged {
    RejudgeCounts counts;
    Listing examples{.columns = {"change", "source", "article", "title", "rule"}, .rows = {}};
    std::vector<std::string> set_aside;
};

void add_example(Rejudged& out, const std::string& source, const RuledArticle& ruled) {
    std::string change;
    for (const std::string_view word : changes_of(ruled)) change += (change.empty() ? "" : ", ") + std::string(word);
    const auto& reasons = ruled.ruling.reasons.empty() ? ruled.before.ruling.reasons : ruled.ruling.reasons;
    std::string rule;
    for (const std::string& reason : reasons) rule += (rule.empty() ? "" : "; ") + reason;
    if (ruled.ruling.reasons.empty() && !rule.empty()) rule = "no longer: " + rule;
    out.examples.rows.push_back({change, source, ruled.article.id, ruled.article.title, rule});
}

void rejudge_source(Store& store, const Subscription& subscription, bool writes, std::size_t examples_max, Rejudged& out) {
    const Rules rules(subscription.rules);
    for (const std::string& fault : rules.set_aside())
        if (std::ranges::find(out.set_aside, fault) == out.set_aside.end()) out.set_aside.push_back(fault);
    const bool with_content = rules.look_at_content();
    const std::size_t count_max = with_content ? batch_with_content_max : batch_max;
    std::vector<RuledArticle> ruled;
    const auto judge = [&](const std::vector<PastArticle>& past) {
        ruled.clear();
        for (const PastArticle& article : past)
            if (auto now = rejudge(article, rules)) ruled.push_back(std::move(*now));
        return ruled;
    };
    std::string after;
    for (bool has_more = true; has_more;) {
        const auto past = writes ? store.rule_past_articles(subscription.source_id, after, count_max, with_content, judge)
                                 : store.past_articles(subscription.source_id, after, count_max, with_content);
        if (!writes) judge(past);
        out.counts.looked_at += past.size();
        for (const RuledArticle& it : ruled) {
            out.counts.add(it);
            if (out.examples.rows.size() < examples_max && !changes_of(it).empty()) add_example(out, subscription.slug, it);
        }
        has_more = past.size() == count_max;
        if (has_more) after = past.back().key;
    }
}

std::string sentence_of(const RejudgeCounts& counts, bool writes) {
    const auto number = [](std::size_t count) { return std::to_string(count); };
    return number(counts.looked_at) + " articles looked at, " + number(counts.changed) +
           (writes ? " changed: " : " would change: ") + number(counts.dropped) + " dropped, " + number(counts.back) +
           " back, " + number(counts.link) + " with another link, " + number(counts.category) + " in other categories, " +
           number(counts.tag) + " with other tags, " + number(counts.language) + " in another language";
}

int print_rejudged(const Rejudged& out, bool writes, bool json) {
    const auto number = [](std::size_t count) { return static_cast<std::int64_t>(count); };
    const RejudgeCounts& counts = out.counts;
    const Listing totals{
        .columns = {"looked_at", "changed", "dropped", "back", "link", "category", "tag", "language", "set_aside"},
        .rows = {{number(counts.looked_at), number(counts.changed), number(counts.dropped), number(counts.back),
                  number(counts.link), number(counts.category), number(counts.tag), number(counts.language), out.set_aside}}};
    if (!json) {
        std::cout << sentence_of(counts, writes) << "\n";
        for (const std::string& fault : out.set_aside) std::cout << harmless(fault) << "\n";
        if (!out.examples.rows.empty()) std::cout << table_of(out.examples);
        return 0;
    }
    std::string object = json_of(totals, 0);
    object.pop_back();
    std::cout << object << ",\"examples\":[";
    for (std::size_t row = 0; row < out.examples.rows.size(); ++row)
        std::cout << (row > 0 ? "," : "") << json_of(out.examples, row);
    std::cout << "]}\n";
    return 0;
}

int rejudge_all(Store& store, const RuleCommand& command, const Scope& scope) {
    const bool writes = command.action == "apply";
    std::optional<Rule> tried;
    if (!command.rule.empty()) {
        if (!scope.source && !scope.category) return failed("whose rule is it: give --source or --category");
        tried = rule_of(store, command);
        if (const std::string fault = fault_of(*tried); !fault.empty()) return failed(fault);
    }
    Rejudged out;
    std::vector<Subscription> concerned = store.subscriptions();
    std::erase_if(concerned, [&](const Subscription& it) { return !concerns(it, scope); });
    {
        ProgressBar bar(STDERR_FILENO);
        for (std::size_t done = 0; done < concerned.size(); ++done) {
            if (tried) try_rule(concerned[done].rules, *tried);
            rejudge_source(store, concerned[done], writes, command.examples, out);
            bar.show(static_cast<std::int64_t>(done) + 1, std::ssize(concerned));
        }
    }
    return print_rejudged(out, writes, command.json);
}

}  // namespace

int run(const Config& config, const RuleCommand& command) {
    OpenStore open(config);
    Store& store = open.store;
    const Scope scope = scope_of(store, command);
    if (!scope.fault.empty()) return failed(scope.fault);
    if (command.action == "list") return list(store, command, scope);
    if (command.action == "add") return add(store, command, scope);
    if (command.action == "test" || command.action == "apply") return rejudge_all(store, command, scope);

    const std::string id = std::to_string(command.id);
    const Listing rule = rule_called(store, id);
    if (rule.rows.empty()) return failed(there_is_no_rule(id));
    if (command.action == "show") return print_one(rule, command.json);
    if (command.action == "move") {
        store.act("move_rule", {id, std::to_string(command.place.value_or(1))});
        const Listing moved = rule_called(store, id);
        return print_done(moved,
                          "rule " + id + " is at place " + std::to_string(std::get<std::int64_t>(moved.at(0, "position"))),
                          command.json);
    }
    store.act("remove_rule", {id});
    return print_done(rule, "rule " + id + " is followed no more; gazetted rule apply takes back what it did", command.json);
}

}  // namespace gazetted
