#include "daemon/import_jekyll.hpp"

#include "daemon/feed_instance.hpp"
#include "daemon/imported_files.hpp"
#include "daemon/jekyll/files.hpp"
#include "daemon/jekyll/post.hpp"
#include "daemon/jekyll/site.hpp"
#include "feeds/ascii.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

namespace gazetted {

namespace {

namespace fs = std::filesystem;
using jekyll::Fault;
using jekyll::Read;

/// Articles that are parsed but not yet stored, in bytes of their content; two batches are in hand at a time.
constexpr std::size_t batch_bytes_max = std::size_t{8} << 20;
constexpr unsigned threads_max = 8;

/// What became of consecutive files of the list, in its order.
struct ParsedBatch {
    std::size_t next = 0;  ///< the first file behind it
    std::vector<Read<jekyll::ReadPost>> posts;
};

std::string host_of(std::string_view url) {
    const auto start = url.find("://");
    if (start == std::string_view::npos) return {};
    url.remove_prefix(start + 3);
    return std::string(url.substr(0, url.find_first_of("/?#")));
}

std::string source_slug(const jekyll::Site& site, const fs::path& directory) {
    std::string slug = host_of(site.url);
    if (slug.empty()) slug = jekyll::legible_path(fs::weakly_canonical(directory).filename().string());
    slug = to_nfc(lower_case(slug));
    return slug.empty() || slug == "." || slug == ".." ? "jekyll" : slug;
}

class Importer {
public:
    Importer(Store& store, fs::path directory, const JekyllImportOptions& options,
             const std::function<void(std::int64_t, std::int64_t)>& progress)
        : store_(store), directory_(std::move(directory)), options_(options), progress_(progress) {}

    JekyllImportSummary run() {
        read_configuration();
        files_ = jekyll::list_site(directory_, site_.excluded, site_.collections_folder);
        if (!has_configuration_ && files_.posts.empty())
            throw std::runtime_error(directory_.string() +
                                     " is no Jekyll site: it has neither _config.yml nor posts in _posts");
        for (auto& file : files_.set_aside) set_aside(file.path, Fault{0, std::move(file.reason)});
        read_category_pages();
        describe();
        read_posts();
        if (options_.prune) prune();
        const auto by_path = [](const ImportNotice& a, const ImportNotice& b) { return a.path < b.path; };
        std::stable_sort(summary_.set_aside.begin(), summary_.set_aside.end(), by_path);
        std::stable_sort(summary_.warnings.begin(), summary_.warnings.end(), by_path);
        return std::move(summary_);
    }

private:
    void set_aside(const std::string& path, const Fault& fault) {
        summary_.set_aside.push_back({path, fault.line, fault.reason});
    }
    void warn(const std::string& path, const Fault& fault) { summary_.warnings.push_back({path, fault.line, fault.reason}); }

    /// Ids and links follow from the configuration: one that cannot be read must not give wrong ones.
    void read_configuration() {
        for (const std::string name : {"_config.yml", "_config.yaml", "_config.toml"}) {
            std::error_code error;
            if (!fs::exists(fs::symlink_status(directory_ / name, error))) continue;
            if (name == "_config.toml") throw std::runtime_error(name + ": only _config.yml and _config.yaml are read");
            const auto file = jekyll::read_file(directory_, name);
            if (!file) throw std::runtime_error(name + ": " + file.error().reason);
            const auto parsed = jekyll::parse_yaml(file->bytes, 1);
            if (!parsed)
                throw std::runtime_error(name + ": line " + std::to_string(parsed.error().line) + ": " + parsed.error().reason);
            for (const auto& fault : parsed->faults) warn(name, {fault.line, fault.reason + "; read line by line"});
            return take_configuration(name, parsed->value);
        }
        take_configuration("_config.yml", {});
    }
    void take_configuration(const std::string& name, const jekyll::YamlValue& config) {
        has_configuration_ = config.kind == jekyll::YamlValue::Kind::map;
        auto read = jekyll::read_site(config);
        site_ = std::move(read.site);
        for (const auto& fault : read.faults) warn(name, fault);
        if (read_author_cards()) site_.authors = jekyll::persons_of(config.find("author"), site_);
    }
    bool read_author_cards() {
        const auto file = jekyll::read_file(directory_, "_data/authors.yml");
        if (!file) return false;
        const auto parsed = jekyll::parse_yaml(file->bytes, 1);
        if (!parsed) return false;
        std::map<std::string, Person, std::less<>> cards;
        for (const auto& [key, value] : parsed->value.members)
            if (auto persons = jekyll::persons_of(&value, site_); !persons.empty()) cards.emplace(key, persons.front());
        site_.author_cards = std::move(cards);
        return true;
    }

