#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace gazetted {

/// What a caller does about bad input; the message is one sentence for a person, without a final full stop.
enum class ErrorKind {
    malformed,    ///< not what it claims to be
    unsupported,  ///< well-formed, but nothing we read
    too_large,    ///< beyond a named limit; the message names it
};

struct Error {
    ErrorKind kind = ErrorKind::malformed;
    std::string message;
};

/// Bad input is a value. A lost database or a full disk is an exception, a bug is an assert (docs/architecture.md).
template <class T>
using Result = boost::system::result<T, Error>;

/// Found by argument-dependent look-up when value() is called on a Result that holds an error.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

}  // namespace gazetted
