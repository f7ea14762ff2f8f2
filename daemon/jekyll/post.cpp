#include "daemon/jekyll/post.hpp"

#include "daemon/jekyll/letters.hpp"
#include "daemon/jekyll/liquid.hpp"
#include "daemon/jekyll/markdown.hpp"
#include "daemon/jekyll/permalink.hpp"
#include "daemon/jekyll/post_name.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace gazetted::jekyll {

namespace {

using std::chrono::sys_seconds;

constexpr std::size_t name_bytes_max = 512;

void add_once(std::vector<std::string>& list, std::string word) {
    if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(std::move(word));
}

/// As a category's slug or a tag may be stored: NFC, no control characters; empty where nothing is left.
std::string storable_name(std::string_view name) {
    std::string out = to_nfc(collapse_space(legal_xml_text(name)));
    std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    return out.size() > name_bytes_max ? std::string() : out;
}

bool is_false(const YamlValue* value) {
    const std::string text = to_lower(text_of(value));
    return value && !value->quoted && (text == "false" || text == "no" || text == "off");
}

/// One reading of one file; each function answers one question about it.
class PostReader {
public:
    PostReader(const PostFile& file, const Site& site, const PostOptions& options)
        : file_(file), site_(site), options_(options), name_(parse_post_name(file.path, site.collections_folder)) {}

    Read<ReadPost> read() {
        const auto split = split_front_matter(file_.bytes);
        if (!split) return split.error();
        auto parsed = parse_yaml(split->yaml, split->yaml_line);
        if (!parsed) return parsed.error();
        written_ = std::move(parsed->value);
        defaults_ = default_front_matter(site_, file_.path);
        seen_by_jekyll_ = split->seen_by_jekyll;
        warn_of_front_matter(*split, parsed->faults);

        if (auto fault = read_title(split->yaml_line)) return *fault;
        if (auto fault = read_dates()) return *fault;
        read_content(split->body);
        if (post_.article.title.empty() && collapse_space(post_.article.content).empty())
            return Fault{0, "neither a title nor a text"};
        read_belongings();
        if (auto fault = read_addresses()) return *fault;
        return std::move(post_);
    }

private:
    /// Front matter, else the configuration's defaults.
    const YamlValue* meant(std::string_view key) const {
        const auto* value = written_.find(key);
        return value ? value : defaults_.find(key);
    }
    /// What Jekyll finds under this key.
    const YamlValue* seen(std::string_view key) const { return seen_by_jekyll_ ? meant(key) : defaults_.find(key); }

    void warn(std::string reason, std::size_t line = 0) { post_.warnings.push_back({line, std::move(reason)}); }

    void warn_of_front_matter(const SplitPost& split, const std::vector<Fault>& faults) {
        if (!split.seen_by_jekyll)
            warn(
                "blank lines before the front matter: title and categories are read from it, id, link and date are those "
                "that Jekyll gives this file",
                1);
        for (const auto& fault : faults) warn(fault.reason + "; read line by line", fault.line);
    }

    std::optional<Fault> read_title(std::size_t line) {
        const auto* title = meant("title");
        std::string text = text_of(title);
        if (title && title->kind != YamlValue::Kind::text) {
            if (title->kind == YamlValue::Kind::map || title->tagged) return Fault{line, "the title is no text"};
            // Jekyll prints a list's items one behind the other.
            for (const auto& item : title->items) text += text_of(&item);
        }
        post_.article.title = collapse_space(legal_xml_text(text));
        if (post_.article.title.empty()) warn("no title: the first words of the text stand for it");
        return std::nullopt;
    }

    /// The date as Jekyll has it, for id, link and, but for PostOptions::zoneless, the article.
    std::optional<Fault> read_dates() {
        const auto* written = meant("date");
        const auto exact = [&](const YamlValue* value) {
            return value ? read_date(*value, site_.zone, ZonelessTimestamp::utc) : std::nullopt;
        };
        if (written && !exact(written)) warn("the date " + quoted(written) + " is none");
        std::optional<sys_seconds> date = exact(name_.date.empty() ? written : seen("date"));
        if (!date) {
            if (auto fault = date_from_name(date)) return fault;
        }
        jekyll_date_ = *date;
        std::optional<sys_seconds> own;
        if (written && options_.zoneless == ZonelessTimestamp::local)
            own = read_date(*written, site_.zone, ZonelessTimestamp::local);
        post_.article.published = own.value_or(jekyll_date_);

        const auto* changed = meant("last_modified_at") ? meant("last_modified_at") : meant("updated");
        const auto updated = changed ? read_date(*changed, site_.zone, options_.zoneless) : std::nullopt;
        if (changed && !updated) warn("the date of the last change " + quoted(changed) + " is none");
        if (updated && *updated > post_.article.published) post_.article.updated = *updated;
        return std::nullopt;
    }

