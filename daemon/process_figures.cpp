#include "daemon/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace gazetted {

namespace {

double seconds_of(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

double now_s(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// The 22nd field of /proc/self/stat, counted behind the name in brackets, which may hold anything.
double started_after_boot_s() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(line.substr(name_end + 1));
    std::string field;
    for (int number = 3; number <= 22 && fields >> field; ++number) {
    }
    return std::stod("0" + field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t whole = 0, resident = 0;
    file >> whole >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t descriptors() {
    std::error_code error;
    const std::filesystem::directory_iterator folder("/proc/self/fd", error);
    const auto count = error ? 0 : std::distance(folder, std::filesystem::directory_iterator());
    return count > 0 ? static_cast<std::size_t>(count) - 1 : 0;  // without the folder's own
}

}  // namespace

ProcessFigures process_figures() {
    // /proc/stat, which knows the time of the boot, is not seen under our unit.
    static const double started = now_s(CLOCK_REALTIME) - now_s(CLOCK_BOOTTIME) + started_after_boot_s();
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return {.started_s = started,
            .cpu_s = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
            .resident_bytes = resident_bytes(),
            .descriptors = descriptors()};
}

}  // namespace gazetted
