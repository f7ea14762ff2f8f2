#include "feeds/read_feed/charset_labels.hpp"

#include <algorithm>
#include <iterator>

namespace gazetted {
namespace {

/// The frequent first. The standard has one name for what some here have two: a document is told what it says of itself.
constexpr Charset charsets[] = {
    {"utf-8", "UTF-8", "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8"},
    {"iso-8859-1", "WINDOWS-1252",
     "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 iso-ir-100 latin1 l1 cp819 ibm819 csisolatin1"},
    {"us-ascii", "WINDOWS-1252", "ascii ansi_x3.4-1968"},
    {"windows-1252", "WINDOWS-1252", "cp1252 x-cp1252"},
    {"gb18030", "GB18030", "gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk"},
    {"big5", "BIG5-HKSCS", "big5-hkscs cn-big5 csbig5 x-x-big5"},
    {"shift_jis", "CP932", "shift-jis sjis x-sjis csshiftjis ms932 ms_kanji windows-31j"},
    {"euc-jp", "EUC-JP", "x-euc-jp cseucpkdfmtjapanese"},
    {"euc-kr", "UHC",
     "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cp949"},
    {"koi8-r", "KOI8-R", "koi koi8 koi8_r cskoi8r"},
    {"koi8-u", "KOI8-U", "koi8-ru"},
    {"ibm866", "CP866", "866 cp866 csibm866"},
    {"iso-8859-2", "ISO-8859-2", "iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 iso-ir-101 latin2 l2 csisolatin2"},
    {"iso-8859-3", "ISO-8859-3", "iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 iso-ir-109 latin3 l3 csisolatin3"},
    {"iso-8859-4", "ISO-8859-4", "iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 iso-ir-110 latin4 l4 csisolatin4"},
    {"iso-8859-5", "ISO-8859-5", "iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 iso-ir-144 cyrillic csisolatincyrillic"},
    {"iso-8859-6", "ISO-8859-6",
     "iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 iso-8859-6-e iso-8859-6-i csiso88596e csiso88596i iso-ir-127 arabic "
     "asmo-708 ecma-114 csisolatinarabic"},
    {"iso-8859-7", "ISO-8859-7",
     "iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 iso-ir-126 greek greek8 ecma-118 elot_928 sun_eu_greek csisolatingreek"},
    {"iso-8859-8", "ISO-8859-8",
     "iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 iso-8859-8-e iso-8859-8-i csiso88598e csiso88598i iso-ir-138 hebrew visual "
     "logical csisolatinhebrew"},
    {"iso-8859-9", "WINDOWS-1254", "iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 iso-ir-148 latin5 l5 csisolatin5"},
    {"iso-8859-10", "ISO-8859-10", "iso8859-10 iso885910 iso-ir-157 latin6 l6 csisolatin6"},
    {"iso-8859-13", "ISO-8859-13", "iso8859-13 iso885913"},
    {"iso-8859-14", "ISO-8859-14", "iso8859-14 iso885914"},
    {"iso-8859-15", "ISO-8859-15", "iso8859-15 iso885915 iso_8859-15 l9 csisolatin9"},
    {"iso-8859-16", "ISO-8859-16", ""},
    {"tis-620", "CP874", ""},
    {"windows-874", "CP874", "dos-874 iso-8859-11 iso8859-11 iso885911"},
    {"windows-1250", "WINDOWS-1250", "cp1250 x-cp1250"},
    {"windows-1251", "WINDOWS-1251", "cp1251 x-cp1251"},
    {"windows-1253", "WINDOWS-1253", "cp1253 x-cp1253"},
    {"windows-1254", "WINDOWS-1254", "cp1254 x-cp1254"},
    {"windows-1255", "WINDOWS-1255", "cp1255 x-cp1255"},
    {"windows-1256", "WINDOWS-1256", "cp1256 x-cp1256"},
    {"windows-1257", "WINDOWS-1257", "cp1257 x-cp1257"},
    {"windows-1258", "WINDOWS-1258", "cp1258 x-cp1258"},
    {"macintosh", "MACINTOSH", "mac x-mac-roman csmacintosh"},
    {"x-mac-cyrillic", "MAC-CYRILLIC", "x-mac-ukrainian"},
    {"utf-16le", "UTF-16LE", "utf-16 csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff"},
    {"utf-16be", "UTF-16BE", "unicodefffe"},
    {"utf-32le", "UTF-32LE", "utf-32"},
    {"utf-32be", "UTF-32BE", ""},
    {"utf-7", nullptr, ""},
    {"hz-gb-2312", nullptr, ""},
    {"iso-2022-cn", nullptr, "iso-2022-cn-ext"},
    {"iso-2022-jp", nullptr, "csiso2022jp"},
    {"iso-2022-kr", nullptr, "csiso2022kr"},
    {"x-user-defined", nullptr, "replacement"},
};

bool has_alias(std::string_view aliases, std::string_view label) {
    while (!aliases.empty()) {
        const std::size_t end = std::min(aliases.find(' '), aliases.size());
        if (aliases.substr(0, end) == label) return true;
        aliases.remove_prefix(std::min(end + 1, aliases.size()));
    }
    return false;
}

}  // namespace

const Charset* find_charset(std::string_view label) {
    if (label.empty()) return nullptr;
    const auto* found = std::find_if(std::begin(charsets), std::end(charsets),
                                     [&](const Charset& c) { return c.name == label || has_alias(c.aliases, label); });
    return found == std::end(charsets) ? nullptr : found;
}

}  // namespace gazetted
