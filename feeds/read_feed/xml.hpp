#pragma once

#include "feeds/read_feed/namespaces.hpp"
#include "feeds/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

struct XmlName {
    Namespace space = Namespace::core;
    std::string_view prefix;
    std::string_view local;  ///< as written
};

struct XmlAttribute {
    XmlName name;
    std::string_view value;  ///< references decoded, white space that is none of them as blanks
};

/// What a document says, in its order. Views live until the call returns.
class XmlEvents {
public:
    virtual ~XmlEvents() = default;
    virtual void start_element(const XmlName&, std::span<const XmlAttribute>) = 0;
    virtual void end_element() = 0;
    /// Whether what the document is about has begun and ended. An element without another around it that ends before that was
    /// none of the document (a script's warning, say), and the next one may be; nothing that comes after it is looked at.
    virtual bool is_whole() const = 0;
    /// Whether text matters here; text that does not is checked and dropped.
    virtual bool wants_text() const = 0;
    /// References decoded, line ends as LF. One text may come in several calls.
    virtual void text(std::string_view) = 0;
};

struct XmlOutcome {
    std::string fault;        ///< the first thing that had to be mended, with its line; empty: well-formed
    bool is_cut_off = false;  ///< the document ends before it is whole
};

/// XML 1.0 and namespaces, for hostile and broken documents: one pass, linear, nothing allocated that the limits of FeedLimits
/// do not bound, no entity but those of XML, of HTML and short texts of its own, nothing fetched. Every element that starts
/// also ends, in order. `document` is UTF-8 of legal characters. An error where a limit is passed or where no mending would be
/// honest: entities that refer to others or are elsewhere, an attribute of the root twice, a name with bytes that are no text
/// (where the encoding was guessed: a name beyond ASCII).
Result<XmlOutcome> scan_xml(std::string_view document, bool is_encoding_sure, XmlEvents&);

}  // namespace gazetted
