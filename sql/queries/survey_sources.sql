-- Subscriptions whose last poll failed, since when and why, and those that are silent beyond their usual, since when; one may be both.
-- Those that have been so for longest first.
-- $1 at most
SELECT s.slug, f.feed_url, f.error, CASE WHEN f.error <> '' THEN f.error_since END AS failing_since,
       CASE WHEN f.state = 'active' AND f.silent_after < now() THEN f.silent_after END AS silent_since
  FROM subscriptions f JOIN sources s ON s.id = f.source_id
 WHERE (f.error <> '' AND f.state <> 'paused') OR (f.state = 'active' AND f.silent_after < now())
 ORDER BY least(f.error_since, f.silent_after) NULLS FIRST, s.slug COLLATE "C" LIMIT $1
