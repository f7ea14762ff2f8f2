-- Seconds until the next subscription is due, 0 where one is; null where none is polled, which greatest() would take for 0.
SELECT CASE WHEN min(next_poll) <= now() THEN 0 ELSE extract(epoch FROM min(next_poll) - now()) END
  FROM subscriptions WHERE state = 'active' AND next_poll < 'infinity'
