#include "daemon/token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace gazetted {

namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t name_bytes_max = 64;
constexpr std::string_view digits = "0123456789abcdef";

std::string hexadecimal(std::span<const unsigned char> bytes) {
    std::string text;
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string make_token(const std::string& user_name) {
    std::array<unsigned char, secret_bytes> secret;
    if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1)
        throw std::runtime_error("the operating system gives no random bytes for a token");
    return user_name + "." + hexadecimal(secret);
}

bool is_user_name(std::string_view text) {
    return !text.empty() && text.size() <= name_bytes_max && is_letter_or_digit(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

std::optional<std::string> user_named_in(std::string_view token) {
    const auto dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto name = token.substr(0, dot), secret = token.substr(dot + 1);
    const bool is_whole = secret.size() == 2 * secret_bytes && secret.find_first_not_of(digits) == std::string_view::npos;
    return is_whole && is_user_name(name) ? std::optional<std::string>(name) : std::nullopt;
}

std::string hash_of_token(std::string_view token) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
    unsigned bytes = 0;
    if (EVP_Digest(token.data(), token.size(), hash.data(), &bytes, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-256");
    return hexadecimal(std::span(hash).first(bytes));
}

bool is_same_hash(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace gazetted
