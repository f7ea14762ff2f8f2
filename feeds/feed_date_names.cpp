#include "feeds/feed_date_names.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gazetted {
namespace {

struct MonthName {
    std::string_view beginning;  ///< a month is what begins so
    int month;
};

/// Longer beginnings stand before those that begin them.
constexpr MonthName months[] = {
    // Finnish, which has other ideas of `mar` and `tam`
    {"marras", 11},
    {"tammi", 1},
    {"helmi", 2},
    {"huhti", 4},
    {"touko", 5},
    {"kesä", 6},
    {"heinä", 7},
    {"elo", 8},
    {"syys", 9},
    {"loka", 10},
    {"joulu", 12},
    // English, German, Dutch, the Scandinavian languages
    {"jan", 1},
    {"feb", 2},
    {"mar", 3},
    {"apr", 4},
    {"may", 5},
    {"jun", 6},
    {"jul", 7},
    {"aug", 8},
    {"sep", 9},
    {"oct", 10},
    {"nov", 11},
    {"dec", 12},
    {"mär", 3},
    {"mrt", 3},
    {"maa", 3},
    {"mai", 5},
    {"maj", 5},
    {"mei", 5},
    {"okt", 10},
    {"dez", 12},
    {"des", 12},
    // French
    {"jänner", 1},
    {"fév", 2},
    {"fev", 2},
    {"avr", 4},
    {"juin", 6},
    {"juil", 7},
    {"aoû", 8},
    {"aou", 8},
    {"déc", 12},
    // Spanish, Portuguese, Italian
    {"ene", 1},
    {"gen", 1},
    {"abr", 4},
    {"mag", 5},
    {"giu", 6},
    {"lug", 7},
    {"ago", 8},
    {"set", 9},
    {"out", 10},
    {"ott", 10},
    {"dic", 12},
    // Romanian
    {"ian", 1},
    {"iun", 6},
    {"iul", 7},
    {"noi", 11},
    // Czech
    {"led", 1},
    {"úno", 2},
    {"bře", 3},
    {"dub", 4},
    {"kvě", 5},
    {"července", 7},
    {"červenec", 7},
    {"čvc", 7},
    {"čer", 6},
    {"čvn", 6},
    {"srp", 8},
    {"zář", 9},
    {"říj", 10},
    {"pro", 12},
    // Hungarian, Polish, Turkish
    {"ápr", 4},
    {"máj", 5},
    {"már", 3},
    {"jún", 6},
    {"júl", 7},
    {"sze", 9},
    {"sty", 1},
    {"lut", 2},
    {"kwi", 4},
    {"cze", 6},
    {"lip", 7},
    {"sie", 8},
    {"wrz", 9},
    {"paź", 10},
    {"lis", 11},
    {"gru", 12},
    {"oca", 1},
    {"şub", 2},
    {"nis", 4},
    {"haz", 6},
    {"tem", 7},
    {"ağu", 8},
    {"eyl", 9},
    {"eki", 10},
    {"kas", 11},
    {"ara", 12},
    // Russian, Ukrainian, Bulgarian
    {"яну", 1},
    {"юни", 6},
    {"юли", 7},
    {"ное", 11},
    {"янв", 1},
    {"фев", 2},
    {"мар", 3},
    {"апр", 4},
    {"май", 5},
    {"мая", 5},
    {"июн", 6},
    {"июл", 7},
    {"авг", 8},
    {"сен", 9},
    {"окт", 10},
    {"ноя", 11},
    {"дек", 12},
    {"січ", 1},
    {"лют", 2},
    {"бер", 3},
    {"кві", 4},
    {"тра", 5},
    {"чер", 6},
    {"лип", 7},
    {"сер", 8},
    {"вер", 9},
    {"жов", 10},
    {"лис", 11},
    {"гру", 12},
    // Greek
    {"ιαν", 1},
    {"φεβ", 2},
    {"μάρ", 3},
    {"μαρ", 3},
    {"μάώ", 3},
    {"μαώ", 3},
    {"απρ", 4},
    {"μάι", 5},
    {"μαϊ", 5},
    {"μαι", 5},
    {"ιούν", 6},
    {"ιουν", 6},
    {"ιον", 6},
    {"ιούλ", 7},
    {"ιουλ", 7},
    {"ιολ", 7},
    {"αύγ", 8},
    {"αυγ", 8},
    {"σεπ", 9},
    {"οκτ", 10},
    {"νοέ", 11},
    {"νοε", 11},
    {"δεκ", 12},
    // Chinese and Japanese
    {"十二月", 12},
    {"十一月", 11},
    {"十月", 10},
    {"九月", 9},
    {"八月", 8},
    {"七月", 7},
    {"六月", 6},
    {"五月", 5},
    {"四月", 4},
    {"三月", 3},
    {"二月", 2},
    {"一月", 1}};

/// Exact names, and beginnings of English ones.
constexpr std::string_view weekdays[] = {
    // English
    "mon", "monday", "tue", "tues", "tuesday", "wed", "weds", "wednesday", "thu", "thur", "thurs", "thursday", "fri", "friday",
    "sat", "saturday", "sun", "sunday",
    // German, Dutch
    "mo", "montag", "di", "dienstag", "mi", "mittwoch", "do", "donnerstag", "fr", "freitag", "sa", "samstag", "sonnabend", "so",
    "sonntag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "ma", "wo", "vr", "za", "zo",
    // French, Spanish, Portuguese, Italian
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
    "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "mié", "jue", "vie", "sáb", "dom", "segunda",
    "terça", "quarta", "quinta", "sexta", "seg", "ter", "qua", "qui", "sex", "lunedì", "martedì", "mercoledì", "giovedì",
    "venerdì", "sabato", "domenica", "gio", "sab",
    // Swedish, Danish, Norwegian, Polish, Hungarian
    "pon.", "wt", "wt.", "śr", "śr.", "czw.", "pt.", "sob.", "niedz", "niedz.", "nd", "mån", "tis", "ons", "tor", "fre", "lör",
    "sön", "man", "tir", "lør", "søn", "pon", "wto", "śro", "czw", "pią", "sob", "nie", "hét", "ked", "sze", "csü", "pén",
    "szo", "vas",
    // Czech, Finnish, Romanian, Turkish
    "po", "út", "st", "čt", "pá", "ne", "ti", "ke", "to", "pe", "la", "su", "mie", "joi", "vin", "sâm", "dum", "pzt", "sal",
    "çar", "per", "cum", "cmt", "paz",
    // Russian, Ukrainian, Greek
    "нд", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота",
    "воскресенье", "κυρ", "δευ", "τρι", "τετ", "πεμ", "παρ", "σαβ", "πέμ", "τρί", "σάβ", "κυριακή", "δευτέρα", "τρίτη",
    "τετάρτη", "πέμπτη", "παρασκευή", "σάββατο",
    // Chinese, Japanese, Korean
    "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日", "星期天", "周一", "周二", "周三", "周四", "周五",
    "周六", "周日", "週一", "週二", "週三", "週四", "週五", "週六", "週日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日",
    "土曜日", "日曜日", "月", "火", "水", "木", "金", "土", "日", "월", "화", "수", "목", "금", "토", "일"};

/// `of` in Spanish and Portuguese, `year` in Russian and Ukrainian.
constexpr std::string_view fillers[] = {"de", "del", "г.", "г", "года", "р.", "року"};

struct ZoneName {
    std::string_view name;
    int minutes_east;
};

/// RFC 822 section 5.1 (with its military letters as RFC 822 has them), and what is seen besides.
constexpr ZoneName zones[] = {
    {"z", 0},      {"ut", 0},     {"utc", 0},    {"gmt", 0},    {"wet", 0},    {"west", 60},  {"bst", 60},    {"cet", 60},
    {"met", 60},   {"mez", 60},   {"cest", 120}, {"mest", 120}, {"mesz", 120}, {"eet", 120},  {"sast", 120},  {"eest", 180},
    {"msk", 180},  {"msd", 240},  {"pkt", 300},  {"ist", 330},  {"wib", 420},  {"ict", 420},  {"awst", 480},  {"hkt", 480},
    {"sgt", 480},  {"myt", 480},  {"pht", 480},  {"jst", 540},  {"kst", 540},  {"acst", 570}, {"aest", 600},  {"acdt", 630},
    {"aedt", 660}, {"nzst", 720}, {"nzdt", 780}, {"brt", -180}, {"art", -180}, {"nst", -210}, {"ndt", -150},  {"adt", -180},
    {"ast", -240}, {"at", -240},  {"edt", -240}, {"est", -300}, {"et", -300},  {"cdt", -300}, {"cst", -360},  {"ct", -360},
    {"mdt", -360}, {"mst", -420}, {"mt", -420},  {"pdt", -420}, {"pst", -480}, {"pt", -480},  {"akdt", -480}, {"akst", -540},
    {"hst", -600}, {"a", -60},    {"m", -720},   {"n", 60},     {"y", 720}};

struct Sign {
    std::string_view sign;
    std::string_view plain;
    bool is_korean;
};

constexpr Sign signs[] = {{"年", "-", false}, {"年", "-", false}, {"月", "-", false}, {"日", " ", false},
                          {"號", " ", false}, {"号", " ", false}, {"년", "-", true},  {"월", "-", true},
                          {"일", " ", true},  {"时", ":", false}, {"時", ":", false}, {"시", ":", true},
                          {"分", ":", false}, {"분", ":", true},  {"秒", " ", false}, {"초", " ", true}};

/// Blanks of other widths, marks that nobody sees, the minus of mathematics.
constexpr std::pair<std::string_view, std::string_view> typeset[] = {{"\u00A0", " "}, {"\u2009", " "}, {"\u202F", " "},
                                                                     {"\u3000", " "}, {"\u200B", ""},  {"\u200E", ""},
                                                                     {"\u200F", ""},  {"\uFEFF", ""},  {"\u2212", "-"}};

std::string as_typed(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto* found = std::find_if(std::begin(typeset), std::end(typeset),
                                         [&](const auto& sign) { return text.starts_with(sign.first); });
        if (found == std::end(typeset)) {
            out.push_back(text.front());
            text.remove_prefix(1);
        } else {
            out.append(found->second);
            text.remove_prefix(found->first.size());
        }
    }
    return out;
}

