#pragma once

#include "daemon/store_session.hpp"

#include <boost/json.hpp>

#include <vector>

namespace gazetted {

/// As described_subscriptions has them.
std::vector<Rule> rules_of(const boost::json::value&);

/// A rule dropped it, and nobody has seen it.
bool is_dropped_unseen(const UpstreamEntry&);

/// What rules did with a poll's entries, whose articles are written and noted. Where there are no rules, and there were none
/// when the entries came before, nothing is asked.
void note_rulings(pqxx::work&, const Subscription&, const std::vector<UpstreamEntry>&);

}  // namespace gazetted
