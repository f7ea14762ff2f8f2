#pragma once

#include <cstring>
#include <string>

// It uses strlen() without saying so.
#include <ctemplate/template_dictionary.h>

// Of the pages' own sources only: what ctemplate takes stops here.

namespace gazetted {

/// The file of daemon/pages with the dictionary's values in it, escaped by context. From any thread.
std::string expand_page(const char* file, const ctemplate::TemplateDictionary&);

}  // namespace gazetted
