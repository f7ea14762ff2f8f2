-- Ends a subscription; its source and articles stay, and so does what its entries became.
-- $1 source
DELETE FROM subscriptions WHERE source_id = $1 RETURNING source_id
