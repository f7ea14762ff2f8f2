-- The source that is subscribed to the feed at an address; no row where none is.
-- $1 address
SELECT o.slug FROM subscriptions s JOIN sources o ON o.id = s.source_id WHERE s.feed_url = $1
