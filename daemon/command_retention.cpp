#include "daemon/command_parts.hpp"
#include "daemon/retention.hpp"

#include <fstream>
#include <iostream>

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
        std::cout << report.articles << (command.dry_run ? " articles would be removed" : " articles were archived and removed")
                  << "\n";
    }
    return 0;
}

int restore(Store& store, const RetentionCommand& command) {
    std::ifstream file(command.file, std::ios::binary);
    if (!file) return failed("cannot read " + command.file.string());
    std::size_t restored = 0, present = 0, number = 0;
    std::string faults;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty()) continue;
        try {
            ++(store.act("bring_back", {line}) > 0 ? restored : present);
        } catch (const StoreUnavailable&) {
            throw;
        } catch (const std::runtime_error& error) {
            faults += (faults.empty() ? "" : "; ") + ("line " + std::to_string(number) + ": ") + error.what();
        }
    }
    if (command.json)
        std::cout << "{\"restored\":" << restored << ",\"present\":" << present << "}\n";
    else
        std::cout << restored << " articles are there again, " << present << " were there already\n";
    return faults.empty() ? 0 : failed(command.file.string() + ": " + faults);
}

}  // namespace

int run(const Config& config, const RetentionCommand& command) {
    OpenStore open(config);
    if (command.action == "restore") return restore(open.store, command);
    return apply(open.store, config.retention.folder, command);
}

}  // namespace gazetted
