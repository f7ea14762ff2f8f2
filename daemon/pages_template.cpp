#include "daemon/pages_template.hpp"

#include "daemon/embedded.hpp"

#include <ctemplate/template.h>
#include <ctemplate/template_cache.h>

#include <cassert>

namespace gazetted {
namespace {

/// The templates that the binary carries, parsed once. Frozen, so that threads share them.
class Templates {
public:
    Templates() {
        for (const EmbeddedFile& file : embedded_pages()) {
            if (file.name.ends_with(".html")) parse(file);
        }
        cache_.Freeze();
    }
    std::string expand(const char* file, const ctemplate::TemplateDictionary& dictionary) const {
        std::string page;
        const bool complete = cache_.ExpandNoLoad(file, ctemplate::STRIP_BLANK_LINES, &dictionary, nullptr, &page);
        assert(complete);
        return page;
    }

private:
    void parse(const EmbeddedFile& file) {
        const ctemplate::TemplateString name(file.name.data(), file.name.size());
        const bool understood =
            cache_.StringToTemplateCache(name, file.bytes.data(), file.bytes.size(), ctemplate::STRIP_BLANK_LINES);
        assert(understood);
    }
    ctemplate::TemplateCache cache_;
};

}  // namespace

std::string expand_page(const char* file, const ctemplate::TemplateDictionary& dictionary) {
    static const Templates templates;
    return templates.expand(file, dictionary);
}

}  // namespace gazetted
