#pragma once

#include "daemon/document.hpp"
#include "daemon/negotiate.hpp"
#include "daemon/request_view.hpp"

namespace gazetted {

/// What the conditions of a request make of its answer (RFC 9110 section 13), in the order of section 13.2.2.
enum class Verdict { send, not_modified, failed };
Verdict evaluate(const RequestView&, const Document&, const Representation& selected);

/// A reader who names what it has in a coding that it asks for keeps that coding, although a better one was made since: a 304
/// is smaller than any coding, and a download goes on where it stopped. Identity that it does not ask for is not such a coding.
/// Null where it names nothing that the document has.
const Representation* named_representation(const RequestView&, const Document&, const CodingWishes&);

/// The gzip that is not kept here, where If-None-Match names it in a request that asks for gzip: the reader has this document.
/// Null where it does not.
const AbsentRepresentation* named_other_gzip(const RequestView&, const Document&, const CodingWishes&);

struct NamedInstance {
    const OlderInstance* instance = nullptr;  ///< null: none of those known
    std::string_view tag;                     ///< as the request has it
    bool is_one_of_several = false;           ///< the request names other tags too
};
/// The youngest instance of the feed that If-None-Match names in any coding, where A-IM asks for what is newer.
NamedInstance named_older_instance(const RequestView&, const Document&);

/// If-Range (RFC 9110 section 13.1.5), by strong comparison. A date says nothing of codings, and which of them are ready
/// differs from moment to moment and from node to node: it is believed only of readers who accept none.
bool if_range_holds(const RequestView&, const Document&, const Representation& selected);

}  // namespace gazetted