    void read_category_pages() {
        for (const auto& path : files_.pages) {
            const auto file = jekyll::read_file(directory_, path);
            if (!file) continue;
            const auto split = jekyll::split_front_matter(file->bytes);
            const auto parsed =
                split ? jekyll::parse_yaml(split->yaml, split->yaml_line) : Read<jekyll::ParsedYaml>(split.error());
            if (!parsed || jekyll::text_of(parsed->value.find("layout")) != "category") continue;
            std::string name = jekyll::text_of(parsed->value.find("category"));
            if (name.empty()) name = fs::path(path).stem().string();
            name = to_nfc(collapse_space(name));
            CategoryTerm term{name, collapse_space(jekyll::text_of(parsed->value.find("title")))};
            Article carrier;
            carrier.id = "category";
            carrier.title = "category";
            carrier.categories.push_back(term);
            if (const auto reason = refusal(carrier))
                set_aside(jekyll::legible_path(path), Fault{0, *reason});
            else
                site_.category_titles.insert_or_assign(name, term.title);
        }
    }

    void describe() {
        const std::string author = site_.authors.empty() ? "" : site_.authors.front().name;
        const std::string slug = source_slug(site_, directory_);
        std::vector<std::string> paths;
        std::ranges::copy_if(files_.posts, std::back_inserter(paths), is_utf8);
        if (const auto before = store_.rename_moved_site(slug, paths))
            warn("_config.yml", {0, "the site was known as " + *before + ": its posts keep their ids"});
        // A site brings all its posts at once.
        source_id_ = store_.source(slug, site_.title, site_.url, 0);
        store_.describe_site(site_.title, site_.description, site_.language, author, source_id_);
        imported_.emplace(store_.imported_files(source_id_), paths);
        if (site_.url.empty()) post_options_.id_prefix = "tag:" + percent_encode(slug) + ".invalid,2000:";
        if (options_.local_dates) post_options_.zoneless = jekyll::ZonelessTimestamp::local;
        std::vector<CategoryTerm> terms;
        for (const auto& [name, title] : site_.category_titles) terms.push_back({name, title});
        merge_categories(terms);
    }
    void merge_categories(const std::vector<CategoryTerm>& terms) {
        std::vector<CategoryTerm> missing;
        for (const auto& term : terms)
            if (merged_categories_.insert(term.slug).second) missing.push_back(term);
        if (!missing.empty()) store_.merge_categories(missing);
    }

    Read<jekyll::ReadPost> parse(const std::string& path) const {
        if (!is_utf8(path)) return Fault{0, "the file's name is not UTF-8"};
        auto file = jekyll::read_file(directory_, path);
        if (!file) return file.error();
        return jekyll::read_post({path, std::move(file->bytes), file->modified}, site_, post_options_);
    }

    /// Files from `start` on, on all cores; ends at the batch's limits.
    ParsedBatch parse_batch(std::size_t start) const {
        const std::size_t end = std::min(files_.posts.size(), start + std::max<std::size_t>(options_.batch, 1));
        ParsedBatch batch;
        batch.posts.assign(end - start, Read<jekyll::ReadPost>(Fault{}));
        std::atomic<std::size_t> next{start};
        std::atomic<std::size_t> bytes{0};
        const auto work = [&] {
            while (bytes < batch_bytes_max) {
                const auto i = next.fetch_add(1);
                if (i >= end) return;
                auto post = parse(files_.posts[i]);
                if (post) bytes += post->article.content.size();
                batch.posts[i - start] = std::move(post);
            }
        };
        std::vector<std::future<void>> others;
        const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1u, threads_max);
        for (unsigned i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, work));
        work();
        for (auto& other : others) other.get();
        batch.next = std::min(end, next.load());
        batch.posts.resize(batch.next - start, Read<jekyll::ReadPost>(Fault{}));
        return batch;
    }

