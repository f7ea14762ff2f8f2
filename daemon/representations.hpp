#pragma once

#include "daemon/content_coding.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {

/// A document in one content coding, with its own strong validator, and everything of its answers that is known before a
/// request comes: a request costs no formatting.
struct Representation {
    std::string body;
    std::string etag;  ///< with its quotes
    /// Status line and fields of a 200 and a 304, but for Vary, Cache-Control, Date and Connection. Made by finish_document().
    /// `head` begins with these two lines: the status and Content-Length. What follows serves an answer with a part of the body
    /// too.
    std::string head;
    std::string not_modified_head;
};

/// The codings that were made of one document, in the order of ContentCoding: identity first, which is always there. Every
/// request looks through them.
class Representations {
public:
    struct Made {
        ContentCoding coding;
        Representation representation;
    };

    bool contains(ContentCoding coding) const noexcept { return find(coding) != made_.end(); }
    /// One that is contained.
    const Representation& at(ContentCoding coding) const noexcept {
        const auto found = find(coding);
        assert(found != made_.end());
        return found->representation;
    }
    const Representation& identity() const noexcept {
        assert(!made_.empty() && made_.front().coding == ContentCoding::identity);
        return made_.front().representation;
    }
    void put(ContentCoding coding, Representation representation) {
        const auto place = made_.begin() + (first_from(coding) - made_.begin());
        if (place != made_.end() && place->coding == coding)
            place->representation = std::move(representation);
        else
            made_.insert(place, Made{coding, std::move(representation)});
    }

    std::size_t size() const noexcept { return made_.size(); }
    auto begin() noexcept { return made_.begin(); }
    auto end() noexcept { return made_.end(); }
    auto begin() const noexcept { return made_.begin(); }
    auto end() const noexcept { return made_.end(); }

private:
    std::vector<Made>::const_iterator first_from(ContentCoding coding) const noexcept {
        return std::find_if(made_.begin(), made_.end(), [&](const Made& made) { return made.coding >= coding; });
    }
    std::vector<Made>::const_iterator find(ContentCoding coding) const noexcept {
        const auto place = first_from(coding);
        return place != made_.end() && place->coding == coding ? place : made_.end();
    }

    std::vector<Made> made_;
};

}  // namespace gazetted
