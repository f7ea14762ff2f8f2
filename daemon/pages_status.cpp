#include "daemon/pages_status.hpp"

#include "daemon/address.hpp"
#include "daemon/for_people.hpp"
#include "daemon/pages_template.hpp"
#include "daemon/plot.hpp"
#include "feeds/ascii.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

namespace gazetted {

namespace {

using ctemplate::TemplateDictionary;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t title_characters_max = 120;

std::string minute_text(Instant instant) {
    const std::string date = to_rfc3339(instant);
    return date.substr(0, 10) + " " + date.substr(11, 5) + " UTC";
}

// ---- figures of the moment

void add_figure(TemplateDictionary& page, const std::string& name, const std::string& value, const std::string& more = {}) {
    TemplateDictionary& figure = *page.AddSectionDictionary("FIGURE");
    figure.SetValue("FIGURE_NAME", name);
    figure.SetValue("FIGURE_VALUE", value);
    if (!more.empty()) figure.AddSectionDictionary("FIGURE_MORE_GIVEN")->SetValue("FIGURE_MORE", more);
}

std::uint64_t natural(std::int64_t number) { return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)); }

void add_articles(TemplateDictionary& page, const Survey& survey) {
    std::string more;
    if (survey.held > 0) more = grouped(natural(survey.held)) + " held back";
    if (survey.withdrawn > 0) more += (more.empty() ? "" : ", ") + grouped(natural(survey.withdrawn)) + " withdrawn";
    add_figure(page, "Articles", grouped(natural(survey.shown)), more);
    add_figure(page, "Categories", grouped(natural(survey.categories_count)));
    const auto& standing = survey.standing;
    std::string sources;
    if (standing.paused > 0) sources = grouped(standing.paused) + " paused";
    if (standing.gone > 0) sources += (sources.empty() ? "" : ", ") + grouped(standing.gone) + " gone";
    add_figure(page, "Sources polled", grouped(standing.active), sources);
}

void add_figures(TemplateDictionary& page, const StatusView& view) {
    const Figures& figures = view.figures;
    if (view.board.survey) add_articles(page, *view.board.survey);
    add_figure(page, "Documents kept", grouped(figures.cache_documents),
               bytes_text(static_cast<double>(figures.cache_bytes)) + " of " +
                   bytes_text(static_cast<double>(figures.cache_limit_bytes)));
    add_figure(page, "Connections", grouped(figures.connections));
    add_figure(page, "Memory", bytes_text(static_cast<double>(figures.resident_bytes)),
               "CPU time " + span_text(Seconds(figures.cpu_s)));
}

void add_newest(TemplateDictionary& page, const StatusView& view) {
    const auto& survey = view.board.survey;
    if (!survey || !survey->newest) return;
    TemplateDictionary& newest = *page.AddSectionDictionary("NEWEST");
    const std::string title = survey->newest->title.empty() ? "untitled" : survey->newest->title;
    newest.SetValue("NEWEST_TITLE", first_words(title, title_characters_max));
    newest.SetValue("NEWEST_LINK", view.board.daemon.base_url + canonical_path(ArticlePageAddress{survey->newest->number}));
    newest.SetValue("NEWEST_TIME", to_rfc3339(survey->newest->published));
    newest.SetValue("NEWEST_AGE", span_text(view.now - survey->newest->published));
}

// ---- plots

struct PlotOf {
    FigureHistory::Counter counter;
    const char* name;
    double factor;  ///< of a rate a second
    bool is_bytes;
};
constexpr PlotOf plots[] = {
    {&FigureSample::responses, "Answers a second", 1, false},
    {&FigureSample::body_bytes, "Bytes a second", 1, true},
    {&FigureSample::renderings, "Renderings a minute", 60, false},
    {&FigureSample::polls, "Polls a minute", 60, false},
};

