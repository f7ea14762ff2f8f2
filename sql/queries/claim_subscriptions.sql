-- Takes subscriptions that are due for one poll each, the longest due first: whoever dies with one has still asked, and nobody
-- asks again within the manners (daemon/poll_schedule.hpp). Other nodes take others.
-- $1 how many  $2 the claim  $3 seconds between two polls where the subscription says nothing
WITH due AS MATERIALIZED (
       SELECT source_id FROM subscriptions WHERE state = 'active' AND next_poll <= now()
        ORDER BY next_poll, source_id LIMIT $1 FOR UPDATE SKIP LOCKED)
UPDATE subscriptions s
   SET claim = $2::uuid, last_poll = now(), next_poll = now() + coalesce(s.conditional_min, make_interval(secs => $3))
  FROM due WHERE s.source_id = due.source_id
RETURNING s.source_id
