#include "feeds/rules.hpp"

#include "feeds/lawful.hpp"
#include "feeds/pattern.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "feeds/tracking_parameters.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace gazetted {

namespace {

constexpr std::size_t link_bytes_max = 4'096;
constexpr std::size_t tag_bytes_max = 512;

constexpr std::array<std::string_view, 7> action_words = {"keep", "drop", "category", "tag", "language", "rewrite", "strip"};
constexpr std::array<std::string_view, 6> field_words = {"title", "content", "author", "link", "tag", "language"};

template <class Choice, std::size_t count>
std::optional<Choice> choice_of(const std::array<std::string_view, count>& words, std::string_view word) {
    const auto found = std::ranges::find(words, word);
    return found == words.end() ? std::nullopt : std::optional(static_cast<Choice>(found - words.begin()));
}

bool has_value(RuleAction action) {
    return action != RuleAction::keep && action != RuleAction::drop && action != RuleAction::strip;
}

std::string name_of(const Rule& rule) {
    const std::string number = rule.id == 0 ? "the rule to be" : "rule " + std::to_string(rule.id);
    return number + (rule.category.empty() ? " of its source" : " of the category " + rule.category);
}

std::string since(const Rule& rule) {
    if (rule.pattern.empty()) return {};
    const bool is_of_many = rule.field == RuleField::tag || rule.field == RuleField::author;
    const std::string field(word_of(rule.field));
    return ", since " + (is_of_many ? "one of its " + field + "s" : "its " + field) + " matches " + rule.pattern;
}

bool has_tag(const Article& article, const std::string& name) {
    return std::ranges::find(article.tags, name, &Tag::name) != article.tags.end();
}

bool has_category(const Article& article, const std::string& slug) {
    return std::ranges::find(article.categories, slug, &CategoryTerm::slug) != article.categories.end();
}

void add_category(Article& article, const std::string& slug) {
    const auto place = std::ranges::lower_bound(article.categories, slug, {}, &CategoryTerm::slug);
    if (place == article.categories.end() || place->slug != slug) article.categories.insert(place, {.slug = slug, .title = {}});
}

void add_tag(Article& article, const std::string& name) {
    if (!has_tag(article, name))
        article.tags.insert(std::ranges::lower_bound(article.tags, name, {}, &Tag::name), {.name = name});
}

void leave_category(Article& article, const std::string& slug) {
    std::erase_if(article.categories, [&](const CategoryTerm& it) { return it.slug == slug; });
}

std::optional<Ruling::Change> change_of(const std::string& before, const std::string& after) {
    return before == after ? std::nullopt : std::optional(Ruling::Change{before, after});
}

/// The names of `these` that are not among `those`.
template <class Named, class Name>
std::vector<std::string> missing(const std::vector<Named>& these, const std::vector<Named>& those, Name name) {
    std::vector<std::string> names;
    for (const Named& it : these)
        if (std::ranges::find(those, std::invoke(name, it), name) == those.end()) names.push_back(std::invoke(name, it));
    return names;
}

/// What the pattern of a rewritten link makes of it; empty: nothing that a reader could follow.
std::string rewritten(const std::string& link, const Pattern& pattern, const std::string& replacement) {
    const auto result = pattern.replaced(link, replacement);
    if (!result || result->size() > link_bytes_max) return {};
    return web_link(*result);
}

}  // namespace

std::string_view word_of(RuleAction action) { return action_words.at(static_cast<std::size_t>(action)); }
std::string_view word_of(RuleField field) { return field_words.at(static_cast<std::size_t>(field)); }
std::optional<RuleAction> rule_action(std::string_view word) { return choice_of<RuleAction>(action_words, word); }
std::optional<RuleField> rule_field(std::string_view word) { return choice_of<RuleField>(field_words, word); }

std::string fault_of(const Rule& rule) {
    const std::string word(word_of(rule.action));
    if (has_value(rule.action) && rule.value.empty()) return word + " needs a value: which " + word;
    if (!has_value(rule.action) && !rule.value.empty()) return word + " takes no value: leave " + rule.value + " out";
    if (rule.action == RuleAction::tag && (rule.value.size() > tag_bytes_max || to_nfc(one_line(rule.value)) != rule.value))
        return "a tag is one line in normalisation form C of at most " + std::to_string(tag_bytes_max) + " bytes";
    if (rule.action == RuleAction::language && language_tag(rule.value) != rule.value)
        return rule.value + " is no language: give a tag such as de or zh-CN";
    if (rule.leads_nowhere)
        return "there is no category " + rule.value + ": gazetted category add " + rule.value + " makes one";
    const auto pattern = Pattern::compile(rule.pattern);
    if (!pattern) return pattern.error().message;
    if (rule.action != RuleAction::rewrite) return {};
    if (rule.field != RuleField::link || rule.pattern.empty())
        return "a link is rewritten where a pattern of its link matches: give --link PATTERN";
    const std::string fault = pattern->why_not_replace(rule.value);
    return fault.empty() ? fault : "the link cannot be rewritten to " + rule.value + ": " + fault;
}

