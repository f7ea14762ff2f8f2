#pragma once

#include "feeds/date_time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

struct Person {
    std::string name;
    std::string email;  ///< empty: none
    std::string uri;    ///< empty: none
    friend bool operator==(const Person&, const Person&) = default;
};

struct Enclosure {
    std::string url;
    std::string media_type;
    std::optional<std::uint64_t> length_bytes;
    friend bool operator==(const Enclosure&, const Enclosure&) = default;
};

struct CategoryTerm {
    std::string slug;
    std::string title;  ///< empty: the slug stands for it
    friend bool operator==(const CategoryTerm&, const CategoryTerm&) = default;
};

/// A stored row with what belongs to it, as other programs wrote it: nothing in here is trusted yet.
struct Article {
    std::string id;           ///< the entry id, for life
    std::int64_t number = 0;  ///< names the page /article/{number}; 0 before it is stored
    std::string url;          ///< empty: our own page is the link
    std::string title;        ///< plain text
    std::vector<Person> authors;
    std::string summary;  ///< raw HTML
    std::string content;  ///< raw HTML
    std::string language;
    Instant published;
    std::optional<Instant> updated;  ///< none: the same as published
    std::optional<Instant> withdrawn;
    std::int64_t revision = 0;             ///< grows with every change of this article
    std::vector<CategoryTerm> categories;  ///< by slug
    std::vector<std::string> tags;         ///< by name
    std::vector<Enclosure> enclosures;
};

}  // namespace gazetted
