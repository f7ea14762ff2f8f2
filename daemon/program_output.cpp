#include "daemon/program_output.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace gazetted {

namespace {

constexpr std::size_t text_bytes_max = 4 << 20;

struct Remedy {
    std::string_view said, to_do;
};
constexpr Remedy remedies[] = {
    {"server version mismatch", "install the postgresql-client of the server's version"},
    {"unsupported version", "it was made by a newer PostgreSQL: install the postgresql-client of that version"},
    {"No space left on device", "make room"},
    {"permission denied", "do it as the role that owns the tables"},
    {"must be owner", "do it as the role that owns the tables"},
    {"unexpected end of file", "the file is cut off: take another backup"},
    {"end of file", "the file is cut off: take another backup"},
    {"could not uncompress", "the file is damaged: take another backup"},
};

}  // namespace

ProgramOutput::ProgramOutput() : memory_(memfd_create("gazetted", MFD_CLOEXEC)) {
    if (!memory_) throw std::runtime_error("no memory for a program's output: " + std::generic_category().message(errno));
}

std::string ProgramOutput::text() const {
    std::string text(text_bytes_max, '\0');
    const ssize_t bytes = pread(descriptor(), text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(bytes, 0)));
    return text;
}

std::string ProgramOutput::complaint() const {
    std::istringstream lines(text());
    std::string first;
    for (std::string line; std::getline(lines, line);) {
        for (const std::string_view sign : {"error: ", "ERROR:  ", "FATAL:  ", "PANIC:  "}) {
            if (const std::size_t at = line.find(sign); first.empty() && at != std::string::npos)
                first = line.substr(at + sign.size());
        }
    }
    if (first.empty()) first = "it ended without a word";
    for (const auto& [said, to_do] : remedies)
        if (first.find(said) != std::string::npos) return first + ": " + std::string(to_do);
    return first;
}

}  // namespace gazetted
