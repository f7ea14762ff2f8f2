-- What a subscription keeps of its feed beyond validators: when the channel does not want to be asked, which feed it is, and from when
-- on its silence is unusual. And entries that upstream deletes.

ALTER TABLE subscriptions
    ADD skip_hours     int         NOT NULL DEFAULT 0 CHECK (skip_hours BETWEEN 0 AND 16777215),
    ADD skip_days      int         NOT NULL DEFAULT 0 CHECK (skip_days BETWEEN 0 AND 127),
    ADD upstream_id    text        NOT NULL DEFAULT '' CHECK (octet_length(upstream_id) <= 4096),
    ADD upstream_title text        NOT NULL DEFAULT '' CHECK (octet_length(upstream_title) <= 4096),
    ADD upstream_home  text        NOT NULL DEFAULT '' CHECK (octet_length(upstream_home) <= 4096),
    ADD silent_after   timestamptz;
COMMENT ON COLUMN subscriptions.skip_hours IS 'A bit for each hour in GMT in which the channel is not to be asked, the lowest for midnight.';
COMMENT ON COLUMN subscriptions.skip_days IS 'The same for days, the lowest bit for Sunday.';
COMMENT ON COLUMN subscriptions.upstream_id IS 'With upstream_title and upstream_home: what the feed called itself last; all empty: whatever answers is the feed.';
COMMENT ON COLUMN subscriptions.silent_after IS 'Without a new entry by then it has been silent beyond its usual; null where its entries do not say what is usual.';

CREATE OR REPLACE VIEW described_subscriptions AS
SELECT s.source_id, o.slug, o.title, o.url AS home_url, s.feed_url, s.state, s.user_agent, s.credentials, s.allow_private, s.language,
       s.content, extract(epoch FROM s.conditional_min)::bigint AS conditional_min_s,
       extract(epoch FROM s.whole_min)::bigint AS whole_min_s, extract(epoch FROM s.interval_max)::bigint AS interval_max_s,
       s.etag, s.last_modified, s.document_hash, s.wanted_interval, s.moved_to, s.moved_count,
       microseconds(s.moved_first) AS moved_first, s.gone_count, microseconds(s.gone_first) AS gone_first,
       microseconds(s.last_poll) AS last_poll, microseconds(s.last_success) AS last_success,
       microseconds(s.last_whole) AS last_whole, microseconds(s.next_poll) AS next_poll, s.failures, s.claim,
       s.status, s.error, microseconds(s.error_since) AS error_since, s.polls, s.unchanged, s.bytes_received, s.bytes_saved,
       coalesce((SELECT jsonb_agg(c.slug ORDER BY c.slug) FROM subscription_categories m JOIN categories c ON c.id = m.category_id
                  WHERE m.source_id = s.source_id), '[]') AS categories,
       s.skip_hours, s.skip_days, s.upstream_id, s.upstream_title, s.upstream_home, microseconds(s.silent_after) AS silent_after
  FROM subscriptions s JOIN sources o ON o.id = s.source_id;