void add_plots(TemplateDictionary& page, const FigureHistory& history) {
    for (const PlotOf& plot : plots) {
        const auto rates = history.rates(plot.counter);
        const double top = top_of(rates, plot.factor);
        const auto shown = [&](double value) { return plot.is_bytes ? bytes_text(value) : rounded(value); };
        const std::string now = rates.empty() ? "none yet" : shown(rates.back().per_second * plot.factor) + " now";
        TemplateDictionary& figure = *page.AddSectionDictionary("PLOT");
        figure.SetValue("PLOT_NAME", plot.name);
        figure.SetValue("PLOT_NOW", now);
        figure.SetValue("PLOT_TOP", shown(top));
        figure.SetValue("PLOT_SVG",
                        plot_of(rates, top / plot.factor, std::string(plot.name) + " within the last hour: " + now));
    }
}

// ---- faults

void add_faults(TemplateDictionary& page, const std::vector<Fault>& faults) {
    if (faults.empty()) return page.ShowSection("ALL_WELL");
    TemplateDictionary& list = *page.AddSectionDictionary("FAULTS");
    list.SetValue("FAULTS_COUNT", faults.size() == 1 ? "One thing" : grouped(faults.size()) + " things");
    for (const Fault& fault : faults) {
        TemplateDictionary& shown = *list.AddSectionDictionary("FAULT");
        if (fault.is_grave) shown.ShowSection("GRAVE");
        shown.SetValue("FAULT_WHAT", fault.what);
        shown.SetValue("FAULT_REMEDY", fault.remedy);
        if (!fault.command.empty()) shown.AddSectionDictionary("FAULT_COMMANDED")->SetValue("FAULT_COMMAND", fault.command);
        if (fault.cases.empty()) continue;
        TemplateDictionary& cases = *shown.AddSectionDictionary("FAULT_CASES");
        for (const std::string& one : fault.cases) cases.AddSectionDictionary("FAULT_CASE")->SetValue("CASE", one);
        if (fault.cases_more > 0) cases.AddSectionDictionary("FAULT_MORE")->SetValue("CASES_MORE", grouped(fault.cases_more));
    }
}

// ---- categories

