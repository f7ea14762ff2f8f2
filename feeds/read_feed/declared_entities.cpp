#include "feeds/read_feed/declared_entities.hpp"

#include "feeds/read_feed.hpp"
#include "feeds/read_feed/references.hpp"

#include <algorithm>

namespace gazetted {
namespace {

constexpr std::string_view spaces = " \t\r\n";
/// What ends a name, as far as the ends of references and declarations go.
constexpr std::string_view name_ends = " \t\r\n&%;<>\"'[]";
/// Of XML itself; a declaration of one changes nothing.
constexpr std::string_view predefined[] = {"amp", "lt", "gt", "quot", "apos"};

bool is_predefined(std::string_view name) {
    return std::find(std::begin(predefined), std::end(predefined), name) != std::end(predefined);
}

std::size_t past(std::string_view text, std::string_view mark, std::size_t from) {
    const std::size_t found = text.find(mark, std::min(from, text.size()));
    return found == std::string_view::npos ? text.size() : found + mark.size();
}

/// The name between the sign at `at` and a semicolon; empty where there is none.
std::string_view referred(std::string_view text, std::size_t at) {
    const std::size_t end = text.find_first_of(name_ends, at + 1);
    const bool is_reference = end != std::string_view::npos && text[end] == ';';
    return is_reference ? text.substr(at + 1, end - at - 1) : std::string_view();
}

/// The `>` behind a declaration, which may stand in quotes within it.
std::size_t end_of_declaration(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] != '>') {
        const bool is_quote = text[at] == '"' || text[at] == '\'';
        at = is_quote ? past(text, text.substr(at, 1), at + 1) : at + 1;
    }
    return std::min(at, text.size());
}

/// What a literal stands for where the entity is declared: references by number are characters there, all else where it is put
/// in.
std::string with_numbers(std::string_view literal) {
    std::string out;
    for (std::size_t at = 0; at < literal.size();) {
        const bool is_number = literal.substr(at).starts_with("&#");
        const std::size_t size = is_number ? std::max<std::size_t>(referred(literal, at).size() + 2, 2) : 1;
        if (is_number)
            append_decoded(literal.substr(at, size), out);
        else
            out.push_back(literal[at]);
        at += size;
    }
    return out;
}

bool refers_to_another(std::string_view text) {
    for (std::size_t at = text.find_first_of("&%"); at != std::string_view::npos; at = text.find_first_of("&%", at + 1)) {
        const std::string_view name = referred(text, at);
        if (!name.empty() && name.front() != '#' && !is_predefined(name)) return true;
    }
    return false;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_sign = c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c == '\n' || c == '\t';
        if (is_sign)
            out.append("&#").append(std::to_string(static_cast<int>(c))).append(";");
        else
            out.push_back(c);
    }
    return out;
}

Error at_fault(std::string_view name, std::string_view what) {
    static constexpr std::size_t shown_max = 64;
    return {ErrorKind::malformed, "its entity " + std::string(name.substr(0, shown_max)) + " " + std::string(what)};
}

std::string_view without_spaces_before(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(spaces), text.size()));
}

}  // namespace

const DeclaredEntities::Entity* DeclaredEntities::find(const std::vector<Entity>& entities, std::string_view name) {
    const auto found = std::lower_bound(entities.begin(), entities.end(), name,
                                        [](const Entity& entity, std::string_view n) { return entity.name < n; });
    return found != entities.end() && found->name == name ? &*found : nullptr;
}