/// The small letter of a capital of two bytes, in place: Latin-1 and its first extension, Greek, Cyrillic.
void lower_pair(std::string& text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto trail = static_cast<unsigned char>(text[at + 1]);
    const auto set = [&](unsigned new_lead, unsigned new_trail) {
        text[at] = static_cast<char>(new_lead);
        text[at + 1] = static_cast<char>(new_trail);
    };
    if (lead == 0xC3 && trail >= 0x80 && trail <= 0x9E && trail != 0x97) set(0xC3, trail + 0x20U);
    // Capitals have even numbers up to U+0137 and from U+014A to U+0177.
    if (lead == 0xC4 && trail <= 0xB7 && trail != 0xB0 && trail % 2 == 0) set(0xC4, trail + 1U);
    if (lead == 0xC5 && trail >= 0x8A && trail <= 0xB7 && trail % 2 == 0) set(0xC5, trail + 1U);
    if (lead == 0xC5 && (trail == 0xB9 || trail == 0xBB || trail == 0xBD)) set(0xC5, trail + 1U);
    if (lead == 0xCE && trail >= 0x91 && trail <= 0x9F) set(0xCE, trail + 0x20U);
    if (lead == 0xCE && trail >= 0xA0 && trail <= 0xAB) set(0xCF, trail - 0x20U);
    if (lead == 0xD0 && trail >= 0x90 && trail <= 0x9F) set(0xD0, trail + 0x20U);
    if (lead == 0xD0 && trail >= 0xA0 && trail <= 0xAF) set(0xD1, trail - 0x20U);
}

