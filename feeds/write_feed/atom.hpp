#pragma once

#include "feeds/entry.hpp"
#include "feeds/write_feed/xml.hpp"

#include <string>

namespace gazetted {

// Atom's constructs, for Atom and for RSS, which borrows them where it has no words of its own. `name` is the element's with
// the prefix that the document has for Atom.

struct AtomLink {
    const char* relation;
    std::string type;  ///< empty: not said
    std::string url;
};
pugi::xml_node append_atom_link(pugi::xml_node parent, const char* name, const AtomLink&);

/// Who else tells the story: a `via` link each, titled with the source's name.
void append_retellings(pugi::xml_node parent, const char* name, const Entry&);

/// RFC 4287 section 4.2.1.
void append_atom_person(pugi::xml_node parent, const std::string& name, const Person&);

/// RFC 4287 section 4.2.2.
void append_atom_category(pugi::xml_node parent, const char* name, const Tag&);

/// RFC 4287 section 4.2.11, without a time of its own, which would change with every entry of that feed. The entry's id there,
/// where it is another, stands beside it as dc:identifier.
void append_atom_source(pugi::xml_node parent, const Origin&, const std::string& prefix);

}  // namespace gazetted
