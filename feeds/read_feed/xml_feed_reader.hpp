#pragma once

#include "feeds/parsed_feed.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/elements.hpp"
#include "feeds/read_feed/list_room.hpp"
#include "feeds/read_feed/xml.hpp"
#include "feeds/read_feed/xml_attributes.hpp"
#include "feeds/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gazetted {

/// What an open element is, and where its text began.
struct Frame {
    const ElementRule* rule = nullptr;
    bool is_inline = false;  ///< markup within a text construct
    bool wants_text = false;
    std::size_t text_begin = 0;
    std::size_t bases = 0;       ///< as many as outside of it
    std::size_t languages = 0;   ///< likewise
    std::size_t dimensions = 2;  ///< of the positions of GML within it
};

/// An xml:base: as it was stated, then as it was resolved; empty where it cannot be.
struct Base {
    std::string address;
    bool is_resolved = false;
};

/// The text construct that is being read. They never nest.
struct OpenConstruct {
    std::string type;
    bool is_base64 = false;
    bool has_markup = false;
    std::string source;
    std::size_t bases = 0;  ///< in force outside of its markup
    // Whether one <div> holds it all (RFC 4287 section 3.1.1.3), and where that begins and ends.
    std::size_t top_elements = 0;
    std::size_t inline_depth = 0;
    bool is_div = false;
    std::size_t div_begin = 0, div_end = 0;
};

/// Makes a feed of the elements of a document. What an element is says its rule (elements.hpp); what it says goes to the entry,
/// the source or the feed that is open.
class XmlFeedReader final : public XmlEvents {
public:
    XmlFeedReader(std::string_view document, std::string_view url) : document_(document), url_(url) {}

    void start_element(const XmlName& name, Attributes attributes) override;
    void end_element() override;
    bool is_whole() const override { return has_root_ && frames_.size() < root_depth_; }
    bool wants_text() const override { return !frames_.empty() && (construct_depth_ > 0 || frames_.back().wants_text); }

    void text(std::string_view piece) override;
    Result<Feed> take() &&;

private:
    // --- Where we are

    bool in_entry() const { return entry_ != nullptr; }
    ParsedMembers& members();
    /// Null within an entry that is not in its source.
    ParsedHead* head();
    std::string_view base() const { return stated_base().empty() ? url_ : stated_base(); }
    /// xml:base in force, absolute. Resolved when somebody asks, as most elements need none.
    std::string_view stated_base() const { return bases_.empty() ? std::string_view() : stated_base(bases_.size() - 1); }
    std::string_view stated_base(std::size_t depth) const;
    std::string_view language() const { return languages_.empty() ? std::string_view() : std::string_view(languages_.back()); }
    /// What relative links are resolved against: xml:base, else the channel's page, else where the feed was found. Atom's links
    /// stay as they are where neither xml:base nor the feed's address is known.
    std::string_view link_base() const;
    /// The same for the links in HTML, which Atom leaves to xml:base alone (RFC 4287 section 3.1.1.2).
    std::string_view html_base() const { return is_atom() ? base() : link_base(); }

    bool is_atom() const { return is_atom_; }

    /// Whether the end of what is open is missing: in a text of RSS an element starts that only feeds have, or a link in a
    /// title.
    bool lacks_end_before(const XmlName& name) const;
    /// What is open ends here, and what follows in it counts as if it stood outside.
    void end_early();
    /// Markup where plain text should be is text of that markup.
    bool holds_stray_markup() const;
    const ElementRule& rule_of(const XmlName& name, Attributes attributes);
    const ElementRule& root_rule(const XmlName& name, Attributes attributes);
    void take_base_and_language(Attributes attributes);

    // --- Markup within text constructs

    void start_inline(const XmlName& name, Attributes attributes);

    /// Elements of XHTML lose their prefix; others keep how they are written.
    static std::string text_name(const XmlName& name);
    void append_attribute_value(std::string_view value);
    /// Whether an xml:base within the markup is in force here. HTML has none: what is relative to it is resolved at once, as
    /// far as an honest article needs it.
    bool is_rebased() const { return bases_.size() > construct_.bases && rebased_ < rebased_max; }
    static bool is_address(const XmlName& attribute);
    std::string rebased(std::string_view reference);
    void write_tag(const XmlName& name, Attributes attributes);
    void end_inline();

    // --- Elements that mean something

    void collect() { frames_.back().wants_text = true; }

    void start(const ElementRule& rule, const XmlName& name, Attributes attributes);
    void end(const Frame& frame);
    static void set_once(std::string& member, std::string_view text);
    template <class Value>
    bool has_room(const std::vector<Value>& list) {
        return room_.take(list);
    }
    /// Whether there is any: resolving an address is dear, and not for what is dropped.
    template <class Value>
    bool is_room_left(const std::vector<Value>& list) const {
        return !is_skipping() && room_.is_left(list);
    }
    void set_address_once(std::string& member, std::string_view reference);
    ParsedPodcast& podcast();
    ParsedPlace& place();

    /// Only within an entry.
    ParsedMedia& media();

    // --- Feeds and entries

    void begin_feed();
    void start_root(const XmlName& name, Attributes attributes);
    ParsedFormat rss_format(std::string_view version) const;
    static bool declares(Attributes attributes, std::string_view beginning);
    static ParsedFormat atom_format(Attributes attributes);
    static ParsedFormat rdf_format(Attributes attributes);

    /// CDF says in attributes what RSS says in elements.
    void take_channel_attributes(Attributes attributes);
    /// xml:lang, which counts where the feed does not say its language otherwise.
    void take_feed_language();
    void start_channel(Attributes attributes);
    void start_entry(Attributes attributes);
    bool is_skipping() const { return !surplus_.empty() && entry_; }

