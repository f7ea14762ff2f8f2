#include "tests/bench/measure.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

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

double resident_mb(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1'048'576;
}

}  // namespace gazetted
