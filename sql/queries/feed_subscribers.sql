-- What services said, since a day, of feeds.
-- $1 the first day  $2 paths; none: all
SELECT path, service, feed, subscribers, microseconds(seen) FROM feed_subscribers
 WHERE seen >= $1::date AND (cardinality($2::text[]) = 0 OR path = ANY ($2::text[]))
