#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

// Bearer tokens (RFC 6750): `NAME.` and 256 random bits in hexadecimal. The name says which row a token is compared with, so
// that nothing is ever looked up by what is secret.

/// The operating system's randomness; throws std::runtime_error where it gives none.
std::string make_token(const std::string& user_name);

/// Whose token it claims to be; none where it has not the form of one.
std::optional<std::string> user_named_in(std::string_view token);

/// A lower-case letter or digit, then these, `_` and `-`; 64 at most.
bool is_user_name(std::string_view);

/// SHA-256 of all of it, in hexadecimal: what is stored of a token. The secret is random, so a slow hash would protect nothing.
std::string hash_of_token(std::string_view token);

/// In a time that says nothing of where they differ.
bool is_same_hash(std::string_view one, std::string_view other);

}  // namespace gazetted
