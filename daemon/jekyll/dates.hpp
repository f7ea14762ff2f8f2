#pragma once

#include "daemon/jekyll/front_matter.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace gazetted::jekyll {

/// The zone that `timezone` of `_config.yml` names, from the system's tzdata. Cheap to copy, safe to share between threads.
class SiteZone {
public:
    SiteZone() = default;  ///< UTC
    /// None where the system knows no such zone.
    static std::optional<SiteZone> find(const std::string& name);

    std::chrono::local_seconds to_local(std::chrono::sys_seconds) const;
    /// A time that a clock shows twice is the earlier one; one that it skips is the moment of the change.
    std::chrono::sys_seconds to_utc(std::chrono::local_seconds) const;

private:
    const date::time_zone* zone_ = nullptr;
};

/// How a plain YAML timestamp without a zone is read.
enum class ZonelessTimestamp {
    utc,   ///< as Ruby's YAML library does, and so Jekyll
    local  ///< in the site's zone, as most people mean it
};

/// The moment that Jekyll gives a `date` of front matter: YAML timestamps first (with seconds, not quoted), then the forms of
/// Ruby's Time.parse that people write, in the site's zone where they name none. None where it is no date or out of the years
/// 1 to 9999. Fractions of a second are dropped, as Jekyll drops them.
std::optional<std::chrono::sys_seconds> read_date(const YamlValue&, const SiteZone&, ZonelessTimestamp);

/// The date that starts a Jekyll file name (`2021-12-08`, `21-12-8`): midnight in the site's zone.
std::optional<std::chrono::sys_seconds> read_file_name_date(std::string_view, const SiteZone&);

}  // namespace gazetted::jekyll