Result<void> DeclaredEntities::declare(std::string_view declaration) {
    declaration = without_spaces_before(declaration);
    const bool is_parameter = declaration.starts_with('%');
    if (is_parameter) declaration = without_spaces_before(declaration.substr(1));
    Entity entity;
    entity.name = declaration.substr(0, declaration.find_first_of(name_ends));
    declaration = without_spaces_before(declaration.substr(entity.name.size()));
    if (entity.name.empty() || declaration.empty()) return {};
    const char quote = declaration.front();
    if (quote == '"' || quote == '\'') {
        const std::size_t end = declaration.find(quote, 1);
        if (end == std::string_view::npos) return {};
        const std::string_view literal = declaration.substr(1, end - 1);
        if (literal.size() > FeedLimits::entity_bytes_max)
            return Error{ErrorKind::too_large,
                         "an entity of more than " + std::to_string(FeedLimits::entity_bytes_max) + " bytes"};
        const std::string replacement = with_numbers(literal);
        if (refers_to_another(literal) || refers_to_another(replacement)) return at_fault(entity.name, "refers to another");
        std::string text;
        append_decoded(replacement, text);
        entity.text = escaped(text);
    } else {
        entity.is_elsewhere = true;
        entity.is_public = declaration.starts_with("PUBLIC");
    }
    if (entities_.size() + parameters_.size() == FeedLimits::entities_max)
        return Error{ErrorKind::too_large, "more than " + std::to_string(FeedLimits::entities_max) + " entities"};
    std::vector<Entity>& list = is_parameter ? parameters_ : entities_;
    // The first declaration binds.
    if (find(list, entity.name) || is_predefined(entity.name)) return {};
    const auto place = std::upper_bound(list.begin(), list.end(), entity.name,
                                        [](std::string_view n, const Entity& other) { return n < other.name; });
    list.insert(place, std::move(entity));
    return {};
}

Result<DeclaredEntities> DeclaredEntities::read(std::string_view subset) {
    static constexpr std::string_view mark = "<!ENTITY";
    DeclaredEntities all;
    for (std::size_t at = subset.find_first_of("<%"); at < subset.size(); at = subset.find_first_of("<%", at)) {
        const std::string_view rest = subset.substr(at);
        if (rest.starts_with("<!--")) {
            at = past(subset, "-->", at + 4);
        } else if (rest.starts_with("<?")) {
            at = past(subset, "?>", at + 2);
        } else if (rest.starts_with("<!")) {
            const std::size_t end = end_of_declaration(subset, at);
            if (rest.starts_with(mark)) {
                const std::size_t begin = at + mark.size();
                if (auto declared = all.declare(subset.substr(begin, end - begin)); !declared) return declared.error();
            }
            at = end;
        } else {
            const std::string_view name = rest.front() == '%' ? referred(subset, at) : std::string_view();
            const Entity* const parameter = find(all.parameters_, name);
            // What XHTML has under a public name is known here anyway.
            const bool is_known = parameter && (!parameter->is_elsewhere || parameter->is_public);
            if (!name.empty() && !is_known) return at_fault(name, "is elsewhere, and nothing is fetched");
            ++at;
        }
    }
    return all;
}

Result<std::string> DeclaredEntities::substituted(std::string_view document, std::size_t from) const {
    std::string out(document.substr(0, from));
    for (std::size_t at = from; at < document.size();) {
        const std::size_t next = std::min(document.find_first_of("&<", at), document.size());
        out.append(document.substr(at, next - at));
        at = next;
        const std::string_view rest = document.substr(at, 9);
        std::size_t end = at + 1;
        if (rest.starts_with("<![CDATA[")) end = past(document, "]]>", at);
        if (rest.starts_with("<!--")) end = past(document, "-->", at);
        const std::string_view name =
            rest.starts_with('&') ? referred(document.substr(0, at + FeedLimits::name_bytes_max), at) : std::string_view();
        const Entity* const entity = name.empty() ? nullptr : find(entities_, name);
        if (entity) {
            if (entity->is_elsewhere) return at_fault(name, "is elsewhere, and nothing is fetched");
            end = at + name.size() + 2;
            out.append(entity->text);
        } else {
            out.append(document.substr(at, end - at));
        }
        if (out.size() > FeedLimits::bytes_max)
            return Error{ErrorKind::too_large,
                         "more than " + std::to_string(FeedLimits::bytes_max >> 20) + " MB with its entities"};
        at = end;
    }
    return out;
}

}  // namespace gazetted
