-- Forgets the keys of days that are over, and what is older than the days that are kept.
-- $1 today  $2 the first day that is kept
WITH keys AS (DELETE FROM poller_keys WHERE day < $1::date),
     pollers AS (DELETE FROM feed_pollers WHERE day < $2::date),
     habits AS (DELETE FROM reader_habits WHERE day < $2::date)
DELETE FROM feed_subscribers WHERE seen < $2::date
