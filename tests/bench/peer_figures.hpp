#pragma once

#include <string>
#include <vector>

namespace gazetted {

/// What a peer's program of tests/bench/peers says: its name, and what it took.
struct PeerFigure {
    double us = 0;
    std::string name;
};

/// Of a shell command that prints `US NAME` lines, or nothing where the peer is missing.
std::vector<PeerFigure> figures_of(const std::string& command);

/// A line of a table. True where ours is `at_least` times less.
bool print_beside_ours(const PeerFigure& peer, double ours_us, double at_least);

}  // namespace gazetted
