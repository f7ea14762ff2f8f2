-- Rules: what an operator wants done with the articles of a subscription, or of a category, as they come
-- (docs/decisions/0015-rules.md); and what rules did, so that it can be told and undone.

CREATE TABLE rules (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   bigint      REFERENCES subscriptions ON DELETE CASCADE,
    category_id bigint      REFERENCES categories ON DELETE CASCADE,
    position    int         NOT NULL CHECK (position BETWEEN 1 AND 100),
    action      text        COLLATE "C" NOT NULL CHECK (action IN ('keep', 'drop', 'category', 'tag', 'language', 'rewrite', 'strip')),
    value       text        NOT NULL DEFAULT '' CHECK (octet_length(value) <= 4096),
    field       text        COLLATE "C" NOT NULL DEFAULT 'title' CHECK (field IN ('title', 'content', 'author', 'link', 'tag', 'language')),
    pattern     text        NOT NULL DEFAULT '' CHECK (octet_length(pattern) <= 1000),
    created     timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(source_id, category_id) = 1),
    UNIQUE (source_id, position) DEFERRABLE,
    UNIQUE (category_id, position) DEFERRABLE
);
COMMENT ON TABLE rules IS 'What is done with articles as they are polled: a source''s rules, then those of each category that it is in, by position.';
COMMENT ON COLUMN rules.value IS 'Of category (a slug), tag, language and rewrite (what stands where the pattern matches); else empty.';
COMMENT ON COLUMN rules.pattern IS 'A regular expression of RE2, matched anywhere in the field; empty: every article.';

CREATE TABLE rulings (
    article_id text        COLLATE "C" PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    undo       jsonb       NOT NULL CHECK (jsonb_typeof(undo) = 'object'),
    reasons    jsonb       NOT NULL CHECK (jsonb_typeof(reasons) = 'array'),
    withdrew   timestamptz
);
COMMENT ON TABLE rulings IS 'What rules did with stored articles.';
COMMENT ON COLUMN rulings.reasons IS 'Which rule did what and why, a sentence each.';
COMMENT ON COLUMN rulings.withdrew IS 'When a rule withdrew it. Where articles.withdrawn is something else, somebody thought otherwise since.';

CREATE TABLE dropped_articles (
    source_id  bigint      NOT NULL,
    key        text        COLLATE "C" NOT NULL,
    article_id text        COLLATE "C" NOT NULL,
    article    jsonb       NOT NULL,
    reason     text        NOT NULL,
    dropped    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_id, key),
    FOREIGN KEY (source_id, key) REFERENCES upstream_entries ON DELETE CASCADE
);
COMMENT ON TABLE dropped_articles IS 'What a rule dropped before anybody saw it, as it came: the newest 1,000 of a source, so that they can come back.';
CREATE INDEX dropped_articles_by_article ON dropped_articles (article_id);

-- Categories by their slugs of today; what was deleted is left out.
CREATE FUNCTION slugs_now(slugs jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT coalesce(jsonb_agg(DISTINCT c.slug ORDER BY c.slug), '[]')
          FROM jsonb_array_elements_text(slugs) AS named (slug)
          JOIN category_names k ON k.name = named.slug COLLATE "C" JOIN categories c ON c.id = k.category_id);

CREATE VIEW rules_of_sources AS
SELECT r.source_id, '' AS category, r.position, r.id, r.action, r.field, r.pattern, r.value FROM rules r WHERE r.source_id IS NOT NULL
 UNION ALL
SELECT m.source_id, c.slug, r.position, r.id, r.action, r.field, r.pattern, r.value
  FROM (SELECT source_id, category_id FROM subscription_categories
         UNION
        SELECT f.source_id, k.category_id FROM rules f JOIN category_names k ON k.name = f.value COLLATE "C"
         WHERE f.action = 'category' AND f.source_id IS NOT NULL) AS m
  JOIN rules r ON r.category_id = m.category_id JOIN categories c ON c.id = r.category_id;
COMMENT ON VIEW rules_of_sources IS 'Which rules concern a subscription: its own, and those of the categories that it, or a rule of its own, files under.';

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
            ELSE '[]' END AS rules
  FROM subscriptions s JOIN sources o ON o.id = s.source_id;

-- A category that is merged takes its subscriptions and its rules along.
CREATE OR REPLACE FUNCTION merge_category(merged text, survivor text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    merged_id   bigint := (SELECT id FROM categories WHERE slug = merged);
    survivor_id bigint := (SELECT id FROM categories WHERE slug = survivor);
BEGIN
    IF merged_id IS NULL OR survivor_id IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = format('there is no category %s', CASE WHEN merged_id IS NULL THEN merged ELSE survivor END);
    END IF;
    IF merged_id = survivor_id THEN RAISE invalid_parameter_value USING MESSAGE = 'a category cannot be merged into itself'; END IF;
    PERFORM FROM categories WHERE id IN (merged_id, survivor_id) ORDER BY id FOR UPDATE;
    INSERT INTO article_categories (article_id, category_id)
    SELECT article_id, survivor_id FROM article_categories m
     WHERE category_id = merged_id
       AND NOT EXISTS (SELECT FROM article_categories o WHERE o.article_id = m.article_id AND o.category_id = survivor_id)
     ORDER BY article_id ON CONFLICT DO NOTHING;
    INSERT INTO subscription_categories (source_id, category_id)
    SELECT source_id, survivor_id FROM subscription_categories WHERE category_id = merged_id ORDER BY source_id ON CONFLICT DO NOTHING;
    UPDATE rules SET category_id = survivor_id,
                     position = position + (SELECT coalesce(max(position), 0) FROM rules WHERE category_id = survivor_id)
     WHERE category_id = merged_id;
    UPDATE former_names SET selection_id = survivor_id WHERE selection_id = merged_id;
    DELETE FROM categories WHERE id = merged_id;
    PERFORM note_former_name('category', merged, survivor, survivor_id);
    PERFORM touch(array[survivor_id]);
END $$;
