-- Until the transaction ends nobody writes what a poll of this source came to.
-- $1 source
SELECT source_id FROM subscriptions WHERE source_id = $1 FOR UPDATE
