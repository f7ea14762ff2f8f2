#pragma once

#include "daemon/jekyll/dates.hpp"
#include "daemon/jekyll/front_matter.hpp"
#include "feeds/article.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted::jekyll {

/// What `_config.yml`, `_data/authors.yml` and the category pages say. Fixed while posts are read; shared between threads.
struct Site {
    std::string title;
    std::string description;
    std::string url;        ///< scheme and host; empty where the configuration has none
    std::string base_path;  ///< `baseurl`
    std::string language;
    std::vector<Person> authors;
    std::string permalink = "/:categories/:year/:month/:day/:title:output_ext";
    std::string collections_folder;  ///< `collections_dir`: the only place where `_posts` counts; empty: everywhere
    SiteZone zone;
    std::vector<std::string> excluded;                                ///< `exclude`, patterns
    std::vector<std::string> markdown_extensions;                     ///< without dots, lower case
    std::vector<YamlValue> defaults;                                  ///< `defaults`: front matter that posts need not repeat
    std::map<std::string, Person, std::less<>> author_cards;          ///< `_data/authors.yml`
    std::map<std::string, std::string, std::less<>> category_titles;  ///< by category name, from pages with `layout: category`
};

struct ReadSite {
    Site site;
    std::vector<Fault> faults;
};
/// Never fails for what a value is: that is told in `faults`, and the default stands.
ReadSite read_site(const YamlValue& config);

/// Text of a scalar; empty for everything else.
std::string text_of(const YamlValue* value);
/// A string split on blanks, or a list's texts: how Jekyll reads `tags` and `categories`.
std::vector<std::string> words_of(const YamlValue* value);
/// Names, or maps with name, email and uri (or url). A name that has a card in `_data/authors.yml` is that person.
std::vector<Person> persons_of(const YamlValue* value, const Site&);

/// The values of every set of `defaults` that is meant for a post at `path`, in the order of precedence that Jekyll gives them.
YamlValue default_front_matter(const Site&, std::string_view path);

}  // namespace gazetted::jekyll
