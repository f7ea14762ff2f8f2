-- Subscriptions: upstream feeds that are polled. What one poll leaves for the next lies here, so that no restart and no other node
-- begins anew; which upstream entry became which article lies here too, so that none comes twice or comes back.

CREATE FUNCTION instant(microseconds bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN timestamptz '1970-01-01 UTC' + microseconds * interval '1 microsecond';

CREATE TABLE subscriptions (
    source_id         bigint      PRIMARY KEY REFERENCES sources ON DELETE CASCADE,
    feed_url          text        COLLATE "C" NOT NULL UNIQUE CHECK (feed_url ~ '^https?://[^[:space:]]+$' AND octet_length(feed_url) <= 4096),
    state             text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'gone')),
    -- What an operator chose; null or empty: as everywhere.
    conditional_min   interval    CHECK (conditional_min BETWEEN '1 minute' AND '30 days'),
    whole_min         interval    CHECK (whole_min BETWEEN '1 minute' AND '30 days'),
    interval_max      interval    CHECK (interval_max BETWEEN '1 minute' AND '30 days'),
    user_agent        text        NOT NULL DEFAULT '' CHECK (octet_length(user_agent) <= 512 AND user_agent !~ '[[:cntrl:]]'),
    credentials       text        NOT NULL DEFAULT '' CHECK (octet_length(credentials) <= 1024 AND credentials !~ '[[:cntrl:]]'),
    allow_private     boolean     NOT NULL DEFAULT false,
    language          text        NOT NULL DEFAULT '' CHECK (octet_length(language) <= 64),
    content           text        NOT NULL DEFAULT 'full' CHECK (content IN ('full', 'summary')),
    -- What upstream said.
    etag              text        NOT NULL DEFAULT '' CHECK (octet_length(etag) <= 4096),
    last_modified     text        NOT NULL DEFAULT '' CHECK (octet_length(last_modified) <= 512),
    document_hash     text        COLLATE "C" NOT NULL DEFAULT '',
    wanted_interval   bigint      NOT NULL DEFAULT 0 CHECK (wanted_interval >= 0),
    moved_to          text        NOT NULL DEFAULT '' CHECK (octet_length(moved_to) <= 4096),
    moved_count       int         NOT NULL DEFAULT 0,
    moved_first       timestamptz,
    gone_count        int         NOT NULL DEFAULT 0,
    gone_first        timestamptz,
    -- When.
    last_poll         timestamptz,
    last_success      timestamptz,
    last_whole        timestamptz,
    next_poll         timestamptz NOT NULL DEFAULT now(),
    failures          int         NOT NULL DEFAULT 0,
    claim             uuid,
    -- What an operator sees.
    status            int,
    error             text        NOT NULL DEFAULT '' CHECK (octet_length(error) <= 4096),
    error_since       timestamptz,
    polls             bigint      NOT NULL DEFAULT 0,
    unchanged         bigint      NOT NULL DEFAULT 0,
    bytes_received    bigint      NOT NULL DEFAULT 0,
    bytes_saved       bigint      NOT NULL DEFAULT 0,
    whole_bytes       bigint      NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
COMMENT ON TABLE subscriptions IS 'Upstream feeds that are polled, one a source.';
COMMENT ON COLUMN subscriptions.state IS 'paused: an operator said so; gone: upstream answered 410 again and again.';
COMMENT ON COLUMN subscriptions.credentials IS 'user:password for HTTP Basic, or "Bearer token"; shown by no command.';
COMMENT ON COLUMN subscriptions.wanted_interval IS 'Seconds that upstream asks for and its entries suggest.';
COMMENT ON COLUMN subscriptions.claim IS 'Who polls it now: the outcome is written by nobody else.';
COMMENT ON COLUMN subscriptions.bytes_saved IS 'What answers 304 would have cost, by the size of the last whole one.';
CREATE INDEX subscriptions_due ON subscriptions (next_poll, source_id) WHERE state = 'active';

CREATE TABLE subscription_categories (
    source_id   bigint NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    category_id bigint NOT NULL REFERENCES categories ON DELETE CASCADE,
    PRIMARY KEY (source_id, category_id)
);
COMMENT ON TABLE subscription_categories IS 'Which categories a subscription''s articles are filed under.';

CREATE TABLE upstream_entries (
    source_id  bigint      NOT NULL REFERENCES sources ON DELETE CASCADE,
    key        text        COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 2048),
    article_id text        COLLATE "C" REFERENCES articles ON DELETE SET NULL,
    link       text        COLLATE "C" NOT NULL DEFAULT '' CHECK (octet_length(link) <= 4096),
    hash       text        COLLATE "C" NOT NULL,
    first_seen timestamptz NOT NULL,
    PRIMARY KEY (source_id, key)
);
COMMENT ON TABLE upstream_entries IS 'Which upstream entry became which article. A row whose article was deleted keeps it from coming back.';
COMMENT ON COLUMN upstream_entries.key IS 'What tells the entry from its neighbours, from its id.';
COMMENT ON COLUMN upstream_entries.hash IS 'Of what matters: while it is the same the entry is unchanged.';
CREATE INDEX upstream_entries_by_link ON upstream_entries (source_id, link) WHERE link <> '';
CREATE INDEX upstream_entries_by_article ON upstream_entries (article_id);

CREATE TABLE upstream_documents (
    source_id    bigint      NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    is_good      boolean     NOT NULL,
    fetched      timestamptz NOT NULL,
    url          text        NOT NULL,
    content_type text        NOT NULL,
    bytes        bytea       NOT NULL CHECK (octet_length(bytes) <= 1048576),
    PRIMARY KEY (source_id, is_good)
);
COMMENT ON TABLE upstream_documents IS 'The first MiB of the last document that was a feed and of the last that was none, as they came.';

CREATE VIEW described_subscriptions AS
SELECT s.source_id, o.slug, o.title, o.url AS home_url, s.feed_url, s.state, s.user_agent, s.credentials, s.allow_private, s.language,
       s.content, extract(epoch FROM s.conditional_min)::bigint AS conditional_min_s,
       extract(epoch FROM s.whole_min)::bigint AS whole_min_s, extract(epoch FROM s.interval_max)::bigint AS interval_max_s,
       s.etag, s.last_modified, s.document_hash, s.wanted_interval, s.moved_to, s.moved_count,
       microseconds(s.moved_first) AS moved_first, s.gone_count, microseconds(s.gone_first) AS gone_first,
       microseconds(s.last_poll) AS last_poll, microseconds(s.last_success) AS last_success,
       microseconds(s.last_whole) AS last_whole, microseconds(s.next_poll) AS next_poll, s.failures, s.claim,
       s.status, s.error, microseconds(s.error_since) AS error_since, s.polls, s.unchanged, s.bytes_received, s.bytes_saved,
       coalesce((SELECT jsonb_agg(c.slug ORDER BY c.slug) FROM subscription_categories m JOIN categories c ON c.id = m.category_id
                  WHERE m.source_id = s.source_id), '[]') AS categories
  FROM subscriptions s JOIN sources o ON o.id = s.source_id;
COMMENT ON VIEW described_subscriptions IS 'Subscriptions with what belongs to them; times in microseconds since 1970, intervals in seconds.';
