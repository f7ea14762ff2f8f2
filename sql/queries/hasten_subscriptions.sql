-- What was polled at a time that is to come was so before the clock was set back: it is due now, and not when that time has come.
-- An hour is for nodes whose clocks differ.
UPDATE subscriptions SET next_poll = now(), last_poll = now()
 WHERE last_poll > now() + interval '1 hour'
RETURNING source_id
