#include "tests/bench/measure.hpp"

#include <time.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace gazetted {

double cpu_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double wall_ms(BenchClock::time_point since) {
    return std::chrono::duration<double, std::milli>(BenchClock::now() - since).count();
}

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double median_cpu_us(int rounds, const std::function<void(int)>& work) {
    std::vector<double> times;
    for (int round = 0; round <= rounds; ++round) {
        const double begun = cpu_us();
        work(round);
        if (round > 0) times.push_back(cpu_us() - begun);
    }
    return percentile(times, 0.5);
}

double tree_cpu_us(int pid) {
    double sum = 0;
    std::error_code ended_meanwhile;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", ended_meanwhile)) {
        double nanoseconds = 0;
        std::ifstream(task.path() / "schedstat") >> nanoseconds;
        sum += nanoseconds / 1e3;
        std::ifstream children(task.path() / "children");
        for (int child = 0; children >> child;) sum += tree_cpu_us(child);
    }
    return sum;
}

OnCore::OnCore(int core) {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(core, &only);
    sched_setaffinity(0, sizeof only, &only);
}

OnCore::~OnCore() { sched_setaffinity(0, sizeof before_, &before_); }

std::array<int, 2> two_cores() {
    cpu_set_t allowed;
    sched_getaffinity(0, sizeof allowed, &allowed);
    std::array<int, 2> cores{};
    std::size_t found = 0;
    for (int core = 0; core < CPU_SETSIZE && found < 2; ++core)
        if (CPU_ISSET(core, &allowed)) cores[found++] = core;
    if (found < 2) throw std::runtime_error("a comparison needs two cores, one for the server and one for the load");
    return cores;
}

}  // namespace gazetted
