#include "daemon/jekyll/site.hpp"

#include "daemon/jekyll/letters.hpp"
#include "daemon/jekyll/permalink.hpp"
#include "feeds/text.hpp"

#include <fnmatch.h>

#include <utility>

namespace gazetted::jekyll {

namespace {

Person person_of(const YamlValue& value, const Site& site) {
    if (value.kind != YamlValue::Kind::map) {
        const std::string name = collapse_space(text_of(&value));
        const auto card = site.author_cards.find(name);
        return card == site.author_cards.end() ? Person{.name = name, .email = {}, .uri = {}} : card->second;
    }
    std::string uri = text_of(value.find("uri"));
    if (uri.empty()) uri = text_of(value.find("url"));
    return {.name = collapse_space(text_of(value.find("name"))), .email = text_of(value.find("email")), .uri = std::move(uri)};
}

std::string default_scope_path(const YamlValue& set) {
    const auto* scope = set.find("scope");
    std::string path = scope ? text_of(scope->find("path")) : "";
    if (path.starts_with('/')) path.erase(0, 1);
    return path;
}

bool applies(const YamlValue& set, const Site& site, std::string_view path) {
    const auto* scope = set.find("scope");
    if (!scope) return true;
    const std::string type = text_of(scope->find("type"));
    if (!type.empty() && type != "posts" && type != "post") return false;
    std::string wanted = default_scope_path(set);
    if (wanted.find('*') == std::string::npos) {
        if (!site.collections_folder.empty() && wanted.starts_with(site.collections_folder + "/"))
            wanted.erase(0, site.collections_folder.size() + 1);
        return path.starts_with(wanted);
    }
    // A pattern names files or folders; what lies below a folder that it names is meant too.
    for (auto end = path.size(); end != std::string_view::npos && end > 0; end = path.rfind('/', end - 1))
        if (fnmatch(wanted.c_str(), std::string(path.substr(0, end)).c_str(), FNM_PATHNAME) == 0) return true;
    return false;
}

bool has_precedence(const YamlValue* old, const YamlValue& set) {
    if (!old) return true;
    const auto old_size = default_scope_path(*old).size();
    const auto size = default_scope_path(set).size();
    if (size != old_size) return size > old_size;
    const auto has_type = [](const YamlValue& of) { return of.find("scope") && of.find("scope")->find("type"); };
    return has_type(set) || !has_type(*old);
}

void read_zone(const YamlValue& config, ReadSite& read) {
    const std::string name = text_of(config.find("timezone"));
    if (name.empty()) {
        read.faults.push_back(
            {0, "names no timezone: dates are read in UTC; Jekyll takes the zone of the machine that it runs on"});
        return;
    }
    if (const auto zone = SiteZone::find(name))
        read.site.zone = *zone;
    else
        read.faults.push_back({0, "the system knows no timezone " + name + ": dates are read in UTC"});
}

void read_url(const YamlValue& config, ReadSite& read) {
    std::string url = text_of(config.find("url"));
    if (url.empty()) {
        read.faults.push_back(
            {0, "names no url: articles get no links to the site, and ids that hold for this folder's name only"});
    } else if (!url.starts_with("http://") && !url.starts_with("https://")) {
        read.faults.push_back({0, "the url does not start with http:// or https://: articles get no links to the site"});
        url.clear();
    }
    read.site.url = std::move(url);
    read.site.base_path = text_of(config.find("baseurl"));
}

std::string posts_permalink(const YamlValue& config) {
    const auto* collections = config.find("collections");
    const auto* posts = collections ? collections->find("posts") : nullptr;
    std::string own = posts ? text_of(posts->find("permalink")) : "";
    if (!own.empty()) return own;
    const std::string style = text_of(config.find("permalink"));
    return permalink_template(style.empty() ? "date" : style);
}

std::vector<std::string> split_on_commas(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = text.find(',');
        words.push_back(to_lower(collapse_space(text.substr(0, end))));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return words;
}

}  // namespace

std::string text_of(const YamlValue* value) {
    return value && value->kind == YamlValue::Kind::text ? value->text : std::string();
}

std::vector<std::string> words_of(const YamlValue* value) {
    std::vector<std::string> words;
    if (!value) return words;
    if (value->kind == YamlValue::Kind::list)
        for (const auto& item : value->items)
            if (auto text = collapse_space(text_of(&item)); !text.empty()) words.push_back(std::move(text));
    const std::string text = text_of(value);
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t\n\r\f\v", at)) != std::string::npos;) {
        const auto end = text.find_first_of(" \t\n\r\f\v", at);
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::vector<Person> persons_of(const YamlValue* value, const Site& site) {
    std::vector<Person> persons;
    if (!value) return persons;
    if (value->kind == YamlValue::Kind::list)
        for (const auto& item : value->items) persons.push_back(person_of(item, site));
    else
        persons.push_back(person_of(*value, site));
    std::erase_if(persons, [](const Person& person) { return person.name.empty(); });
    return persons;
}

YamlValue default_front_matter(const Site& site, std::string_view path) {
    YamlValue merged;
    merged.kind = YamlValue::Kind::map;
    const YamlValue* old = nullptr;
    for (const auto& set : site.defaults) {
        const auto* values = set.find("values");
        if (!values || !applies(set, site, path)) continue;
        const bool wins = has_precedence(old, set);
        for (const auto& [key, value] : values->members)
            if (wins || !merged.find(key)) merged.set(key, value);
        if (wins) old = &set;
    }
    return merged;
}

ReadSite read_site(const YamlValue& config) {
    ReadSite read;
    Site& site = read.site;
    site.title = collapse_space(text_of(config.find("title")));
    if (site.title.empty()) site.title = collapse_space(text_of(config.find("name")));
    site.description = collapse_space(text_of(config.find("description")));
    site.language = text_of(config.find("lang"));
    read_url(config, read);
    read_zone(config, read);
    site.permalink = posts_permalink(config);
    site.collections_folder = text_of(config.find("collections_dir"));
    site.authors = persons_of(config.find("author"), site);
    site.excluded = words_of(config.find("exclude"));
    const std::string extensions = text_of(config.find("markdown_ext"));
    site.markdown_extensions = split_on_commas(extensions.empty() ? "markdown,mkdown,mkdn,mkd,md" : extensions);
    if (const auto* defaults = config.find("defaults")) site.defaults = defaults->items;
    return read;
}

}  // namespace gazetted::jekyll
