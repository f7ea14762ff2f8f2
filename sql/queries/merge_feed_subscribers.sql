-- What services said last. In the order of the key, so that two nodes cannot deadlock.
-- $1 paths  $2 services  $3 their numbers of the feeds  $4 subscribers  $5 when last seen
INSERT INTO feed_subscribers AS known (path, service, feed, subscribers, seen)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[])
              AS row (path, service, feed, subscribers, seen) ORDER BY path, service, feed
    ON CONFLICT (path, service, feed) DO UPDATE SET subscribers = excluded.subscribers, seen = excluded.seen
 WHERE known.seen <= excluded.seen
