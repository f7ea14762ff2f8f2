#pragma once

#include "daemon/api_route.hpp"
#include "daemon/store.hpp"

#include <optional>
#include <string>

namespace gazetted {

/// What a call does, and what it may do: who calls, over a Store of its own. Blocks; one thread at a time.
class ApiDesk {
public:
    explicit ApiDesk(std::string database_url) : database_url_(std::move(database_url)) {}
    /// Looks the token up, then does what is asked. Throws StoreUnavailable; with the next call it connects anew.
    Response perform(const ApiCall&);

private:
    std::optional<User> user_of(const std::string& token);
    std::optional<User> look_up(const std::string& name);

    const std::string database_url_;
    std::optional<Store> store_;
};

}  // namespace gazetted
