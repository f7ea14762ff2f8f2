#include "daemon/administer.hpp"
#include "daemon/api_act.hpp"
#include "daemon/clock.hpp"
#include "feeds/lawful.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <variant>

namespace gazetted {

namespace {

using Written = Store::WrittenArticle;

constexpr std::string_view lines_type = "application/x-ndjson";

std::string_view word_of(Written::What what) {
    constexpr std::string_view words[] = {"added", "updated", "unchanged"};
    return words[static_cast<std::size_t>(what)];
}

/// What became of one article, whether it came alone or among many.
struct Verdict {
    unsigned status = 200;
    std::string id;
    std::string result;
    std::int64_t number = 0;
    std::string detail;  ///< of what was refused
};

std::string json_of(const Verdict& verdict, std::size_t line) {
    boost::json::object object;
    if (line > 0) object["line"] = line;
    if (line > 0) object["status"] = verdict.status;
    object["id"] = verdict.id;
    if (verdict.number > 0) object["number"] = verdict.number;
    object["result"] = verdict.result;
    if (!verdict.detail.empty()) object["detail"] = verdict.detail;
    return boost::json::serialize(object);
}

Verdict refused(unsigned status, std::string id, std::string why) {
    return {.status = status, .id = std::move(id), .result = "refused", .number = 0, .detail = std::move(why)};
}

Response answer_with(const Verdict& verdict) {
    if (verdict.status >= 400) return api_problem(verdict.status, verdict.detail);
    if (verdict.status != 201) return api_json(200, json_of(verdict, 0));
    return api_json(201, json_of(verdict, 0), location_line("/api/articles/", verdict.id));
}

/// A date that nobody says is that of before, so that the same again changes nothing; of a new article it is now.
Result<PostedArticle> dated(Result<PostedArticle> posted, const std::optional<std::string>& before) {
    if (!posted || posted->has_published) return posted;
    posted->article.published = before ? parse_rfc3339(text_member(*before, "published")).value() : now_utc();
    return posted;
}

enum class Change {
    replace,  ///< what is not said is not there
    merge,    ///< what is not said stays, and a new one is made
    correct,  ///< what is not said stays, and there must be one
};

// RFC 4287 section 4.2.6. What a source calls its articles is its own affair, and what is stored keeps its id.
constexpr std::string_view no_iri =
    "the id of a new article is an IRI, such as tag:example.org,2026:1, unless it has a source, whose ids are its own";
constexpr std::string_view nothing_there = "there is no article with this id";

/// The article that is to be, of what is said and what is stored.
Result<PostedArticle> composed(std::string_view json, Change change, const std::optional<std::string>& before) {
    if (change == Change::correct && !before) return Error{ErrorKind::unsupported, std::string(nothing_there)};
    if (change == Change::replace) return dated(read_posted_article(json), before);
    const auto merged = merge_patch(before.value_or("{}"), json);
    if (!merged) return merged.error();
    auto posted = dated(read_posted_article(*merged), before);
    if (posted && before) posted->is_as_before = is_same_json(*merged, *before);
    return posted;
}

Store::ArticleWriting writing_of(std::string id, std::string_view json, Change change) {
    auto compose = [id, json, change](const std::optional<std::string>& before) {
        auto posted = composed(json, change, before);
        // The address says it, so the body need not.
        if (posted && posted->article.id.empty()) posted->article.id = id;
        if (posted && !before && posted->source.value_or("").empty() && !is_iri(posted->article.id))
            return Result<PostedArticle>(Error{ErrorKind::unsupported, std::string(no_iri)});
        return posted;
    };
    return {std::move(id), std::move(compose)};
}

Verdict verdict_of(const ApiErrand& errand, const std::string& id, const Result<Written>& written) {
    if (!written) {
        const Error& error = written.error();
        return refused(error.message == nothing_there ? 404 : status_of(error), id, error.message);
    }
    const std::string_view result = word_of(written->what);
    if (written->what != Written::What::unchanged) note_act(errand, id, result);
    return {.status = written->what == Written::What::added ? 201U : 200U,
            .id = id,
            .result = std::string(result),
            .number = written->number,
            .detail = {}};
}

Verdict write(const ApiErrand& errand, const Store::ArticleWriting& writing) {
    // An array of SQL would end at a NUL.
    if (writing.id.find('\0') != std::string::npos) return refused(422, "", "the id holds a NUL character");
    return verdict_of(errand, writing.id, errand.store.write_articles({writing}).front());
}

/// The id that an article says itself, or why it has none.
std::variant<std::string, Verdict> id_in(std::string_view json) {
    std::string id = text_member(json, "id");
    if (id.empty()) {
        const auto read = merge_patch("{}", json);
        if (!read) return refused(status_of(read.error()), "", read.error().message);
        return refused(422, "", "there is no id: an article has one for life");
    }
    if (id.find('\0') != std::string::npos) return refused(422, "", "the id holds a NUL character");
    return id;
}

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

/// An article a line, many in a transaction. Who comes after a bad one is not held up; who comes after the database went away
/// is told.
class Lines {
public:
    explicit Lines(const ApiErrand& errand) : errand_(errand) {}

