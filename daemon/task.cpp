#include "daemon/task.hpp"

#include "daemon/log.hpp"

#include <exception>

namespace gazetted {

void Task::promise_type::unhandled_exception() const noexcept {
    try {
        throw;
    } catch (const std::exception& error) {
        log(LogLevel::error, "conversation_failed", {{"reason", error.what()}});
    } catch (...) {
        log(LogLevel::error, "conversation_failed");
    }
}

}  // namespace gazetted
