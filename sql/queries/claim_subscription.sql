-- The same for one source, whenever it is due; no row where somebody else has it now.
-- $1 source  $2 the claim  $3 seconds between two polls where the subscription says nothing
WITH due AS MATERIALIZED (SELECT source_id FROM subscriptions WHERE source_id = $1 FOR UPDATE SKIP LOCKED)
UPDATE subscriptions s
   SET claim = $2::uuid, last_poll = now(), next_poll = now() + coalesce(s.conditional_min, make_interval(secs => $3))
  FROM due WHERE s.source_id = due.source_id
RETURNING s.source_id
