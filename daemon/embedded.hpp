#pragma once

#include <span>
#include <string_view>

namespace gazetted {

/// A file of the source tree that the binary carries, so that an operator installs one file.
struct EmbeddedFile {
    std::string_view name;
    std::string_view bytes;
};

std::span<const EmbeddedFile> embedded_migrations();  ///< sql/migrations, by name
std::span<const EmbeddedFile> embedded_queries();     ///< sql/queries, by name
std::span<const EmbeddedFile> embedded_pages();       ///< daemon/pages, by name
std::span<const EmbeddedFile> embedded_api();         ///< docs/openapi.json

}  // namespace gazetted
