#include "daemon/config_layers.hpp"

#include "daemon/config_key.hpp"
#include "daemon/masked.hpp"
#include "daemon/suggestion.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

namespace gazetted {
namespace {

std::vector<std::string> section_names() {
    std::vector<std::string> names;
    for (const ConfigKey& key : config_key_table()) {
        if (names.empty() || names.back() != key.section) names.push_back(key.section);
    }
    return names;
}

bool is_section(const std::string& name) {
    const std::vector<std::string> names = section_names();
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A value that stands in the file.
struct Given {
    const ConfigKey* key;
    const toml::node* node;
};

/// What a file says, sorted by its lines.
struct FileContent {
    std::map<toml::source_index, std::vector<std::string>> faults;
    std::vector<Given> values;

    void add_fault(const toml::source_region& where, const std::string& what) { faults[where.begin.line].push_back(what); }
    void add_section(const std::string& section, const toml::table& content) {
        for (const auto& [name, node] : content) {
            const std::string given = section + "." + std::string(name.str());
            if (is_section(given)) {
                if (node.is_table())
                    add_section(given, *node.as_table());
                else
                    add_fault(node.source(), given + " is a section: write [" + given + "]");
            } else if (const ConfigKey* key = find_config_key(given)) {
                values.push_back({key, &node});
            } else {
                std::vector<std::string> known = config_keys();
                for (const std::string& other : section_names()) known.push_back(other);
                add_fault(name.source(), "unknown key " + given + suggestion(given, known));
            }
        }
    }
    void add_document(const toml::table& document) {
        for (const auto& [name, node] : document) {
            const std::string section(name.str());
            if (!is_section(section)) {
                const std::string what = node.is_table() ? "unknown section [" + section + "]" : "unknown key " + section;
                add_fault(name.source(), what + suggestion(section, section_names()));
            } else if (!node.is_table()) {
                add_fault(node.source(), section + " is a section: write [" + section + "]");
            } else {
                add_section(section, *node.as_table());
            }
        }
    }
};

/// As the file would have it. What cannot be such a value stays a text, which the key then complains of.
std::unique_ptr<toml::node> node_of(ValueKind kind, const std::string& text) {
    if (kind == ValueKind::flag && (text == "true" || text == "false"))
        return std::make_unique<toml::value<bool>>(text == "true");
    if (kind == ValueKind::number) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size())
            return std::make_unique<toml::value<std::int64_t>>(number);
    }
    if (kind == ValueKind::list) {
        auto list = std::make_unique<toml::array>();
        std::istringstream words(text);
        for (std::string word; words >> word;) list->push_back(word);
        return list;
    }
    return std::make_unique<toml::value<std::string>>(text);
}

constexpr std::string_view database_short_form = "GAZETTED_DATABASE";

/// What may be printed.
Config without_secrets(Config config) {
    config.database.url = masked(config.database.url);
    config.polling.proxy = masked(config.polling.proxy);
    for (std::string& hub : config.site.hubs) hub = masked(hub);
    return config;
}

}  // namespace

std::string variable_of(std::string_view key) {
    std::string name = "GAZETTED_";
    for (const char c : key) name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

void ConfigLayers::take_other_database_back(const std::string& key) {
    if (key != "database.url" && key != "database.data") return;
    config_.database.url.clear();
    config_.database.data.clear();
    origins_.erase("database.url");
    origins_.erase("database.data");
}

void ConfigLayers::add_file(std::string_view toml, std::string_view file_name) {
    const auto place = [&](auto line) { return std::string(file_name) + ":" + std::to_string(line); };
    toml::table document;
    try {
        document = toml::parse(toml, file_name);
    } catch (const toml::parse_error& error) {
        faults_.push_back(place(error.source().begin.line) + ": " + std::string(error.description()));
        return;
    }
    FileContent content;
    content.add_document(document);
    for (const auto& [key, node] : content.values) {
        if (const Complaint complaint = key->value.take(config_, *node))
            content.add_fault(node->source(), key->dotted() + " " + *complaint);
        else
            origins_[key->dotted()] = place(node->source().begin.line);
    }
    if (!config_.database.url.empty() && !config_.database.data.empty())
        content.add_fault(document["database"]["data"].node()->source(), "database.url and database.data exclude each other");
    for (const auto& [line, faults] : content.faults)
        for (const std::string& what : faults) faults_.push_back(place(line) + ": " + what);
}

void ConfigLayers::take(const std::string& key, const std::string& text, const std::string& origin) {
    take_other_database_back(key);
    const ConfigKey& known = *find_config_key(key);
    if (const Complaint complaint = known.value.take(config_, *node_of(known.value.kind, text)))
        faults_.push_back(origin + ": " + key + " " + *complaint);
    else
        origins_[key] = origin;
}

void ConfigLayers::add_credentials(const Texts& credentials) {
    for (const auto& [name, text] : credentials) {
        if (!find_config_key(name)) continue;
        std::string_view value = text;
        while (value.ends_with('\n')) value.remove_suffix(1);
        take(name, std::string(value), "credential " + name);
    }
}

void ConfigLayers::add_environment(const Texts& environment) {
    std::map<std::string, std::string, std::less<>> keys = {{std::string(database_short_form), "database.url"}};
    std::vector<std::string> names;
    for (const std::string& key : config_keys()) keys.emplace(variable_of(key), key);
    for (const auto& [name, key] : keys) names.push_back(name);
    const auto named = [&](std::string_view name) {
        const auto found = environment.find(name);
        return found != environment.end() && !found->second.empty();
    };
    for (const auto& [name, text] : environment) {
        if (text.empty()) continue;
        if (const auto known = keys.find(name); known != keys.end()) {
            take(known->second, text, name);
            continue;
        }
        const std::vector<std::string> sections = section_names();
        if (std::any_of(sections.begin(), sections.end(), [&, &variable = name](const std::string& section) {
                return variable.starts_with(variable_of(section) + "_");
            }))
            faults_.push_back("unknown variable " + name + suggestion(name, names));
    }
    if (named(database_short_form) + named(variable_of("database.url")) + named(variable_of("database.data")) > 1)
        faults_.emplace_back("of GAZETTED_DATABASE, GAZETTED_DATABASE_URL and GAZETTED_DATABASE_DATA only one may be given");
}

Config& ConfigLayers::change(const std::string& key, const std::string& origin) {
    take_other_database_back(key);
    origins_[key] = origin;
    return config_;
}

Result<EffectiveConfig> ConfigLayers::result() const {
    std::vector<std::string> faults = faults_;
    if (const auto contradiction = contradiction_in(config_); contradiction && faults.empty())
        faults.push_back(contradiction->message);
    if (!faults.empty()) {
        std::string lines = faults.front();
        for (std::size_t i = 1; i < faults.size(); ++i) lines += "\n" + faults[i];
        return Error{ErrorKind::malformed, std::move(lines)};
    }
    EffectiveConfig effective{.config = config_, .settings = {}};
    const bool guesses_base_url = config_.site.base_url.empty();
    if (guesses_base_url) effective.config.site.base_url = base_url_of(config_.server);
    const Config harmless = without_secrets(effective.config);
    for (const ConfigKey& key : config_key_table()) {
        const auto origin = origins_.find(key.dotted());
        Setting setting{.key = key.dotted(),
                        .value = key.value.show(harmless),
                        .origin = origin == origins_.end() ? "default" : origin->second};
        if (guesses_base_url && setting.key == "site.base_url") setting.origin = "from server.listen";
        effective.settings.push_back(std::move(setting));
    }
    return effective;
}

}  // namespace gazetted
