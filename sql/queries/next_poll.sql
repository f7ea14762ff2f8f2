-- Seconds until the next subscription is due, 0 where one is; no row where none is polled.
-- $1 hosts whose turn has not come: theirs do not count
SELECT greatest(0, extract(epoch FROM next_poll - now()))
  FROM subscriptions WHERE state = 'active' AND next_poll < 'infinity' AND host <> ALL ($1::text[])
 ORDER BY next_poll LIMIT 1