void undo(const Ruling& ruling, Article& article) {
    if (ruling.link && article.url == ruling.link->after) article.url = ruling.link->before;
    if (ruling.language && article.language == ruling.language->after) article.language = ruling.language->before;
    for (const std::string& slug : ruling.categories_added) leave_category(article, slug);
    for (const std::string& slug : ruling.categories_left) add_category(article, slug);
    for (const std::string& name : ruling.tags_added)
        std::erase_if(article.tags, [&](const Tag& tag) { return tag.name == name; });
}

struct Rules::Compiled {
    Rule rule;
    Pattern pattern;
};

/// One article before the rules.
class Rules::Court {
public:
    explicit Court(Article& article) : article_(article) {}

    bool concerns(const Compiled& it) {
        const auto matches = [&](const std::string& text) { return it.pattern.matches(text); };
        if (it.rule.pattern.empty()) return true;
        switch (it.rule.field) {
            case RuleField::title:
                return matches(article_.title);
            case RuleField::content:
                return matches(content());
            case RuleField::author:
                return std::ranges::any_of(article_.authors, matches, &Person::name);
            case RuleField::link:
                return matches(article_.url);
            case RuleField::tag:
                return std::ranges::any_of(article_.tags,
                                           [&](const Tag& tag) { return matches(tag.name) || matches(tag.label); });
            case RuleField::language:
                return matches(article_.language);
        }
        return false;
    }

    /// What the rule does, in words; empty: the article is so already. Not of keep and drop.
    std::string follow(const Compiled& it) {
        const std::string& value = it.rule.value;
        switch (it.rule.action) {
            case RuleAction::category:
                if (has_category(article_, value)) return {};
                add_category(article_, value);
                return "filed it under " + value;
            case RuleAction::tag:
                if (has_tag(article_, value)) return {};
                add_tag(article_, value);
                return "gave it the tag " + value;
            case RuleAction::language:
                if (article_.language == value) return {};
                article_.language = value;
                return "set its language to " + value;
            case RuleAction::rewrite:
                return relink(rewritten(article_.url, it.pattern, value), "rewrote its link");
            case RuleAction::strip:
                return relink(without_tracking_parameters(article_.url), "stripped its link");
            case RuleAction::keep:
            case RuleAction::drop:
                break;
        }
        return {};
    }

private:
    std::string relink(std::string link, const char* what) {
        if (link.empty() || link == article_.url) return {};
        return std::string(what) + ", which was " + std::exchange(article_.url, std::move(link));
    }

    /// Of summary and content, as a reader sees it.
    const std::string& content() {
        if (!content_)
            for (const std::string* html : {&article_.summary, &article_.content})
                content_ = content_.value_or("") +
                           first_words_of_html(sanitise_html(*html, article_.url), content_characters_max) + ' ';
        return *content_;
    }

    Article& article_;
    std::optional<std::string> content_;
};

Rules::Rules(const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) {
        std::string fault = fault_of(rule);
        if (fault.empty() && rules_.size() == count_max)
            fault = "a source follows at most " + std::to_string(count_max) + " rules, those of its categories included";
        if (fault.empty())
            rules_.push_back({.rule = rule, .pattern = Pattern::compile(rule.pattern).value()});
        else
            set_aside_.push_back(name_of(rule) + " is set aside: " + fault);
    }
}
Rules::Rules(Rules&&) noexcept = default;
Rules::~Rules() = default;

bool Rules::look_at_content() const {
    return std::ranges::any_of(
        rules_, [](const Compiled& it) { return it.rule.field == RuleField::content && !it.rule.pattern.empty(); });
}

Ruling Rules::apply(Article& article) const {
    if (rules_.empty()) return {};
    Ruling ruling;
    Article before;
    before.url = article.url;
    before.language = article.language;
    before.categories = article.categories;
    before.tags = article.tags;
    std::ranges::sort(article.categories, {}, &CategoryTerm::slug);
    Court court(article);
    // True: one that drops it matches before one that keeps it does.
    const auto dropped_by = [&](const std::string& category) {
        bool is_kept = false;
        for (const Compiled& it : rules_) {
            if (it.rule.category != category || (is_kept && it.rule.action == RuleAction::drop) || !court.concerns(it))
                continue;
            if (it.rule.action == RuleAction::keep) is_kept = true;
            const bool drops = it.rule.action == RuleAction::drop;
            const std::string what = drops ? (category.empty() ? "dropped it" : "left it out") : court.follow(it);
            if (!what.empty()) ruling.reasons.push_back(name_of(it.rule) + ' ' + what + since(it.rule));
            if (drops) return true;
        }
        return false;
    };

    ruling.is_dropped = dropped_by("");
    if (!ruling.is_dropped)
        for (const CategoryTerm& category : std::vector(article.categories))
            if (dropped_by(category.slug)) leave_category(article, category.slug);
    ruling.link = change_of(before.url, article.url);
    ruling.language = change_of(before.language, article.language);
    ruling.categories_added = missing(article.categories, before.categories, &CategoryTerm::slug);
    ruling.categories_left = missing(before.categories, article.categories, &CategoryTerm::slug);
    ruling.tags_added = missing(article.tags, before.tags, &Tag::name);
    if (ruling.is_dropped) {
        undo(ruling, article);
        Ruling dropped;
        dropped.is_dropped = true;
        dropped.reasons = {std::move(ruling.reasons.back())};
        return dropped;
    }
    return ruling;
}

}  // namespace gazetted
