#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gazetted {

/// What a value must be that the tables refuse, for people who gave it. `message` is PostgreSQL's, one line: it names the
/// constraint in any language, and the type in English. The message itself, said to be the database's, where it names
/// nothing that we know.
std::string told_refusal(std::string_view message);

/// Of constraints whose names end so; the first that fits says it.
struct ConstraintSentence {
    std::string_view end;
    std::string_view sentence;
};
/// A test holds it to the schema: each CHECK that an operator can run into has one, and each is of a CHECK.
std::span<const ConstraintSentence> constraint_sentences();

/// None where no sentence is of that constraint.
const ConstraintSentence* sentence_of_constraint(std::string_view name);

}  // namespace gazetted
