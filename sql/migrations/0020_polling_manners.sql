-- What polling keeps beyond 0011: whose turn it is, and until when an upstream asked to be left alone.

ALTER TABLE subscriptions
    ADD host       text        COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (lower(substring(feed_url FROM '^https?://(?:[^/?#]*@)?(\[[^]]*\]|[^/?#:]*)'))) STORED,
    ADD not_before timestamptz;
COMMENT ON COLUMN subscriptions.host IS 'Of feed_url: a host is asked for one feed at a time.';
COMMENT ON COLUMN subscriptions.not_before IS 'As Retry-After of the last answer says; null: it said nothing.';

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
       s.skip_hours, s.skip_days, s.upstream_id, s.upstream_title, s.upstream_home, microseconds(s.silent_after) AS silent_after,
       -- As they are followed. Each is [id, category, action, field, pattern, value, whether the value names a category of today].
       CASE WHEN EXISTS (SELECT FROM rules) THEN
           coalesce((SELECT jsonb_agg(jsonb_build_array(r.id, r.category, r.action, r.field, r.pattern, coalesce(c.slug, r.value), c.slug IS NOT NULL)
                                      ORDER BY r.category COLLATE "C", r.position)
                       FROM rules_of_sources r LEFT JOIN category_names k ON r.action = 'category' AND k.name = r.value COLLATE "C"
                       LEFT JOIN categories c ON c.id = k.category_id
                      WHERE r.source_id = s.source_id), '[]')
            ELSE '[]' END AS rules,
       s.host, microseconds(s.not_before) AS not_before
  FROM subscriptions s JOIN sources o ON o.id = s.source_id;
