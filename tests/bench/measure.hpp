#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gazetted {

using BenchClock = std::chrono::steady_clock;

/// CPU time of this thread so far, in microseconds: other programs on the machine do not count.
double cpu_us();

double wall_ms(BenchClock::time_point since);

/// `share` of the values are no greater; 0.5 is the median. `values` must not be empty.
double percentile(std::vector<double> values, double share);

/// Median CPU time of `work`, in microseconds, over `rounds` calls after one that warms up. `work` gets 0 to `rounds`.
double median_cpu_us(int rounds, const std::function<void(int)>& work);

/// Memory that a process has in use, in MB.
double resident_mb(int pid);

// What the bench prints, one function a part.

void measure_rendering();
void measure_commit_to_bytes();
/// A daemon's memory at rest with many categories and after every category's feed was asked for.
void measure_memory();
void measure_import(std::uint64_t posts);
/// The statements of serving where `articles` lie in 2,000 categories, the first ones much fuller than the last.
void measure_statements(std::uint64_t articles);

}  // namespace gazetted
