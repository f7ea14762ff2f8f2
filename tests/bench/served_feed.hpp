#pragma once

#include <string>

namespace gazetted {

class DaemonProcess;
class TestDatabase;

/// What is served in a comparison, by every server under the same path.
struct ServedFile {
    std::string path;  ///< of the URL, and of the file under a document root
    std::string identity;
    std::string gzip;
};

inline const std::string served_path = "/category/metals.atom";

/// A category whose Atom feed is about 60 KB, and 20 KB in gzip.
void fill_served_feed(const TestDatabase&);

/// That feed's bytes once nothing about them is refined any more. Throws std::runtime_error where they are too many or too few.
ServedFile settled_file(const DaemonProcess&);

}  // namespace gazetted
