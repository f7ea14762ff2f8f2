-- Seconds until the next subscription is due, 0 where one is; null where none is polled.
SELECT greatest(0, extract(epoch FROM min(next_poll) - now())) FROM subscriptions WHERE state = 'active'
