#include "daemon/import_report.hpp"

#include "daemon/jekyll/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace gazetted {

namespace {

constexpr std::size_t warnings_shown_max = 20;
constexpr int bar_width = 20;

void print_notice(std::ostream& out, std::string_view kind, const ImportNotice& notice) {
    out << kind << ' ' << jekyll::legible_path(notice.path);
    if (notice.line > 0) out << ':' << notice.line;
    out << ": " << jekyll::legible_path(notice.reason) << '\n';
}

}  // namespace

void print_import(std::ostream& out, const JekyllImportSummary& summary) {
    const auto shown = std::min(summary.warnings.size(), warnings_shown_max);
    for (std::size_t i = 0; i < shown; ++i) print_notice(out, "warning:", summary.warnings[i]);
    if (summary.warnings.size() > shown) out << "and " << summary.warnings.size() - shown << " more warnings\n";
    for (const auto& notice : summary.set_aside) print_notice(out, "set aside:", notice);
    if (summary.liquid_tags > 0) out << summary.liquid_tags << " Liquid tags left out\n";
    out << summary.found << " posts: " << summary.merged.added << " new, " << summary.merged.updated << " updated, "
        << summary.merged.unchanged << " unchanged, " << summary.unpublished << " unpublished, " << summary.set_aside.size()
        << " set aside";
    if (summary.withdrawn > 0) out << ", " << summary.withdrawn << " withdrawn";
    out << '\n';
}

int import_status(const JekyllImportSummary& summary, bool strict) { return strict && !summary.set_aside.empty() ? 1 : 0; }

std::string progress_line(std::int64_t done, std::int64_t total) {
    const std::int64_t share = total > 0 ? std::clamp<std::int64_t>(done * 100 / total, 0, 100) : 100;
    std::string line = "[";
    for (int i = 0; i < bar_width; ++i) line += i < share * bar_width / 100 ? "#" : "·";
    return line + "] " + std::to_string(share) + " % " + std::to_string(done) + '/' + std::to_string(total);
}

ProgressBar::ProgressBar(int descriptor, Clock clock)
    : descriptor_(descriptor), is_terminal_(isatty(descriptor) == 1), clock_(std::move(clock)) {}

ProgressBar::~ProgressBar() {
    if (shown_) write("\r\x1b[K");
}

void ProgressBar::show(std::int64_t done, std::int64_t total) {
    if (!is_terminal_) return;
    const auto now = clock_();
    if (shown_ && done < total && now - last_ < std::chrono::milliseconds(100)) return;
    shown_ = true;
    last_ = now;
    write("\r" + progress_line(done, total) + "\x1b[K");
}

void ProgressBar::write(const std::string& text) const {
    // A terminal that goes away is no reason to stop an import.
    [[maybe_unused]] const auto written = ::write(descriptor_, text.data(), text.size());
}

}  // namespace gazetted