    std::optional<Fault> date_from_name(std::optional<sys_seconds>& date) {
        if (!name_.date.empty()) {
            date = read_file_name_date(name_.date, site_.zone);
            if (!date) return Fault{0, "the date in the file's name does not exist, and the front matter has none"};
            return std::nullopt;
        }
        if (const auto digits = date_in_digits(name_.slug)) date = read_file_name_date(*digits, site_.zone);
        if (date) {
            warn("no date: the one in the digits of the file's name is taken");
        } else {
            date = file_.modified;
            dated_by_file_ = true;
            warn("no date, neither in the front matter nor in the file's name: the file's own time is taken");
        }
        return std::nullopt;
    }

    static std::string quoted(const YamlValue* value) { return '"' + first_words(collapse_space(text_of(value)), 40) + '"'; }

    bool is_markdown() const {
        const std::string extension = name_.extension.empty() ? "" : to_lower(name_.extension.substr(1));
        return std::find(site_.markdown_extensions.begin(), site_.markdown_extensions.end(), extension) !=
               site_.markdown_extensions.end();
    }

    void read_content(std::string_view body) {
        auto without = is_false(meant("render_with_liquid")) ? WithoutLiquid{std::string(body), 0} : remove_liquid(body);
        post_.liquid_tags = without.tags;
        if (!is_markdown()) {
            post_.article.content = std::move(without.text);
            return;
        }
        auto rendered = render_markdown(without.text);
        if (rendered.as_is) warn("the Markdown would grow beyond a limit: the text is shown as it was written");
        post_.article.content = std::move(rendered.html);
    }

    void read_belongings() {
        Article& article = post_.article;
        post_.published = !is_false(meant("published"));
        article.language = text_of(meant("lang"));
        if (article.language.empty()) article.language = site_.language;
        article.summary = text_of(meant("description"));
        if (article.summary.empty()) article.summary = text_of(meant("excerpt"));
        article.authors = persons_of(meant("author"), site_);
        if (article.authors.empty()) article.authors = persons_of(meant("authors"), site_);
        if (article.authors.empty()) article.authors = site_.authors;
        for (auto& category : categories()) article.categories.push_back(std::move(category));
        std::vector<std::string> names;
        for (const auto& tag : tags())
            if (auto name = storable_name(tag); !name.empty()) add_once(names, std::move(name));
        std::sort(names.begin(), names.end());
        for (auto& name : names) article.tags.push_back({.name = std::move(name)});
        read_enclosure();
        read_image();
    }

    std::vector<std::string> tags() const {
        const std::string whole = text_of(meant("tag"));
        if (!whole.empty()) return {whole};
        return words_of(meant("tag") ? meant("tag") : meant("tags"));
    }

    void read_enclosure() {
        const auto* enclosure = meant("enclosure");
        if (!enclosure || enclosure->kind != YamlValue::Kind::map) return;
        Enclosure read{
            .url = text_of(enclosure->find("url")), .media_type = text_of(enclosure->find("type")), .length_bytes = {}};
        const std::string length = text_of(enclosure->find("length"));
        if (!length.empty() && length.size() < 16 && length.find_first_not_of("0123456789") == std::string::npos)
            read.length_bytes = std::stoull(length);
        if (read.url.starts_with('/') && !site_.url.empty()) read.url = absolute_url(site_.url, site_.base_path, read.url);
        if (read.url.starts_with("http") && read.media_type.find('/') != std::string::npos)
            post_.article.enclosures.push_back(std::move(read));
    }

