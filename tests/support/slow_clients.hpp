#pragma once

#include <atomic>
#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gazetted {

/// What a client does that costs a server a connection and more time than it should.
enum class Habit {
    idle,         ///< asks once, reads the answer and stays
    slow_head,    ///< sends a head that never ends, a line a second
    slow_body,    ///< sends a body that never ends, a byte a second
    slow_reader,  ///< asks for much and reads a few bytes a second
    many_ranges,  ///< asks for hundreds of overlapping ranges, every second
};
std::string_view to_string(Habit);
void PrintTo(Habit, std::ostream*);  ///< for gtest

/// Many such clients in one thread, each on a connection to 127.0.0.1. Whoever is closed upon comes again a second later.
class SlowClients {
public:
    /// Returns once all are connected and have begun; throws std::runtime_error where one cannot connect.
    SlowClients(unsigned short port, std::string_view target, Habit, std::size_t count);
    ~SlowClients();
    SlowClients(const SlowClients&) = delete;
    SlowClients& operator=(const SlowClients&) = delete;
    /// How often the server has closed a connection.
    std::size_t closed() const { return closed_; }

private:
    struct Client;
    bool open(Client&);
    void step(Client&);
    void run();

    const unsigned short port_;
    const std::string first_;  ///< what a client sends when it is connected
    const Habit habit_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::atomic<std::size_t> closed_ = 0;
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

}  // namespace gazetted
