#pragma once

#include "daemon/administer.hpp"
#include "daemon/commands.hpp"
#include "daemon/listing.hpp"
#include "daemon/store.hpp"

#include <string>

// What commands have in common.

namespace gazetted {

/// A document that feeds are read from, or one byte more than such may have: enough to see that it has too many. Throws
/// std::runtime_error where it cannot be read.
std::string read_file(const std::string& path);
/// The same; `-` is stdin.
std::string read_input(const std::string& path);

/// A store on the database in use, whose schema is ours; a new private one is given it.
struct OpenStore {
    explicit OpenStore(const Config&);
    OpenDatabase database;
    Store store;
};

/// One line on stderr; the exit status 1.
int failed(const std::string& what);

/// As json_of() has it, or a table. What `--after` wants to go on is the last row's `key`.
int print_page(Page, bool json);
/// The first row: an object or a line for each column.
int print_one(const Listing&, bool json);
/// What was done: the row as it is now, or one line.
int print_done(const Listing&, const std::string& what, bool json);
/// The row that was looked at, what was done, or why nothing was.
int print_outcome(const Outcome&, bool json);

}  // namespace gazetted
