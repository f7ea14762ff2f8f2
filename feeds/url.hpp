#pragma once

#include "feeds/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace gazetted {

/// `reference` against the absolute `base`, as a browser would read it (RFC 3986 section 5; blanks, backslashes, Unicode hosts
/// and paths as in the WHATWG URL Standard). The result is absolute, ASCII, and fit for an attribute of any format we write.
/// An error where there is no absolute URL to be had (empty base and relative reference, malformed host).
Result<std::string> resolve_url(std::string_view reference, std::string_view base);

/// A base that many references are resolved against: read once.
class UrlBase {
public:
    explicit UrlBase(std::string_view base);
    ~UrlBase();
    UrlBase(const UrlBase&) = delete;
    UrlBase& operator=(const UrlBase&) = delete;
    /// As resolve_url().
    Result<std::string> resolve(std::string_view reference) const;

private:
    struct Known;
    std::unique_ptr<const Known> known_;
};

/// Lower case, without the colon; empty where there is none. Looks through what browsers ignore (tabs, line ends, leading
/// controls).
std::string url_scheme(std::string_view);

/// `feed://host/x` and `feed:https://host/x`, as readers once had browsers hand feeds on, as http and https; others as they
/// are.
std::string without_feed_scheme(std::string_view url);

}  // namespace gazetted
