#include "tests/bench/measure.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace gazetted {

void measure_import(std::uint64_t posts) {
    const auto folder = std::filesystem::temp_directory_path() / ("gazetted-bench-" + std::to_string(getpid()));
    write_sample_site(folder, posts, 1'975);
    const TestDatabase database;
    std::printf("Import of %llu posts of 3 KB in 1,975 categories\n  %-16s %8s %10s %14s %18s\n",
                static_cast<unsigned long long>(posts), "", "s", "posts/s", "import's CPU s", "import's peak MB");
    for (const char* what : {"first", "again, the same"}) {
        const auto begun = BenchClock::now();
        const auto result = run_command({GAZETTED_BINARY, "import", "jekyll", folder, "--database", database.url()});
        const double seconds = wall_ms(begun) / 1e3;
        if (result.exit_status != 0) std::printf("  failed: %s\n", result.err.c_str());
        std::printf("  %-16s %8.1f %10.0f %14.1f %18ld\n", what, seconds, static_cast<double>(posts) / seconds, result.cpu_s,
                    result.peak_mb);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace gazetted
