#pragma once

#include "daemon/commands.hpp"
#include "daemon/listing.hpp"
#include "daemon/store.hpp"

#include <optional>
#include <string>
#include <string_view>

// What the operator's commands (category, tag, author, source, article) have in common.

namespace gazetted {

/// A store on the database in use, whose schema is ours.
struct OpenStore {
    explicit OpenStore(const Config&);
    OpenDatabase database;
    Store store;
};

/// One line on stderr; the exit status 1.
int failed(const std::string& what);

/// `{"NAME":[...],"after":...}` or a table; the listing may have one row more than `limit`, which says that there are more.
/// What
/// `--after` wants to go on is the last row's `key`.
int print_page(Listing, std::string_view name, std::string_view key, std::size_t limit, bool json);
/// The first row: an object or a line for each column.
int print_one(const Listing&, bool json);
/// What was done: the row as it is now, or one line.
int print_done(const Listing&, const std::string& what, bool json);

/// In normalisation form C; none where no address can have that name.
std::optional<std::string> name_of(SelectionKind, const std::string& text);

}  // namespace gazetted
