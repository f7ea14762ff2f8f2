#include "feeds/read_feed/sniff_charset.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace gazetted {
namespace {

using Byte = unsigned char;

Byte byte_at(std::string_view bytes, std::size_t at) { return at < bytes.size() ? static_cast<Byte>(bytes[at]) : 0; }
bool within(Byte c, Byte first, Byte last) { return c >= first && c <= last; }

/// How many bytes a UTF-8 sequence takes at `at`, 0 for none.
std::size_t utf8_sequence(std::string_view bytes, std::size_t at) {
    const Byte c = byte_at(bytes, at);
    const std::size_t length = within(c, 0xC2, 0xDF) ? 2 : within(c, 0xE0, 0xEF) ? 3 : within(c, 0xF0, 0xF4) ? 4 : 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!within(byte_at(bytes, at + i), 0x80, 0xBF)) return 0;
    }
    return length;
}

/// What counts for and against an encoding of characters of several bytes.
struct Tally {
    std::size_t characters = 0;
    std::size_t frequent = 0;  ///< in the rows of the encoding where most of a text is
    std::size_t broken = 0;
};

struct Multibyte {
    std::string_view label;
    Tally (*count)(std::string_view);
};

Tally count_euc(std::string_view bytes, bool (*is_frequent)(Byte lead, Byte trail)) {
    Tally tally;
    for (std::size_t at = 0; at < bytes.size();) {
        const Byte lead = byte_at(bytes, at);
        if (lead < 0x80) {
            ++at;
            continue;
        }
        const Byte trail = byte_at(bytes, at + 1);
        if (within(lead, 0xA1, 0xFE) && within(trail, 0xA1, 0xFE)) {
            ++tally.characters;
            if (is_frequent(lead, trail)) ++tally.frequent;
            at += 2;
        } else {
            ++tally.broken;
            ++at;
        }
    }
    return tally;
}

Tally count_gb(std::string_view bytes) {
    // Level 1, by frequency of use, and punctuation.
    return count_euc(bytes, [](Byte lead, Byte) { return within(lead, 0xB0, 0xD7) || lead == 0xA3 || lead == 0xA1; });
}
Tally count_euc_jp(std::string_view bytes) {
    // Kana.
    return count_euc(bytes, [](Byte lead, Byte) { return lead == 0xA4 || lead == 0xA5; });
}
Tally count_euc_kr(std::string_view bytes) {
    // Hangul syllables.
    return count_euc(bytes, [](Byte lead, Byte) { return within(lead, 0xB0, 0xC8); });
}

Tally count_shift_jis(std::string_view bytes) {
    Tally tally;
    for (std::size_t at = 0; at < bytes.size();) {
        const Byte lead = byte_at(bytes, at);
        const Byte trail = byte_at(bytes, at + 1);
        if (lead < 0x80) {
            ++at;
        } else if ((within(lead, 0x81, 0x9F) || within(lead, 0xE0, 0xFC)) && within(trail, 0x40, 0xFC) && trail != 0x7F) {
            ++tally.characters;
            if (lead == 0x82 || lead == 0x83) ++tally.frequent;
            at += 2;
        } else {
            ++tally.broken;
            ++at;
        }
    }
    return tally;
}

Tally count_big5(std::string_view bytes) {
    Tally tally;
    std::size_t low_trails = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const Byte lead = byte_at(bytes, at);
        const Byte trail = byte_at(bytes, at + 1);
        if (lead < 0x80) {
            ++at;
        } else if (within(lead, 0xA1, 0xF9) && (within(trail, 0x40, 0x7E) || within(trail, 0xA1, 0xFE))) {
            ++tally.characters;
            if (within(lead, 0xA4, 0xC6) || lead == 0xA1) ++tally.frequent;
            if (trail < 0x80) ++low_trails;
            at += 2;
        } else {
            ++tally.broken;
            ++at;
        }
    }
    // Half of a text has its second byte among those of ASCII, where the encodings of Unix have none.
    static constexpr std::size_t enough = 10;
    if (low_trails == 0 && tally.characters >= enough) tally.broken = tally.characters;
    return tally;
}

/// In order of what is tried: kana and syllables tell more than the rows of Chinese.
constexpr Multibyte multibyte[] = {{"euc-jp", count_euc_jp},
                                   {"shift_jis", count_shift_jis},
                                   {"euc-kr", count_euc_kr},
                                   {"gb18030", count_gb},
                                   {"big5", count_big5}};

/// How often the bytes of a range are there.
struct SingleByte {
    std::string_view label;
    Byte small_first, small_last;  ///< where most of a text is: the small letters
    Byte other_first, other_last;  ///< what else is there: the capitals
};

/// A text of the alphabet is nearly all small letters, and the ranges tell the encodings apart.
constexpr SingleByte single_byte[] = {{"koi8-r", 0xC0, 0xDF, 0xE0, 0xFF},     {"windows-1251", 0xE0, 0xFF, 0xC0, 0xDF},
                                      {"iso-8859-5", 0xD0, 0xEF, 0xB0, 0xCF}, {"windows-1255", 0xE0, 0xFA, 0xC0, 0xD2},
                                      {"iso-8859-7", 0xDC, 0xFE, 0xB6, 0xDB}, {"tis-620", 0xA1, 0xDA, 0xDF, 0xFB}};

