#include "daemon/connection.hpp"

#include <libpq-fe.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace gazetted {

std::string connection_for_programs(const std::string& database_url) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(database_url.c_str(), nullptr),
                                                                               &PQconninfoFree);
    if (options == nullptr) return database_url;  // the program says what is wrong with it
    std::string words;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        if (std::string_view(option->keyword) == "password") {
            setenv("PGPASSWORD", option->val, 1);
            continue;
        }
        words += (words.empty() ? "" : " ") + std::string(option->keyword) + "='";
        for (const char c : std::string_view(option->val)) {
            if (c == '\'' || c == '\\') words += '\\';
            words += c;
        }
        words += '\'';
    }
    return words;
}

}  // namespace gazetted
