#include "daemon/child_program.hpp"
#include "daemon/commands.hpp"
#include "daemon/connection.hpp"
#include "daemon/descriptor.hpp"
#include "daemon/postgres_programs.hpp"
#include "daemon/program_output.hpp"
#include "daemon/store_backup.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace gazetted {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_with_errno(const std::string& what) {
    throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

/// FILE.part, which gets its name when it is complete and on the disk, and goes away otherwise. For our eyes only: the database
/// holds credentials of sources.
class UnfinishedFile {
public:
    UnfinishedFile(fs::path file, bool in_place_of_another) : file_(std::move(file)), part_(file_.string() + ".part") {
        if (fs::exists(file_) && (!in_place_of_another || !fs::is_regular_file(file_)))
            throw std::runtime_error(file_.string() + " is there already: choose another name" +
                                     (fs::is_regular_file(file_) ? " or give --force" : ""));
        opened_ = Descriptor(open(part_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!opened_) fail_with_errno("cannot write " + part_.string());
        // One that was killed left its part, and no lock.
        if (flock(descriptor(), LOCK_EX | LOCK_NB) != 0 || !is_still_the_part())
            throw std::runtime_error("another backup is writing " + part_.string() + ": wait for it");
        is_mine_ = true;
        if (ftruncate(descriptor(), 0) != 0 || fchmod(descriptor(), 0600) != 0)
            fail_with_errno("cannot write " + part_.string());
    }
    ~UnfinishedFile() {
        if (is_mine_) unlink(part_.c_str());
    }
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;

    int descriptor() const { return opened_.number(); }
    void finish() {
        if (fsync(descriptor()) != 0) fail_with_errno("cannot write " + part_.string());
        if (rename(part_.c_str(), file_.c_str()) != 0) fail_with_errno("cannot name " + file_.string());
        is_mine_ = false;
        const fs::path folder = fs::absolute(file_).parent_path();
        const Descriptor names(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!names || fsync(names.number()) != 0) fail_with_errno("cannot write " + folder.string());
    }

private:
    /// Between our open() and our lock another backup may have given the file its good name.
    bool is_still_the_part() const {
        struct stat named {};
        struct stat held {};
        return stat(part_.c_str(), &named) == 0 && fstat(descriptor(), &held) == 0 && named.st_ino == held.st_ino;
    }

    fs::path file_, part_;
    Descriptor opened_;
    bool is_mine_ = false;
};

std::string size_for_people(std::uintmax_t bytes) {
    char text[32];
    if (bytes < 1'000'000) {
        std::snprintf(text, sizeof text, "%.1f kB", static_cast<double>(bytes) / 1e3);
    } else {
        std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
    }
    return text;
}

}  // namespace

int run(const Config& config, const BackupCommand& command) {
    UnfinishedFile file(command.file, command.force);
    const OpenDatabase database = open_database(config.database);
    const DatabaseFacts facts = database_facts(database.url);
    if (!facts.has_tables) throw std::runtime_error("no backup was made: the database has no tables of gazetted");
    const ProgramOutput said;
    const InterruptIgnored ignored;
    ChildProgram dump({client_program("pg_dump", facts.server_version), "--format=custom", "--schema=gazetted", "--no-password",
                       "--dbname=" + connection_for_programs(database.url)},
                      {.out = file.descriptor(), .err = said.descriptor()});
    if (dump.wait() != 0) throw std::runtime_error("no backup was made: " + said.complaint());
    file.finish();
    std::cout << command.file.string() << ": " << size_for_people(fs::file_size(command.file)) << "\n";
    return 0;
}

}  // namespace gazetted
