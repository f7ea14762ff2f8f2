#pragma once

#include "feeds/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// The entities that a document type declares (XML 1.0 section 4.2), as far as they are harmless: each a short text of its own.
class DeclaredEntities {
public:
    /// `subset` is what stands between the brackets of the document type, and must live as long as this. Parameter entities are
    /// inert, and so are those of others that nobody refers to: nothing is fetched. An error where an entity refers to another,
    /// where one that is elsewhere is to be put in, or beyond a limit.
    static Result<DeclaredEntities> read(std::string_view subset);

    bool empty() const noexcept { return entities_.empty(); }
    /// `document` with their texts in place of the references to them, from `from` on: as text, never as markup. Linear. An
    /// error where one is elsewhere, or where it would be longer than a document may be.
    Result<std::string> substituted(std::string_view document, std::size_t from) const;

private:
    struct Entity {
        std::string_view name;
        std::string text;  ///< escaped
        bool is_elsewhere = false;
        bool is_public = false;  ///< by a name that is known, as the sets of HTML have
    };
    static const Entity* find(const std::vector<Entity>& entities, std::string_view name);
    Result<void> declare(std::string_view declaration);

    std::vector<Entity> entities_;  ///< the general ones, by name
    std::vector<Entity> parameters_;
};

}  // namespace gazetted