/// The six letters that half of a text consists of, small and capital: they tell what the ranges cannot in a text of one case,
/// which small letters of one encoding share with the capitals of another, and with those of an alphabet that has none.
struct CommonLetters {
    std::string_view label;
    std::string_view letters;
};
constexpr CommonLetters common_letters[] = {
    {"windows-1251", "\xEE\xE5\xE0\xE8\xED\xF2\xCE\xC5\xC0\xC8\xCD\xD2"},
    {"koi8-r", "\xCF\xC5\xC1\xC9\xCE\xD4\xEF\xE5\xE1\xE9\xEE\xF4"},
    {"windows-1255", "\xE9\xE5\xE4\xEC\xE0\xF8"},
};

std::string_view by_common_letters(const std::array<std::size_t, 256>& counts, std::string_view otherwise) {
    std::size_t most = 0;
    for (const CommonLetters& candidate : common_letters) {
        std::size_t found = 0;
        for (const char letter : candidate.letters) found += counts[static_cast<Byte>(letter)];
        if (found <= most) continue;
        most = found;
        otherwise = candidate.label;
    }
    return otherwise;
}

std::string_view sniff_alphabet(std::string_view bytes) {
    std::array<std::size_t, 256> counts{};
    for (const char c : bytes) ++counts[static_cast<Byte>(c)];
    std::size_t beyond = 0;
    for (std::size_t c = 0x80; c < 256; ++c) beyond += counts[c];
    const auto sum = [&](Byte first, Byte last) {
        std::size_t total = 0;
        for (std::size_t c = first; c <= last; ++c) total += counts[c];
        return total;
    };
    // In a Western text letters beyond ASCII have ASCII letters for neighbours; in others hardly any.
    const auto is_ascii_letter = [&](std::size_t at) {
        const Byte c = byte_at(bytes, at);
        return within(c, 'a', 'z') || within(c, 'A', 'Z');
    };
    std::size_t beside_ascii = 0;
    for (std::size_t at = 1; at < bytes.size(); ++at)
        beside_ascii += byte_at(bytes, at) >= 0x80 && (is_ascii_letter(at - 1) || is_ascii_letter(at + 1)) ? 1 : 0;
    if (beside_ascii * 3 > beyond) return "windows-1252";
    std::string_view best = "windows-1252";
    std::size_t best_score = 0;
    for (const SingleByte& candidate : single_byte) {
        const std::size_t small = sum(candidate.small_first, candidate.small_last);
        const std::size_t other = sum(candidate.other_first, candidate.other_last);
        if ((small + other) * 10 < beyond * 9) continue;
        const std::size_t score = small * 4 + other;
        if (score > best_score) {
            best_score = score;
            best = candidate.label;
        }
    }
    const bool is_of_one_case = sum(0xC0, 0xDF) == 0 || sum(0xE0, 0xFF) == 0;
    const bool is_known = std::any_of(std::begin(common_letters), std::end(common_letters),
                                      [&](const CommonLetters& c) { return c.label == best; });
    return is_of_one_case && is_known ? by_common_letters(counts, best) : best;
}

}  // namespace

bool looks_like_broken_utf8(std::string_view bytes) {
    std::size_t sequences = 0;
    std::size_t broken = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        if (byte_at(bytes, at) < 0x80) {
            ++at;
            continue;
        }
        const std::size_t length = utf8_sequence(bytes, at);
        ++(length == 0 ? broken : sequences);
        at += length == 0 ? 1 : length;
    }
    return sequences > broken;
}

bool is_surely_utf8(std::string_view bytes, std::string_view name) {
    // Two bytes of Chinese pass for UTF-8 once in five times, six bytes for two of its longer sequences once in a million.
    static constexpr std::size_t enough = 8;
    std::size_t weight = 0;
    for (std::size_t at = 0; at < bytes.size() && weight < enough;) {
        const std::size_t length = utf8_sequence(bytes, at);
        weight += length > 2 ? 3 : length == 2 ? 1 : 0;
        at += length == 0 ? 1 : length;
    }
    if (weight >= enough) return true;
    const auto* declared =
        std::find_if(std::begin(multibyte), std::end(multibyte), [&](const Multibyte& m) { return m.label == name; });
    return declared != std::end(multibyte) && declared->count(bytes).broken > 0;
}

std::string_view sniff_charset(std::string_view bytes) {
    if (looks_like_broken_utf8(bytes)) return "utf-8";
    std::string_view best;
    std::size_t best_frequent = 0;
    for (const Multibyte& candidate : multibyte) {
        const Tally tally = candidate.count(bytes);
        if (tally.characters < 2 || tally.broken * 20 > tally.characters) continue;
        // No other encoding has anything in the rows of kana, whose share of Japanese is two fifths and more.
        if (candidate.count == count_euc_jp && tally.frequent >= 2 && tally.frequent * 100 >= tally.characters * 15)
            return candidate.label;
        if (tally.frequent * 4 < tally.characters) continue;
        const std::size_t share = tally.frequent * 1000 / tally.characters;
        if (share > best_frequent) {
            best_frequent = share;
            best = candidate.label;
        }
    }
    return best.empty() ? sniff_alphabet(bytes) : best;
}

}  // namespace gazetted