    void end_entry();
    bool is_of_entry(const TextConstruct* construct) const;
    static void finish_links(ParsedMembers& m);
    /// Dublin Core has one date for all that happens to a resource: it counts where nothing else is said.
    static void finish_dates(ParsedMembers& m, std::optional<Instant>& dublin_core);
    /// Of what is open.
    std::optional<Instant>& dublin_core_date();
    void finish_entry(ParsedEntry& entry);
    void finish_feed();
    /// RFC 6721.
    void start_deleted_entry(Attributes attributes);
    void start_source(Attributes attributes);
    void end_source(std::string_view text);

    // --- Images and text inputs

    void start_image(Attributes attributes);
    void end_part(std::string_view text);
    void start_image_address(Attributes attributes);

    // --- People

    void start_person(const ElementRule& rule);
    void end_person(const ElementRule& rule, std::string_view text);

    // --- Text constructs

    void start_construct(const ElementRule& rule, Attributes attributes);
    void end_construct(const ElementRule& rule, const Frame& frame);

    /// The vocabulary of the format itself comes before Dublin Core, that before those of podcasts and media; the first of
    /// each.
    static int rank(const ElementRule& rule);

    /// True where it took the place.
    bool place_construct(TextConstruct& member, const ElementRule& rule, TextConstruct construct);
    void add_description(const ElementRule& rule, TextConstruct construct);
    TextConstruct finish_construct(const ElementRule& rule, const Frame& frame);

    // --- Links

    void start_link(const XmlName& name, Attributes attributes);
    void add_link(ParsedLink link);
    void end_link(std::string_view text);
    void end_id(std::string_view text);

    // --- Categories

    void start_category(const XmlName& name, Attributes attributes);
    void end_category(std::string_view text);
    void add_category();
    /// RSS has no word for a label: Atom's element beside its own says the same with it.
    bool says_last_category_again() const;
    void end_keywords(std::string_view text);

    // --- The rest

    void start_generator(Attributes attributes);
    void start_enclosure(Attributes attributes);

    /// Each address once.
    void add_enclosure(ParsedEnclosure enclosure);
    void start_cloud(Attributes attributes);
    void start_license(Attributes attributes);
    void set_license(std::string_view reference);
    void start_reply(Attributes attributes);

    /// `start=2002-10-13T09:00+01:00; end=2002-10-17T17:00+01:00; scheme=W3C-DTF`
    void end_valid(std::string_view text);

    // --- Podcasts and Media RSS

    void start_podcast_file(const ElementRule& rule, Attributes attributes);
    void start_media_content(Attributes attributes);
    /// The same file from others who have it: a torrent.
    void add_peer(Attributes attributes);
    /// Whether the element that ends stands in a media:content.
    bool is_in_media_content() const { return media_depth_ != 0 && frames_.size() == media_depth_ + 1; }
    void start_thumbnail(Attributes attributes);
    /// An address that stands as text.
    void end_thumbnail(std::string_view text);
    void start_credit(Attributes attributes);

    // --- Places

    /// Of the positions within the element that starts (`srsDimension` of GML).
    std::size_t dimensions(const XmlName& name, Attributes attributes) const;
    void end_place(std::string_view text);
    void end_half_place(double number);
    std::string place_type() const;
    bool is_in_polygon() const { return frames_.size() > 2 && frames_[frames_.size() - 2].rule->name == "linearring"; }

    static constexpr ElementRule transparent_{.kind = ElementKind::transparent};
    std::string_view document_;
    std::string_view url_;
    Feed feed_;
    ParsedEntry* entry_ = nullptr;      ///< the one that is being read
    ParsedSource* source_ = nullptr;    ///< within it
    std::vector<ParsedEntry> surplus_;  ///< beyond the limit: read and dropped
    Person* person_ = nullptr;
    std::string* part_ = nullptr;
    std::vector<Frame> frames_;
    std::vector<std::string> names_;  ///< of the open markup within a construct
    mutable std::vector<Base> bases_;
    std::vector<std::string> languages_;
    std::string feed_language_;       ///< by xml:lang
    std::size_t feed_languages_ = 0;  ///< in force in all of the feed
    std::string entry_language_;      ///< by an xml:lang within the feed
    std::string text_;                ///< of the elements that are open, one after another
    OpenConstruct construct_;
    std::size_t construct_depth_ = 0;  ///< 0: not within a construct
    std::size_t construct_begin_ = 0;
    std::vector<std::pair<const TextConstruct*, int>> ranks_;  ///< of the constructs of the feed, the entry and its source
    TextConstruct fallback_title_;
    struct {
        std::optional<Instant> of_feed, of_entry, of_source;
    } dublin_core_dates_;
    ParsedLink link_;
    ParsedCategory category_;
    std::string about_;
    ParsedThumbnail thumbnail_;
    std::string place_element_;
    std::size_t media_depth_ = 0;  ///< 0: no media:content of the entry is open
    static constexpr std::size_t rebased_max = 2'000;
    std::size_t rebased_ = 0;                     ///< addresses that were resolved against an xml:base within a text
    std::optional<double> latitude_, longitude_;  ///< of a place that is told by halves
    ListRoom room_;
    bool is_permalink_ = true;
    bool has_address_ = false;
    bool has_root_ = false;
    std::size_t root_depth_ = 0;  ///< of the first element that makes it a feed
    bool is_atom_ = false;
    bool is_web_master_ = false;  ///< the publisher of the feed is
    bool is_page_ = false;
};

}  // namespace gazetted
