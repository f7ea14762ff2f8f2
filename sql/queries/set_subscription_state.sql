-- Pauses or resumes a subscription. One that was gone begins to count anew; none is due sooner than it was.
-- $1 source  $2 state
UPDATE subscriptions SET state = $2, gone_count = 0, gone_first = NULL WHERE source_id = $1 RETURNING source_id
