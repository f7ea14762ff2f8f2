#pragma once

#include <string>
#include <string_view>

namespace gazetted {

/// The text with `***` in place of what a connection string keeps secret: the password in `user:password@host`, with or
/// without a scheme, and the values of `password=` and `sslpassword=`, quoted or not. Rather too much than too little is
/// hidden.
std::string masked(std::string_view);

}  // namespace gazetted