    /// The next batch is parsed while this one is stored.
    void read_posts() {
        summary_.found = static_cast<std::int64_t>(files_.posts.size());
        progress_(0, summary_.found);
        std::size_t start = 0;
        auto coming = std::async(std::launch::async, [this] { return parse_batch(0); });
        while (start < files_.posts.size()) {
            ParsedBatch batch = coming.get();
            if (batch.next < files_.posts.size())
                coming = std::async(std::launch::async, [this, next = batch.next] { return parse_batch(next); });
            store(start, batch);
            start = batch.next;
            progress_(static_cast<std::int64_t>(start), summary_.found);
        }
    }

    void store(std::size_t start, ParsedBatch& batch) {
        std::vector<Article> articles;
        for (std::size_t i = 0; i < batch.posts.size(); ++i) take(files_.posts[start + i], batch.posts[i], articles);
        std::vector<CategoryTerm> terms;
        for (const auto& article : articles) terms.insert(terms.end(), article.categories.begin(), article.categories.end());
        merge_categories(terms);
        const auto counts = store_.merge_articles(source_id_, articles);
        store_.note_imported_files(source_id_, imported_->take_news());
        summary_.merged.added += counts.added;
        summary_.merged.updated += counts.updated;
        summary_.merged.unchanged += counts.unchanged;
    }

    void take(const std::string& raw_path, Read<jekyll::ReadPost>& post, std::vector<Article>& articles) {
        const std::string path = jekyll::legible_path(raw_path);
        if (!post) return set_aside(path, post.error());
        if (!post->published) {
            ++summary_.unpublished;
            return;
        }
        if (const auto reason = refusal(post->article)) return set_aside(path, Fault{0, *reason});
        const auto hash = hash_of(post->article.title + '\n' + post->article.content);
        const auto identity = imported_->identify(raw_path, hash, post->article.id);
        if (!identity.held_by.empty())
            return set_aside(path,
                             Fault{0, "has the same id as " + jekyll::legible_path(identity.held_by) + ": " + identity.id});
        post->article.id = identity.id;
        const auto [known, is_new] = paths_by_id_.emplace(post->article.id, path);
        if (!is_new) return set_aside(path, Fault{0, "has the same id as " + known->second + ": " + post->article.id});
        summary_.liquid_tags += static_cast<std::int64_t>(post->liquid_tags);
        for (const auto& warning : post->warnings) warn(path, warning);
        articles.push_back(std::move(post->article));
    }

    /// A file that is there and cannot be read has not vanished, and which article is its own nobody knows.
    void prune() {
        if (paths_by_id_.empty()) return warn("_posts", {0, "no post was read: nothing is withdrawn"});
        if (!summary_.set_aside.empty())
            return warn("_posts", {0, "nothing is withdrawn while files are set aside: mend or remove them and import again"});
        std::set<std::string> kept;
        for (const auto& [id, path] : paths_by_id_) kept.insert(kept.end(), id);
        summary_.withdrawn = store_.withdraw_others(source_id_, kept);
    }

    Store& store_;
    fs::path directory_;
    const JekyllImportOptions& options_;
    const std::function<void(std::int64_t, std::int64_t)>& progress_;
    JekyllImportSummary summary_;
    bool has_configuration_ = false;
    jekyll::Site site_;
    jekyll::SiteFiles files_;
    jekyll::PostOptions post_options_;
    std::int64_t source_id_ = 0;
    std::optional<ImportedFiles> imported_;
    std::set<std::string> merged_categories_;
    std::map<std::string, std::string> paths_by_id_;
};

}  // namespace

JekyllImportSummary import_jekyll(Store& store, const fs::path& site_directory, const JekyllImportOptions& options,
                                  const std::function<void(std::int64_t done, std::int64_t found)>& progress) {
    return Importer(store, site_directory, options, progress).run();
}

}  // namespace gazetted
