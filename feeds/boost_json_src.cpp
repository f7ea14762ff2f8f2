// The one place where Boost.JSON is compiled; it is header-only otherwise.
#include <boost/json/src.hpp>
