#include "tests/support/untrue_figures.hpp"

#include "tests/support/test_database.hpp"

#include <chrono>
#include <thread>

namespace gazetted {

using namespace std::chrono_literals;

namespace {

/// What would be untrue, and how many rows say so.
struct Claim {
    const char* untrue;
    const char* rows;
};
constexpr Claim claims[] = {
    {"an article stands elsewhere in a category than it says",
     "article_categories c JOIN articles a ON a.id = c.article_id WHERE (c.published, c.rises) IS DISTINCT FROM (a.published, "
     "a.rises)"},
    {"a category shows what it should not, or hides it",
     "article_categories c JOIN articles a ON a.id = c.article_id WHERE c.shown IS DISTINCT FROM shown_in_category(a, "
     "c.category_id)"},
    {"an article stands elsewhere among those of a tag, an author or a source than it says",
     "article_selections m JOIN articles a ON a.id = m.article_id WHERE (m.published, m.rises, m.shown) IS DISTINCT FROM "
     "(a.published, a.rises, shown_in_selection(a, m.selection_id))"},
    {"an article has a tag, an author or a source, and is not among its articles",
     "(SELECT n.article_id, n.kind, n.name FROM named_selections n EXCEPT "
     "SELECT m.article_id, s.kind, s.name FROM article_selections m JOIN selections s ON s.id = m.selection_id) AS lacking"},
    {"an article is among those of a tag, an author or a source that it has not",
     "(SELECT m.article_id, s.kind, s.name FROM article_selections m JOIN selections s ON s.id = m.selection_id EXCEPT "
     "SELECT n.article_id, n.kind, n.name FROM named_selections n) AS left_over"},
    {"searches do not know an article", "articles a WHERE NOT EXISTS (SELECT FROM article_words w WHERE w.article_id = a.id)"},
    {"a transaction that is over left its notes", "touched"},
    {"two articles have one revision", "(SELECT FROM articles GROUP BY revision HAVING count(*) > 1) AS twice"},
    {"a category changed more often than the site", "categories c, site s WHERE c.revision > s.revision"},
    {"an article changed later than its category",
     "article_categories m JOIN articles a ON a.id = m.article_id JOIN categories c ON c.id = m.category_id WHERE a.changed > "
     "c.changed"},
    {"an upstream's entry is another article than was noted",
     "upstream_entries e WHERE e.article_id IS NOT NULL AND NOT EXISTS (SELECT FROM articles a WHERE a.id = e.article_id)"},
    {"an article is there twice by its address and source",
     "(SELECT FROM articles WHERE url IS NOT NULL AND source_id IS NOT NULL GROUP BY url, source_id HAVING count(*) > 1) AS "
     "twice"},
};

std::string rendered(const std::string& database_url, const std::string& target) {
    return run_command({GAZETTED_BINARY, "render", target, "--database", database_url}).out;
}

std::string untrue_now(const DaemonProcess& daemon, const std::string& database_url, const std::vector<std::string>& targets) {
    std::string untrue;
    for (const std::string& target : targets) {
        const HttpAnswer served = daemon.get(target);
        if (served.status != 200 || served.body != rendered(database_url, target))
            untrue += target + " is not what its rows make (" + std::to_string(served.status) + ")\n";
    }
    const std::pair<const char*, double> figures[] = {
        {"gazetted_database_available", 1}, {"gazetted_articles_set_aside", 0}, {"gazetted_callers_waiting", 0}};
    for (const auto& [name, expected] : figures)
        if (const double value = metric(daemon, name); value != expected) untrue += name + (" " + std::to_string(value)) + "\n";
    if (metric(daemon, "gazetted_cache_documents") < static_cast<double>(targets.size()))
        untrue += "fewer documents are counted than were served\n";
    if (const auto ready = http_get(daemon.status_port(), "/readyz"); ready.status != 200)
        untrue += "/readyz: " + ready.body + "\n";
    return untrue;
}

}  // namespace

double metric(const DaemonProcess& daemon, const std::string& name) {
    const std::string metrics = http_get(daemon.status_port(), "/metrics").body;
    const auto at = metrics.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(metrics.substr(at + name.size() + 2));
}

std::string untrue_rows(const std::string& database_url) {
    std::string untrue;
    for (const auto& [what, rows] : claims) {
        const std::string count =
            run_sql(database_url, std::string("SET search_path = gazetted; SELECT count(*) FROM ") + rows).at(0).at(0);
        if (count != "0") untrue += std::string(what) + ": " + count + "\n";
    }
    return untrue;
}

std::string untrue_figures(const DaemonProcess& daemon, const std::string& database_url,
                           const std::vector<std::string>& targets) {
    std::string untrue = "nothing was asked";
    for (const auto end = std::chrono::steady_clock::now() + 10s; !untrue.empty() && std::chrono::steady_clock::now() < end;
         std::this_thread::sleep_for(50ms))
        untrue = untrue_now(daemon, database_url, targets);
    return untrue + untrue_rows(database_url);
}

}  // namespace gazetted
