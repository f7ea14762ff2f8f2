-- Until the transaction ends nobody writes what a poll of this source came to. Says whether somebody is polling it: who died with it
-- ten minutes ago is not.
-- $1 source
SELECT claim IS NOT NULL AND last_poll > now() - interval '10 minutes' FROM subscriptions WHERE source_id = $1 FOR UPDATE
