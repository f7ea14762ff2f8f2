#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted::jekyll {

/// Why a file, or a part of it, cannot be read: one sentence without a final full stop.
struct Fault {
    std::size_t line = 0;  ///< counted from 1 in the file; 0: the whole file
    std::string reason;
};
[[noreturn]] inline void throw_exception_from_error(const Fault& fault, const boost::source_location&) {
    throw std::runtime_error(fault.reason);
}
template <class T>
using Read = boost::system::result<T, Fault>;

/// What front matter may cost us. Beyond a limit the file is set aside.
struct FrontMatterLimits {
    static constexpr std::size_t bytes_max = std::size_t{64} << 10;
    static constexpr std::size_t values_max = 4096;
    static constexpr std::size_t aliases_max = 16;
    static constexpr std::size_t flow_depth_max = 64;
    static constexpr std::size_t depth_max = 8;  ///< deeper values read as null
};

struct YamlMember;

/// A YAML value with its scalars as they were written: whether `yes` is a title or a truth is the reader's to say.
struct YamlValue {
    enum class Kind { null, text, list, map };
    Kind kind = Kind::null;
    bool quoted = false;  ///< text that YAML gives no type of its own: a quoted date is no timestamp
    bool tagged = false;  ///< carries a tag of its own (`!!python/…`)
    std::string text;
    std::vector<YamlValue> items;
    std::vector<YamlMember> members;  ///< each key once; of double keys the last, as Jekyll has it

    /// Null pointer where this is no map, has no such key, or holds null there.
    const YamlValue* find(std::string_view key) const;
    /// Replaces or adds.
    void set(std::string key, YamlValue value);
};
struct YamlMember {
    std::string key;
    YamlValue value;
};
YamlValue yaml_text(std::string text);

/// A post's two halves. Views into the file.
struct SplitPost {
    std::string_view yaml;
    std::size_t yaml_line = 0;  ///< where it starts, counted from 1
    std::string_view body;
    bool seen_by_jekyll = true;  ///< no: blank lines before the first dashes; Jekyll takes all of it for text
};
/// `file` with LF line ends; a BOM is passed over. A fault where there is no front matter or where it has no end.
Read<SplitPost> split_front_matter(std::string_view file);

struct ParsedYaml {
    YamlValue value;            ///< a map
    std::vector<Fault> faults;  ///< not empty: it was no YAML, and read line by line
};
/// YAML by the library; where that fails, `key: value` lines (titles carry colons and quotes). `first_line` is added to lines
/// in faults. Bounded: no alias is expanded beyond FrontMatterLimits.
Read<ParsedYaml> parse_yaml(std::string_view yaml, std::size_t first_line);

}  // namespace gazetted::jekyll