template <class Table>
bool contains(const Table& table, std::string_view word) {
    return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

}  // namespace

std::string with_plain_date_signs(std::string_view raw, bool& is_korean) {
    // Nearly all dates are ASCII.
    const bool is_ascii = std::all_of(raw.begin(), raw.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const std::string typed = is_ascii ? std::string() : as_typed(raw);
    const std::string_view text = is_ascii ? raw : typed;
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const bool may_be_sign = static_cast<unsigned char>(text[at]) >= 0x80 && !out.empty() && is_digit(out.back());
        const auto* sign = may_be_sign ? std::find_if(std::begin(signs), std::end(signs),
                                                      [&](const Sign& s) { return text.substr(at).starts_with(s.sign); })
                                       : std::end(signs);
        if (sign != std::end(signs)) {
            out.append(sign->plain);
            is_korean = is_korean || sign->is_korean;
            at += sign->sign.size();
            // `2004년 05월` has blanks where a date has none.
            while (sign->plain != " " && at < text.size() && text[at] == ' ') ++at;
            continue;
        }
        const char c = text[at++];
        out.push_back(lower(c));
    }
    for (std::size_t at = 0; at + 1 < out.size(); ++at) lower_pair(out, at);
    is_korean = is_korean || out.find("오전") != std::string::npos || out.find("오후") != std::string::npos;
    return out;
}

int month_of(std::string_view word) {
    if (word.ends_with('.')) return 0;
    const auto* found = std::find_if(std::begin(months), std::end(months),
                                     [&](const MonthName& name) { return word.starts_with(name.beginning); });
    return found == std::end(months) ? 0 : found->month;
}

bool is_weekday(std::string_view word) { return contains(weekdays, word); }

bool is_filler(std::string_view word) { return contains(fillers, word) || word.starts_with("m=+"); }

DayHalf day_half(std::string_view word) {
    static constexpr std::array<std::string_view, 4> mornings{"am", "오전", "上午", "午前"};
    static constexpr std::array<std::string_view, 4> afternoons{"pm", "오후", "下午", "午後"};
    if (contains(mornings, word)) return DayHalf::morning;
    return contains(afternoons, word) ? DayHalf::afternoon : DayHalf::none;
}

std::optional<std::chrono::minutes> zone_offset(std::string_view name) {
    const auto* found =
        std::find_if(std::begin(zones), std::end(zones), [&](const ZoneName& zone) { return zone.name == name; });
    if (found == std::end(zones)) return std::nullopt;
    return std::chrono::minutes(found->minutes_east);
}

}  // namespace gazetted
