-- What is remembered of a time that is to come was written before the clock was set back: it counts from now on, and whoever was
-- polled then is due now, not when that time has come. An hour is for nodes whose clocks differ.
UPDATE subscriptions
   SET next_poll = CASE WHEN last_poll > now() + interval '1 hour' THEN now()
                        WHEN last_whole > now() + interval '1 hour' THEN least(next_poll, now() + interval '1 hour') ELSE next_poll END,
       not_before = CASE WHEN last_poll > now() + interval '1 hour' THEN NULL ELSE not_before END,
       last_poll = CASE WHEN last_poll > now() THEN now() ELSE last_poll END,
       last_success = CASE WHEN last_success > now() THEN now() ELSE last_success END,
       last_whole = CASE WHEN last_whole > now() THEN now() ELSE last_whole END,
       moved_first = CASE WHEN moved_first > now() THEN now() ELSE moved_first END,
       gone_first = CASE WHEN gone_first > now() THEN now() ELSE gone_first END,
       error_since = CASE WHEN error_since > now() THEN now() ELSE error_since END
 WHERE greatest(last_poll, last_success, last_whole, moved_first, gone_first, error_since) > now() + interval '1 hour'
RETURNING source_id
