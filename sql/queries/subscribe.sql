-- A subscription of a source that has none; no row where another one has the feed's address or the source has one.
-- $1 source  $2 address  $3 whether private addresses are allowed  $4 credentials
INSERT INTO subscriptions (source_id, feed_url, allow_private, credentials) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING source_id