bool contains_ignoring_case(std::string_view text, std::string_view part) {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::string page_link(std::size_t page, const std::string& find) {
    return "/status?page=" + std::to_string(page) + (find.empty() ? "" : "&find=" + percent_encode(find)) + "#categories";
}

void add_category(TemplateDictionary& list, const Survey::Category& category, const StatusView& view) {
    TemplateDictionary& row = *list.AddSectionDictionary("CATEGORY");
    row.SetValue("CATEGORY_TITLE", first_words(category.title.empty() ? category.slug : category.title, title_characters_max));
    row.SetValue("CATEGORY_LINK", view.board.daemon.base_url + canonical_path(CategoryPageAddress{Selection{category.slug}}));
    row.SetValue("CATEGORY_ARTICLES", grouped(natural(category.articles)));
    if (category.set_aside > 0)
        row.AddSectionDictionary("CATEGORY_TROUBLED")->SetValue("CATEGORY_SET_ASIDE", grouped(natural(category.set_aside)));
    if (!category.newest) return;
    TemplateDictionary& dated = *row.AddSectionDictionary("CATEGORY_DATED");
    dated.SetValue("CATEGORY_TIME", to_rfc3339(*category.newest));
    dated.SetValue("CATEGORY_AGE", span_text(view.now - *category.newest) + " ago");
}

void add_categories(TemplateDictionary& page, const StatusView& view, const StatusQuery& query) {
    if (!view.board.survey) return;
    const Survey& survey = *view.board.survey;
    std::vector<const Survey::Category*> found;
    for (const Survey::Category& category : survey.categories)
        if (contains_ignoring_case(category.slug, query.find) || contains_ignoring_case(category.title, query.find))
            found.push_back(&category);
    const std::size_t pages =
        std::max<std::size_t>(1, (found.size() + status_categories_a_page - 1) / status_categories_a_page);
    const std::size_t shown_page = std::clamp<std::size_t>(query.page, 1, pages);

    TemplateDictionary& list = *page.AddSectionDictionary("CATEGORIES");
    list.SetValue("CATEGORIES_COUNT", grouped(natural(survey.categories_count)));
    list.SetValue("FIND", query.find);
    if (!query.find.empty()) list.AddSectionDictionary("FOUND")->SetValue("FOUND_COUNT", grouped(found.size()));
    if (!found.empty()) list.ShowSection("CATEGORY_TABLE");
    const auto from = (shown_page - 1) * status_categories_a_page;
    for (const auto* category : found | std::views::drop(from) | std::views::take(status_categories_a_page))
        add_category(list, *category, view);
    if (pages == 1) return;
    TemplateDictionary& around = *list.AddSectionDictionary("PAGED");
    around.SetValue("PAGE", grouped(shown_page));
    around.SetValue("PAGES", grouped(pages));
    if (shown_page > 1) around.AddSectionDictionary("PAGE_NEWER")->SetValue("NEWER", page_link(shown_page - 1, query.find));
    if (shown_page < pages) around.AddSectionDictionary("PAGE_OLDER")->SetValue("OLDER", page_link(shown_page + 1, query.find));
}

// ---- nodes

void add_nodes(TemplateDictionary& page, const StatusView& view) {
    if (!view.board.survey || view.board.survey->nodes.empty()) return;
    TemplateDictionary& list = *page.AddSectionDictionary("NODES");
    for (const Survey::Node& node : view.board.survey->nodes) {
        TemplateDictionary& shown = *list.AddSectionDictionary("NODE");
        shown.SetValue("NODE_NAME", node.name);
        if (node.name == node_name()) shown.ShowSection("NODE_OURS");
        if (node.since) shown.AddSectionDictionary("NODE_SINCE")->SetValue("NODE_AGE", span_text(view.now - *node.since));
    }
}

void add_survey_age(TemplateDictionary& page, const StatusView& view) {
    if (!view.board.survey) return page.ShowSection("UNSURVEYED");
    TemplateDictionary& surveyed = *page.AddSectionDictionary("SURVEYED");
    surveyed.SetValue("SURVEY_AGE", span_text(view.now - view.board.survey->taken));
    surveyed.SetValue("SURVEY_MS", grouped(natural(view.board.survey->took.count())));
}

}  // namespace

StatusQuery parse_status_query(std::string_view query) {
    StatusQuery wanted;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto name = pair.substr(0, pair.find('='));
        std::string value(pair.substr(std::min(pair.size(), name.size() + 1)));
        if (name == "page") {
            std::size_t page = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), page);
            if (error == std::errc() && end == value.data() + value.size()) wanted.page = std::max<std::size_t>(page, 1);
        } else if (name == "find") {
            std::ranges::replace(value, '+', ' ');
            wanted.find = legal_xml_text(percent_decode(value).substr(0, StatusQuery::find_bytes_max));
        }
    }
    return wanted;
}

std::string status_page(const StatusView& view, const StatusQuery& query) {
    TemplateDictionary page("status");
    const auto& daemon = view.board.daemon;
    const std::string in_the_tables = view.board.survey ? view.board.survey->site_title : "";
    const std::string& title = daemon.title.empty() ? in_the_tables : daemon.title;
    page.SetValue("TITLE", title.empty() ? "Gazetted" : title);
    page.SetValue("BASE_URL", daemon.base_url);
    page.SetValue("VERSION", GAZETTED_VERSION);
    page.SetValue("UPTIME", span_text(view.up));
    page.SetValue("NOW", to_rfc3339(view.now));
    page.SetValue("NOW_TEXT", minute_text(view.now));
    add_faults(page, faults_of(view.figures, view.board, view.database, view.now));
    add_newest(page, view);
    add_figures(page, view);
    add_plots(page, view.board.history);
    add_survey_age(page, view);
    add_categories(page, view, query);
    add_nodes(page, view);
    return expand_page("status.html", page);
}

}  // namespace gazetted
