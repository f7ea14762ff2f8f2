#include "daemon/command_parts.hpp"
#include "daemon/retention.hpp"

#include <boost/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

int apply(Store& store, const std::filesystem::path& folder, const RetentionCommand& command) {
    if (folder.empty() && !command.dry_run)
        return failed("retention.folder is not configured: nothing is removed that was not archived before");
    const auto tell = [&](const OverdueArticle& article) {
        if (command.dry_run && !command.json) std::cout << article.id << "  " << article.title << "\n";
    };
    const auto report = remove_overdue(
        store, command.dry_run ? Store::ArchiveFirst() : archive_in(folder), [] { return false; }, tell);
    if (command.json) {
        std::cout << "{\"articles\":" << report.articles << ",\"removed\":" << (command.dry_run ? "false" : "true") << "}\n";
    } else {
        std::cout << (command.dry_run ? "articles that would be removed: " : "articles archived and removed: ")
                  << report.articles << "\n";
    }
    if (report.is_anothers)
        return failed("another node removes articles just now, and there may be more: try again in a minute");
    return 0;
}

/// Of each article the line that was written last, by its number: it may have come back and gone again. Lines that tell no
/// article are among them, so that their faults are told.
std::set<std::size_t> last_lines(std::istream& lines) {
    std::set<std::size_t> last;
    std::map<std::string, std::size_t> line_of;
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.empty()) continue;
        last.insert(number);
        boost::system::error_code fault;
        const auto value = boost::json::parse(line, fault);
        const auto* id = fault ? nullptr : value.find_pointer("/article/id", fault);
        if (id == nullptr || !id->is_string()) continue;
        const auto [known, is_new] = line_of.try_emplace(std::string(id->as_string()), number);
        if (!is_new) last.erase(std::exchange(known->second, number));
    }
    return last;
}

/// `line 7 and 23 others: it is no JSON`, in the order of the lines.
std::string told(const std::map<std::string, std::vector<std::size_t>>& faults) {
    std::map<std::size_t, std::string> by_line;
    for (const auto& [fault, lines] : faults) {
        const std::size_t others = lines.size() - 1;
        const std::string more = others == 0 ? "" : " and " + std::to_string(others) + (others == 1 ? " other" : " others");
        by_line[lines.front()] = "line " + std::to_string(lines.front()) + more + ": " + fault;
    }
    std::string text;
    for (const auto& [line, sentence] : by_line) text += (text.empty() ? "" : "; ") + sentence;
    return text;
}

int restore(Store& store, const RetentionCommand& command) {
    errno = 0;
    std::ifstream file(command.file, std::ios::binary);
    const auto wanted = last_lines(file);
    if (!file.is_open() || file.bad()) return failed("cannot read " + command.file.string() + ": " + std::strerror(errno));
    file.clear();
    file.seekg(0);
    std::size_t restored = 0, present = 0, number = 0;
    std::map<std::string, std::vector<std::size_t>> faults;  // the lines of each
    for (std::string line; std::getline(file, line);) {
        if (!wanted.contains(++number)) continue;
        try {
            ++(store.act("bring_back", {line}) > 0 ? restored : present);
        } catch (const StoreUnavailable&) {
            throw;
        } catch (const std::runtime_error& error) {
            faults[error.what()].push_back(number);
        }
    }
    if (command.json)
        std::cout << "{\"restored\":" << restored << ",\"present\":" << present << "}\n";
    else
        std::cout << "articles there again: " << restored << ", there already: " << present << "\n";
    return faults.empty() ? 0 : failed(command.file.string() + ": " + told(faults));
}

}  // namespace

int run(const Config& config, const RetentionCommand& command) {
    OpenStore open(config);
    if (command.action == "restore") return restore(open.store, command);
    return apply(open.store, config.retention.folder, command);
}

}  // namespace gazetted
