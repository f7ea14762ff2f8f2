#pragma once

#include "feeds/html_allowlist.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// The open elements of HTML section 13.2.4.2, kept so that the parser behind the gate never has to guess: whatever closes an
/// element without saying so is said. Writes the tags to `out`.
class HtmlNesting {
public:
    explicit HtmlNesting(std::string& out) : out_(out) {}

    struct Tag {
        std::string_view name;                 ///< lower case
        const HtmlElement* element = nullptr;  ///< null: unknown, unwrapped
        std::string attributes;                ///< ready to be written, each after a blank
        bool hidden = false;                   ///< by its style
        bool self_closing = false;
    };
    void start(const Tag&);
    void end(std::string_view name);
    /// Closes whatever is open.
    void finish() { pop_to(0); }

    /// Of what is left out only the writing in a drawing is kept.
    bool drops_content() const noexcept { return dropping_ > 0 && shown_ == 0; }
    /// Inside SVG or MathML, where no element's content is raw text.
    bool in_foreign_content() const noexcept;

private:
    struct Open {
        std::string name;          ///< as it was read: what its end tag is called
        std::string_view written;  ///< empty: nothing was written for it
        ElementReading reading = ElementReading::ordinary;
        bool dropping = false;
        bool shown = false;    ///< writing in a drawing that is dropped
        bool hides = false;    ///< by its style
        bool segment = false;  ///< a table or cell: formatting elements do not reach across it
    };
    /// Formatting elements that are open since the innermost table or cell, three of a name at most (HTML section 13.2.4.3).
    struct Formatting {
        static constexpr std::size_t same_max = 3;
        struct Name {
            std::string_view written;
            std::array<std::size_t, same_max> depths{};  ///< open elements around each
            std::size_t open = 0;
            std::size_t ignored = 0;  ///< start tags beyond three, whose end tags are to be ignored too
        };
        std::vector<Name> names;
    };

    void start_formatting(const Tag&);
    void end_formatting(std::string_view written);
    void end_paragraph();
    bool make_room_for(const Tag&);
    bool make_room_in_table(std::string_view name);
    void make_room_for_item(std::string_view name);
    bool is_seen(const Tag&) const;
    void push(const Tag&);
    void pop();
    void pop_to(std::size_t size);
    void close(std::string_view name, ElementReading);
    void leave_foreign_content();
    std::size_t find_open(std::string_view name, ElementReading) const;
    std::size_t innermost(std::string_view name, std::size_t from) const;
    Formatting::Name& formatting_of(std::string_view written);
    void write_start(std::string_view written, const Tag&);
    void write_end(std::string_view written);

    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::string& out_;
    std::vector<Open> open_;
    std::vector<Formatting> formatting_{1};
    std::size_t formatting_open_ = 0;
    std::size_t dropping_ = 0;
    std::size_t shown_ = 0;
    std::size_t beyond_ = 0;  ///< elements left out because they were too deep
};

}  // namespace gazetted
