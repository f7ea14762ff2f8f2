-- The key of a day: the one that a node has chosen before, else the one given.
-- $1 day  $2 the key to be chosen
INSERT INTO poller_keys AS chosen (day, key) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET key = chosen.key RETURNING key