    std::string write() {
        std::size_t number = 0;
        for (std::string_view rest = errand_.call.body; !rest.empty();) {
            const auto line = take_line(rest);
            ++number;
            if (!is_blank(line)) take(number, line);
        }
        flush();
        std::string answer;
        for (const auto& [line, verdict] : verdicts_) answer += json_of(verdict, line) + "\n";
        return answer;
    }

private:
    static constexpr std::size_t transaction_articles_max = 100;

    void take(std::size_t number, std::string_view line) {
        if (line.size() > ApiLimits::item_bytes_max) {
            const std::string limit = std::to_string(ApiLimits::item_bytes_max);
            verdicts_.emplace(number, refused(413, "", "the article takes more than " + limit + " bytes"));
            return;
        }
        auto id = id_in(line);
        if (auto* verdict = std::get_if<Verdict>(&id)) {
            verdicts_.emplace(number, std::move(*verdict));
            return;
        }
        const auto& name = std::get<std::string>(id);
        // What was said of an article before counts before what is said later.
        if (writings_.size() == transaction_articles_max || !ids_.insert(name).second) flush();
        ids_.insert(name);
        writings_.push_back(writing_of(name, line, Change::merge));
        numbers_.push_back(number);
    }

    void flush() {
        std::vector<Result<Written>> written;
        try {
            if (!is_away_ && !writings_.empty()) written = errand_.store.write_articles(writings_);
        } catch (const StoreUnavailable&) {
            is_away_ = true;
        }
        for (std::size_t i = 0; i < writings_.size(); ++i)
            verdicts_.emplace(numbers_[i],
                              is_away_ ? unavailable(writings_[i].id) : verdict_of(errand_, writings_[i].id, written[i]));
        writings_.clear();
        numbers_.clear();
        ids_.clear();
    }

    static Verdict unavailable(const std::string& id) {
        return {.status = 503, .id = id, .result = "unavailable", .number = 0, .detail = "the database is away: send it again"};
    }

    const ApiErrand& errand_;
    std::vector<Store::ArticleWriting> writings_;
    std::vector<std::size_t> numbers_;  // of their lines
    std::set<std::string> ids_;
    std::map<std::size_t, Verdict> verdicts_;  // by line
    bool is_away_ = false;
};

/// Lines that say something; counted no further than one beyond what is allowed.
std::size_t count_items(std::string_view body) {
    std::size_t count = 0;
    while (!body.empty() && count <= ApiLimits::items_max) count += is_blank(take_line(body)) ? 0 : 1;
    return count;
}

}  // namespace

Response publish_articles(const ApiErrand& errand) {
    if (!errand.call.is_many) {
        auto id = id_in(errand.call.body);
        if (const auto* verdict = std::get_if<Verdict>(&id)) return answer_with(*verdict);
        return answer_with(write(errand, writing_of(std::get<std::string>(id), errand.call.body, Change::merge)));
    }
    if (count_items(errand.call.body) > ApiLimits::items_max)
        return api_problem(413, "there are more than " + std::to_string(ApiLimits::items_max) + " articles");
    return plain_text(200, lines_type, Lines(errand).write());
}

Response replace_article(const ApiErrand& errand) {
    return answer_with(write(errand, writing_of(errand.call.name, errand.call.body, Change::replace)));
}

Response correct_article(const ApiErrand& errand) {
    return answer_with(write(errand, writing_of(errand.call.name, errand.call.body, Change::correct)));
}

Response show_stored_article(const ApiErrand& errand) {
    const auto stored = errand.store.stored_article(errand.call.name);
    return stored ? api_json(200, *stored) : api_problem(404, "there is no article with this id");
}

Response act_on_article(const ApiErrand& errand) {
    const auto number = errand.store.article_number(errand.call.name);
    if (!number) return api_problem(404, "there is no article with this id");
    const Outcome outcome = administer_article(errand.store, action_of(errand), *number);
    if (outcome.is_changed) note_act(errand, errand.call.name, "updated");
    return api_json(200, json_of(outcome.row, 0));
}

}  // namespace gazetted