    /// As jekyll-seo-tag and jekyll-feed read it: an address, or a map with a path.
    void read_image() {
        const auto* image = meant("image");
        std::string url = text_of(image && image->kind == YamlValue::Kind::map ? image->find("path") : image);
        if (url.empty()) return;
        const auto is_absolute = [&] { return url.starts_with("http://") || url.starts_with("https://"); };
        if (url.starts_with("//")) {
            url = "https:" + url;
        } else if (!is_absolute() && !site_.url.empty()) {
            url = absolute_url(site_.url, site_.base_path, url.starts_with('/') ? url : '/' + url);
        }
        // What is none is no reason to leave the post out.
        constexpr std::size_t url_bytes_max = 4'096;
        if (!is_absolute() || url.size() > url_bytes_max || url.find_first_of(" \t\n\v\f\r") != std::string::npos) return;
        Enclosure thumbnail{.url = std::move(url), .media_type = "image/jpeg", .length_bytes = {}};
        for (const auto& [ending, type] : {std::pair{".png", "image/png"},
                                           {".gif", "image/gif"},
                                           {".webp", "image/webp"},
                                           {".svg", "image/svg+xml"},
                                           {".avif", "image/avif"}})
            if (thumbnail.url.ends_with(ending)) thumbnail.media_type = type;
        thumbnail.role = EnclosureRole::thumbnail;
        post_.article.enclosures.push_back(std::move(thumbnail));
    }

    /// As they are meant: a string is one category where a category page has that name, else it is split on blanks.
    std::vector<CategoryTerm> categories() {
        std::vector<std::string> names = name_.folders;
        const auto add = [&](const YamlValue* value) {
            const std::string whole = collapse_space(text_of(value));
            if (!whole.empty() && site_.category_titles.contains(to_nfc(whole))) return add_once(names, whole);
            for (auto& word : words_of(value)) add_once(names, std::move(word));
        };
        add(defaults_.find("categories"));
        add(written_.find("categories"));
        const std::string single = text_of(meant("category"));
        if (!single.empty()) add_once(names, single);

        std::vector<CategoryTerm> terms;
        for (const auto& name : names) {
            std::string slug = storable_name(name);
            std::replace(slug.begin(), slug.end(), '/', '-');
            if (slug.empty() || slug == "." || slug == "..") continue;
            const auto title = site_.category_titles.find(slug);
            CategoryTerm term{slug, title == site_.category_titles.end() ? "" : title->second};
            if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(std::move(term));
        }
        std::sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.slug < b.slug; });
        return terms;
    }

    /// As Jekyll reads them, for the permalink.
    std::vector<std::string> categories_in_permalink() const {
        std::vector<std::string> names = name_.folders;
        for (auto& word : words_of(defaults_.find("categories"))) add_once(names, std::move(word));
        if (seen_by_jekyll_)
            for (auto& word : words_of(written_.find("categories"))) add_once(names, std::move(word));
        const std::string single = text_of(seen("category"));
        if (!single.empty()) add_once(names, single);
        return names;
    }

    std::optional<Fault> read_addresses() {
        const std::string own_slug = text_of(seen("slug"));
        const std::string& slug = own_slug.empty() ? name_.slug : own_slug;
        const PermalinkParts parts{.date = site_.zone.to_local(jekyll_date_),
                                   .slug = slug,
                                   .basename = name_.basename,
                                   .path = name_.cleaned_path,
                                   .categories = categories_in_permalink(),
                                   .output_extension = is_markdown() ? ".html" : name_.extension};
        std::string permalink = text_of(seen("permalink"));
        if (permalink.empty()) permalink = site_.permalink;
        // An id must not move with the file's time.
        if (dated_by_file_) permalink = "/:categories/:title";
        const auto url = expand_permalink(permalink, parts);
        if (!url) return Fault{0, "the permalink " + permalink + " has a placeholder that Jekyll does not know"};
        // A file's name that Jekyll does not take for a post's has no page on the site.
        if (!site_.url.empty() && !name_.date.empty()) post_.article.url = absolute_url(site_.url, site_.base_path, *url);
        post_.article.id = options_.id_prefix + absolute_url(site_.url, site_.base_path, post_id(*url, slug));
        return std::nullopt;
    }

    const PostFile& file_;
    const Site& site_;
    const PostOptions& options_;
    PostName name_;
    YamlValue written_;
    YamlValue defaults_;
    bool seen_by_jekyll_ = true;
    bool dated_by_file_ = false;
    sys_seconds jekyll_date_;
    ReadPost post_;
};

}  // namespace

Read<ReadPost> read_post(const PostFile& file, const Site& site, const PostOptions& options) {
    return PostReader(file, site, options).read();
}

}  // namespace gazetted::jekyll
