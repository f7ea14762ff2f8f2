#pragma once

#include "daemon/import_jekyll.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace gazetted {

/// What `gazetted import jekyll` says at the end: the first warnings, each file set aside with its line and reason, and last,
/// where a person looks, the counts. One line each; nothing in a path or reason can forge another.
void print_import(std::ostream&, const JekyllImportSummary&);

/// 0 where every file was taken or set aside with a reason; 1 with `strict` and any set aside.
int import_status(const JekyllImportSummary&, bool strict);

/// One line on a terminal that is written over; silent where the file is no terminal. One thread at a time.
class ProgressBar {
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    /// `descriptor` is usually 2.
    explicit ProgressBar(int descriptor, Clock clock = std::chrono::steady_clock::now);
    ~ProgressBar();  ///< clears the line
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// At most ten times a second, and at the end.
    void show(std::int64_t done, std::int64_t total);

private:
    void write(const std::string&) const;
    int descriptor_;
    bool is_terminal_;
    bool shown_ = false;
    Clock clock_;
    std::chrono::steady_clock::time_point last_;
};

/// `[#########···········] 45 % 22500/50000`
std::string progress_line(std::int64_t done, std::int64_t total);

}  // namespace gazetted
