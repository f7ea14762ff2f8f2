#pragma once

#include "feeds/result.hpp"

#include <boost/json.hpp>

#include <span>
#include <string_view>

namespace gazetted {

/// What a member of a posted object must be.
enum class PostedKind {
    text,
    time,         ///< a text as RFC 3339 has it
    flag,         ///< true or false
    count,        ///< a whole number from 0 to 2^63 - 1
    small_count,  ///< to 2^31 - 1
    degrees,      ///< a number
    texts,        ///< an array of texts
    object,
    objects,  ///< an array of them
};
struct PostedMember {
    std::string_view name;
    PostedKind kind;
    std::span<const PostedMember> members = {};  ///< of object and objects
};

/// One JSON object (RFC 8259), at most eight deep. ErrorKind::malformed where the text is none.
Result<boost::json::value> parse_posted(std::string_view text);

/// What a member that is null means.
enum class Nulls {
    absent,  ///< it is not there
    empty,   ///< it is an empty text, or 0: what a patch says to take something away
};

/// The same; each member is among `members` and of its kind, else ErrorKind::unsupported with a sentence that names it.
Result<boost::json::object> read_posted_object(std::string_view text, std::span<const PostedMember> members,
                                               Nulls = Nulls::absent);

/// A member that is a text; empty where there is none.
std::string text_in(const boost::json::object&, std::string_view name);

/// RFC 7396 section 2.
void apply_patch(boost::json::object& target, const boost::json::object& patch);

}  // namespace gazetted
