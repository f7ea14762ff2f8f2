-- Writes what a poll came to, unless somebody else has the subscription meanwhile: no row then. A new address that another
-- subscription has is not taken; the row says which it is now, and how many bytes a validator saved.
-- $1 source  $2 the claim  $3 JSON of the new state, with the names of columns and times in microseconds since 1970
WITH told AS MATERIALIZED (SELECT $3::jsonb AS j)
UPDATE subscriptions s
   SET claim = NULL, state = CASE WHEN (j ->> 'has_ended')::boolean AND s.state = 'active' THEN 'gone' ELSE s.state END,
       feed_url = CASE WHEN EXISTS (SELECT FROM subscriptions o WHERE o.feed_url = j ->> 'feed_url') THEN s.feed_url
                       ELSE coalesce(j ->> 'feed_url', s.feed_url) END,
       etag = j ->> 'etag', last_modified = j ->> 'last_modified', document_hash = j ->> 'document_hash',
       wanted_interval = (j ->> 'wanted_interval')::bigint, skip_hours = (j ->> 'skip_hours')::int, skip_days = (j ->> 'skip_days')::int,
       upstream_id = coalesce(j ->> 'upstream_id', s.upstream_id), upstream_title = coalesce(j ->> 'upstream_title', s.upstream_title),
       upstream_home = coalesce(j ->> 'upstream_home', s.upstream_home), silent_after = instant((j ->> 'silent_after')::bigint),
       moved_to = j ->> 'moved_to', moved_count = (j ->> 'moved_count')::int, moved_first = instant((j ->> 'moved_first')::bigint),
       gone_count = (j ->> 'gone_count')::int, gone_first = instant((j ->> 'gone_first')::bigint),
       last_poll = instant((j ->> 'last_poll')::bigint), last_success = instant((j ->> 'last_success')::bigint),
       last_whole = instant((j ->> 'last_whole')::bigint), not_before = instant((j ->> 'not_before')::bigint),
       next_poll = instant((j ->> 'next_poll')::bigint),
       failures = (j ->> 'failures')::int, status = (j ->> 'status')::int, error = j ->> 'error',
       error_since = CASE WHEN j ->> 'error' = '' THEN NULL ELSE coalesce(s.error_since, now()) END,
       polls = s.polls + 1, unchanged = s.unchanged + ((j ->> 'is_unchanged')::boolean)::int,
       bytes_received = s.bytes_received + (j ->> 'bytes_received')::bigint,
       whole_bytes = coalesce((j ->> 'whole_bytes')::bigint, s.whole_bytes),
       bytes_saved = s.bytes_saved + CASE WHEN (j ->> 'is_unchanged')::boolean THEN s.whole_bytes ELSE 0 END
  FROM told
 WHERE s.source_id = $1 AND s.claim = $2::uuid
RETURNING s.feed_url, CASE WHEN (j ->> 'is_unchanged')::boolean THEN s.whole_bytes ELSE 0 END
