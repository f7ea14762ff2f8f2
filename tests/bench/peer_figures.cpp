#include "tests/bench/peer_figures.hpp"

#include <cstdio>
#include <memory>
#include <sstream>

namespace gazetted {
namespace {

struct ClosePipe {
    void operator()(FILE* pipe) const { pclose(pipe); }
};

}  // namespace

std::vector<PeerFigure> figures_of(const std::string& command) {
    std::string printed;
    const std::unique_ptr<FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
    for (char part[256]; pipe && std::fgets(part, sizeof part, pipe.get()) != nullptr;) printed += part;
    std::vector<PeerFigure> figures;
    std::istringstream lines(printed);
    for (PeerFigure figure; lines >> figure.us && std::getline(lines >> std::ws, figure.name);) figures.push_back(figure);
    return figures;
}

bool print_beside_ours(const PeerFigure& peer, double ours_us, double at_least) {
    const double times = peer.us / ours_us;
    const bool is_met = times >= at_least;
    std::printf("  %-34s %10.1f   %.0f times ours  >= %.0f %s\n", peer.name.c_str(), peer.us, times, at_least,
                is_met ? "met" : "MISSED");
    return is_met;
}

}  // namespace gazetted
