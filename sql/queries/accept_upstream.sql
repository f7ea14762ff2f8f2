-- Forgets which feed a subscription's was: whatever answers next is taken for it.
-- $1 source
UPDATE subscriptions SET upstream_id = '', upstream_title = '', upstream_home = '', document_hash = '' WHERE source_id = $1 RETURNING source_id
