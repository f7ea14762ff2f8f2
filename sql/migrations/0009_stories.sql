-- One story told by several sources is shown once, and no source floods a feed (docs/decisions/0013-stories.md).
-- Only articles that have a source are concerned.

ALTER TABLE articles
    ADD apart  boolean NOT NULL DEFAULT false,
    ADD retold boolean NOT NULL DEFAULT false,
    ADD rises  boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN articles.apart IS 'Told apart from every other article, however alike; what parts a story that was joined wrongly.';
COMMENT ON COLUMN articles.retold IS 'Another article leads its story, and is shown instead where both belong; kept by triggers.';
COMMENT ON COLUMN articles.rises IS 'False: in the history and on pages, but never at the top of a feed. Set where too many of a source came at once.';

ALTER TABLE site ADD burst_max int NOT NULL DEFAULT 20 CHECK (burst_max >= 0);
ALTER TABLE sources ADD burst_max int CHECK (burst_max >= 0);
COMMENT ON COLUMN site.burst_max IS 'New articles of one source within an hour that rise to the top of feeds; 0: all of them.';
COMMENT ON COLUMN sources.burst_max IS 'Null: the site''s.';
-- Those that nobody subscribes to are sites that somebody imported.
UPDATE sources o SET burst_max = 0 WHERE NOT EXISTS (SELECT FROM subscriptions s WHERE s.source_id = o.id);

ALTER TABLE article_categories ADD rises boolean NOT NULL DEFAULT true, ALTER shown DROP NOT NULL;
ALTER TABLE article_selections ADD rises boolean NOT NULL DEFAULT true, ALTER shown DROP NOT NULL;
COMMENT ON COLUMN article_categories.shown IS 'False: withdrawn. Null: an earlier article of its story is shown here instead.';
COMMENT ON TABLE article_categories IS 'Writers give article_id and category_id; published, rises and shown follow the article by trigger.';

-- What is shown, in its order: what rises before what does not, then newest first.
DROP INDEX articles_newest, articles_by_source, articles_withdrawn, article_categories_newest, article_categories_hidden,
           article_selections_newest;
CREATE INDEX articles_newest ON articles (rises DESC, published DESC, id DESC) WHERE withdrawn IS NULL AND NOT retold;
CREATE INDEX articles_withdrawn ON articles (published DESC, id DESC) WHERE withdrawn IS NOT NULL AND rises;
CREATE INDEX articles_by_source ON articles (source_id, first_seen);
CREATE INDEX article_categories_newest ON article_categories (category_id, rises DESC, published DESC, article_id DESC) WHERE shown;
CREATE INDEX article_categories_hidden ON article_categories (category_id, published DESC, article_id DESC) WHERE NOT shown AND rises;
CREATE INDEX article_categories_retold ON article_categories (category_id, rises DESC, published DESC, article_id DESC) WHERE shown IS NULL;
CREATE INDEX article_selections_newest ON article_selections (selection_id, shown, rises DESC, published DESC, article_id DESC);

DROP VIEW members;
CREATE VIEW members AS
SELECT 0::bigint AS selection_id, id AS article_id, rises, published,
       withdrawn IS NULL AND NOT retold AS shown, withdrawn IS NOT NULL AS is_withdrawn, false AS is_retold
  FROM articles
 UNION ALL
SELECT category_id, article_id, rises, published, shown, NOT shown, shown IS NULL FROM article_categories
 UNION ALL
SELECT selection_id, article_id, rises, published, shown, NOT shown, shown IS NULL FROM article_selections;
COMMENT ON VIEW members IS 'What belongs to a category, tag, author or source, or (0) to the site, whichever it is. Who is retold is asked for combinations, which the site is no part of.';

-- --- Which articles tell one story ------------------------------------------------------------------------------------------

-- One address however it is written: no scheme, default port, fragment or tracking parameter (those of
-- feeds/tracking_parameters.cpp), the host in lower case. Null for a site's front page, which tells no story.
CREATE FUNCTION url_key(url text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(lower(host) || path || query)::uuid
      FROM (SELECT regexp_replace(substring(url FROM '^[a-zA-Z]+://([^/?#]*)'),
                                  CASE WHEN url ~* '^https' THEN ':(443)?$' ELSE ':(80)?$' END, '') AS host,
                   coalesce(nullif(substring(url FROM '^[a-zA-Z]+://[^/?#]*([^?#]*)'), ''), '/') AS path,
                   CASE WHEN strpos(url, '?') = 0 THEN '' ELSE
                       regexp_replace(regexp_replace(coalesce(substring(url FROM '^[^?#]*(\?[^#]*)'), ''),
                           '([?&])(((utm|mtm|hsa)_[^=&]*|_ga|_gl|_hsenc|_hsmi|_openstat|action_(object|ref|type)_map|dclid|fbclid|'
                           'gbraid|gclid|gclsrc|hsctatracking|igshid|li_fat_id|mc_cid|mc_eid|mkt_tok|msclkid|oly_(anon|enc)_id|'
                           'rb_clickid|srsltid|ttclid|twclid|vero_conv|vero_id|wbraid|wickedid|yclid|ysclid)(=[^&]*)?(&|$))+',
                           '\1', 'gi'), '[?&]$', '')
                   END AS query) AS parts
     WHERE path <> '/' OR query <> '';
$$;

-- Letters and digits alone, however wide, large or spaced they are written.
CREATE FUNCTION bare_text(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(searchable(words), ' ', '');

CREATE FUNCTION title_key(title text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(bare)::uuid FROM (SELECT bare_text(title) AS bare) AS titles WHERE bare <> '';
$$;

-- How the text of an article begins.
CREATE FUNCTION story_words(content text, summary text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(bare_text(text_of_html(left(CASE WHEN content = '' THEN summary ELSE content END, 8000))), 600);

-- Whether three in five pieces of six characters of the shorter text are in the longer one. A text too short for eight pieces is
-- like none: it could be anybody's.
CREATE FUNCTION are_alike(a text, b text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    shorter text := CASE WHEN length(a) <= length(b) THEN a ELSE b END;
    longer  text := CASE WHEN length(a) <= length(b) THEN b ELSE a END;
BEGIN
    RETURN length(shorter) >= 48 AND
           (a = b OR (SELECT count(*) FILTER (WHERE strpos(longer, substr(shorter, place, 6)) > 0) >= 0.6 * count(*)
                        FROM generate_series(1, length(shorter) - 5, 6) AS place));
END $$;

-- No foreign keys in these three: follow_stories() has to see what a deleted article was joined with.
CREATE TABLE story_keys (
    article_id text        COLLATE "C" PRIMARY KEY,
    source_id  bigint      NOT NULL,
    published  timestamptz NOT NULL,
    url_key    uuid,
    title_key  uuid,
    words      text        COLLATE "C"
);
COMMENT ON TABLE story_keys IS 'What may join articles that have a source and are neither withdrawn nor apart; kept by triggers.';
COMMENT ON COLUMN story_keys.words IS 'How the text begins; null until another source uses the title.';
-- With the source before the time: a source may call thousands of articles the same.
CREATE INDEX story_keys_by_url ON story_keys (url_key, source_id) WHERE url_key IS NOT NULL;
CREATE INDEX story_keys_by_title ON story_keys (title_key, source_id, published, article_id) WHERE title_key IS NOT NULL;

CREATE TABLE story_pairs (
    article_id text COLLATE "C" NOT NULL,
    other_id   text COLLATE "C" NOT NULL,
    reason     text COLLATE "C" NOT NULL CHECK (reason IN ('url', 'text')),
    PRIMARY KEY (article_id, other_id)
);
COMMENT ON TABLE story_pairs IS 'Articles of two sources that tell one story, each pair in both orders; kept by triggers.';
COMMENT ON COLUMN story_pairs.reason IS 'url: the same address; text: the same title within 48 hours, and nearly the same text.';

CREATE TABLE stories (
    article_id text        COLLATE "C" PRIMARY KEY,
    lead_id    text        COLLATE "C" NOT NULL,
    published  timestamptz NOT NULL
);
COMMENT ON TABLE stories IS 'Articles that others tell as well, and which article leads them; kept by triggers.';
COMMENT ON COLUMN stories.lead_id IS 'The earliest article that it makes a pair with and that follows no other itself; its own id: it leads.';
CREATE INDEX stories_by_lead ON stories (lead_id, published, article_id);

CREATE VIEW story_reasons AS
SELECT s.article_id, s.lead_id, p.other_id, o.source_id AS other_source_id, p.reason
  FROM stories s JOIN story_pairs p ON p.article_id = s.article_id JOIN story_keys o ON o.article_id = p.other_id;
COMMENT ON VIEW story_reasons IS 'Why an article counts as telling a story that others tell: with which of them it makes a pair, by what, and which one leads.';

-- Everybody whose story is one of theirs, themselves included.
CREATE FUNCTION story_mates(ids text[]) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = gazetted, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
    SELECT array(SELECT DISTINCT mate.article_id FROM stories s JOIN stories mate ON mate.lead_id = s.lead_id WHERE s.article_id = ANY (ids));
$$;
REVOKE EXECUTE ON FUNCTION story_mates FROM PUBLIC;

-- A source's nearest articles with the same address, or the same title within 48 hours: while there are any, that address or
-- title says nothing of what an article tells. Farther ones have been somebody's nearest before.
CREATE FUNCTION story_twins(ids text[]) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = gazetted, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
    SELECT array(SELECT DISTINCT twin.article_id FROM story_keys k CROSS JOIN LATERAL (
        (SELECT o.article_id FROM story_keys o
          WHERE o.url_key = k.url_key AND o.source_id = k.source_id AND o.article_id <> k.article_id LIMIT 2)
        UNION ALL
        (SELECT o.article_id FROM story_keys o
          WHERE o.title_key = k.title_key AND o.published BETWEEN k.published - interval '48 hours' AND k.published
            AND o.source_id = k.source_id AND (o.published, o.article_id) < (k.published, k.article_id)
          ORDER BY o.published DESC, o.article_id DESC LIMIT 1)
        UNION ALL
        (SELECT o.article_id FROM story_keys o
          WHERE o.title_key = k.title_key AND o.published BETWEEN k.published AND k.published + interval '48 hours'
            AND o.source_id = k.source_id AND (o.published, o.article_id) > (k.published, k.article_id)
          ORDER BY o.published, o.article_id LIMIT 1)) AS twin
     WHERE k.article_id = ANY (ids));
$$;
REVOKE EXECUTE ON FUNCTION story_twins FROM PUBLIC;

-- Makes story_pairs right for these articles, whatever they were; returns everybody who was or is in a pair with one of them.
CREATE FUNCTION pair_stories(ids text[]) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gazetted, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    window_hours constant interval := '48 hours';
    others text[] := array(SELECT other_id FROM story_pairs WHERE article_id = ANY (ids));
    clear_titles text[];
BEGIN
    WITH gone AS (DELETE FROM story_pairs WHERE article_id = ANY (ids) RETURNING article_id, other_id)
    DELETE FROM story_pairs p USING gone WHERE p.article_id = gone.other_id AND p.other_id = gone.article_id;

    WITH found AS (
        SELECT k.article_id, o.article_id AS other_id
          FROM story_keys k CROSS JOIN LATERAL
               (SELECT o.article_id FROM story_keys o
                 WHERE o.url_key = k.url_key AND o.source_id <> k.source_id
                   AND NOT EXISTS (SELECT FROM story_keys t WHERE t.url_key = o.url_key AND t.source_id = o.source_id AND t.article_id <> o.article_id OFFSET 0)
                OFFSET 0) AS o
         WHERE k.article_id = ANY (ids)
           AND NOT EXISTS (SELECT FROM story_keys t WHERE t.url_key = k.url_key AND t.source_id = k.source_id AND t.article_id <> k.article_id OFFSET 0))
    INSERT INTO story_pairs (article_id, other_id, reason)
    SELECT article_id, other_id, 'url' FROM found UNION SELECT other_id, article_id, 'url' FROM found;

    -- Whose title is theirs alone in their source, and used by another source.
    clear_titles := array(
        SELECT k.article_id FROM story_keys k
         WHERE k.article_id = ANY (ids)
           AND NOT EXISTS (SELECT FROM story_keys t
                            WHERE t.title_key = k.title_key AND t.published BETWEEN k.published - window_hours AND k.published + window_hours
                              AND t.source_id = k.source_id AND t.article_id <> k.article_id OFFSET 0)
           AND EXISTS (SELECT FROM story_keys t
                        WHERE t.title_key = k.title_key AND t.published BETWEEN k.published - window_hours AND k.published + window_hours
                          AND t.source_id <> k.source_id OFFSET 0));
    IF cardinality(clear_titles) > 0 THEN
        UPDATE story_keys k SET words = story_words(a.content, a.summary)
          FROM articles a
         WHERE a.id = k.article_id AND k.words IS NULL AND k.article_id = ANY (
               array(SELECT o.article_id FROM story_keys t JOIN story_keys o
                         ON o.title_key = t.title_key AND o.published BETWEEN t.published - window_hours AND t.published + window_hours
                      WHERE t.article_id = ANY (clear_titles)));
        WITH found AS (
            SELECT k.article_id, o.article_id AS other_id
              FROM story_keys k CROSS JOIN LATERAL
                   (SELECT o.article_id FROM story_keys o
                     WHERE o.title_key = k.title_key AND o.published BETWEEN k.published - window_hours AND k.published + window_hours
                       AND o.source_id <> k.source_id
                       AND NOT EXISTS (SELECT FROM story_keys t
                                        WHERE t.title_key = o.title_key AND t.published BETWEEN o.published - window_hours AND o.published + window_hours
                                          AND t.source_id = o.source_id AND t.article_id <> o.article_id OFFSET 0)
                       AND NOT EXISTS (SELECT FROM story_pairs p WHERE p.article_id = k.article_id AND p.other_id = o.article_id OFFSET 0)
                       -- Of two that are both asked about, one asks.
                       AND (k.article_id < o.article_id OR NOT o.article_id = ANY (clear_titles))
                       AND are_alike(k.words, o.words)
                    OFFSET 0) AS o
             WHERE k.article_id = ANY (clear_titles))
        INSERT INTO story_pairs (article_id, other_id, reason)
        SELECT article_id, other_id, 'text' FROM found UNION SELECT other_id, article_id, 'text' FROM found;
    END IF;
    RETURN others || array(SELECT other_id FROM story_pairs WHERE article_id = ANY (ids));
END $$;
REVOKE EXECUTE ON FUNCTION pair_stories FROM PUBLIC;

-- Makes stories right for these articles and whoever comes after them in a chain of pairs: each article follows the earliest
-- that it makes a pair with and that follows nobody. Returns whose story changed.
CREATE FUNCTION lead_stories(ids text[]) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gazetted, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    undecided text[];
    before    stories[];
    after     stories[];
    changed   text[];
BEGIN
    WITH RECURSIVE later AS (
        SELECT unnest(ids) COLLATE "C" AS id
         UNION
        SELECT o.article_id
          FROM later JOIN story_keys k ON k.article_id = later.id JOIN story_pairs p ON p.article_id = k.article_id
                     JOIN story_keys o ON o.article_id = p.other_id
         WHERE (o.published, o.article_id) > (k.published, k.article_id))
    SELECT array_agg(id) INTO undecided FROM later;
    before := array(SELECT s FROM stories s WHERE article_id = ANY (undecided));
    DELETE FROM stories WHERE article_id = ANY (undecided);
    -- Those whom nobody undecided comes before; as many rounds as the longest chain has links.
    LOOP
        INSERT INTO stories (article_id, lead_id, published)
        SELECT k.article_id,
               coalesce((SELECT s.article_id
                           FROM story_pairs p CROSS JOIN LATERAL (SELECT * FROM stories WHERE article_id = p.other_id OFFSET 0) AS s
                          WHERE p.article_id = k.article_id AND s.lead_id = s.article_id
                            AND (s.published, s.article_id) < (k.published, k.article_id)
                          ORDER BY s.published, s.article_id LIMIT 1), k.article_id),
               k.published
          FROM story_keys k
         WHERE k.article_id = ANY (undecided)
           AND EXISTS (SELECT FROM story_pairs p WHERE p.article_id = k.article_id OFFSET 0)
           AND NOT EXISTS (SELECT FROM stories s WHERE s.article_id = k.article_id OFFSET 0)
           AND NOT EXISTS (SELECT FROM story_pairs p JOIN story_keys o ON o.article_id = p.other_id
                            WHERE p.article_id = k.article_id AND (o.published, o.article_id) < (k.published, k.article_id)
                              AND NOT EXISTS (SELECT FROM stories s WHERE s.article_id = o.article_id OFFSET 0) OFFSET 0);
        EXIT WHEN NOT FOUND;
    END LOOP;
    after := array(SELECT s FROM stories s WHERE article_id = ANY (undecided));
    changed := array(SELECT DISTINCT unnest(ARRAY [article_id, lead_id])
                       FROM ((SELECT * FROM unnest(before) EXCEPT SELECT * FROM unnest(after))
                             UNION ALL
                             (SELECT * FROM unnest(after) EXCEPT SELECT * FROM unnest(before))) AS moved);
    RETURN changed || story_mates(changed);
END $$;
REVOKE EXECUTE ON FUNCTION lead_stories FROM PUBLIC;

-- Whether an earlier article of its story belongs there too. Asked of retold articles only.
CREATE FUNCTION told_in_category(article text, category bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = gazetted, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM stories s JOIN stories mate ON mate.lead_id = s.lead_id
                     JOIN article_categories c ON c.article_id = mate.article_id AND c.category_id = category
                    WHERE s.article_id = article AND (mate.published, mate.article_id) < (s.published, s.article_id));
END $$;
CREATE FUNCTION told_in_selection(article text, selection bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = gazetted, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM stories s JOIN stories mate ON mate.lead_id = s.lead_id
                     JOIN article_selections m ON m.article_id = mate.article_id AND m.selection_id = selection
                    WHERE s.article_id = article AND (mate.published, mate.article_id) < (s.published, s.article_id));
END $$;

-- What the column shown says of an article.
CREATE FUNCTION shown_in_category(a articles, category bigint) RETURNS boolean LANGUAGE sql STABLE
RETURN CASE WHEN a.withdrawn IS NOT NULL THEN false WHEN NOT a.retold THEN true WHEN told_in_category(a.id, category) THEN NULL ELSE true END;
CREATE FUNCTION shown_in_selection(a articles, selection bigint) RETURNS boolean LANGUAGE sql STABLE
RETURN CASE WHEN a.withdrawn IS NOT NULL THEN false WHEN NOT a.retold THEN true WHEN told_in_selection(a.id, selection) THEN NULL ELSE true END;

-- Makes `shown` right wherever these articles, whole stories, belong. One transaction at a time: of two that put two articles of
-- a story into one category, the later one sees both.
CREATE FUNCTION show_stories(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    selection_ids bigint[];
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('gazetted.stories'), 64);
    UPDATE article_categories c SET shown = shown_in_category(a, c.category_id)
      FROM articles a
     WHERE c.article_id = ANY (ids) AND a.id = c.article_id AND c.shown IS DISTINCT FROM shown_in_category(a, c.category_id);
    WITH changed AS (
        UPDATE article_selections m SET shown = shown_in_selection(a, m.selection_id)
          FROM articles a
         WHERE m.article_id = ANY (ids) AND a.id = m.article_id AND m.shown IS DISTINCT FROM shown_in_selection(a, m.selection_id)
        RETURNING m.selection_id)
    SELECT array_agg(DISTINCT selection_id) INTO selection_ids FROM changed;
    PERFORM touch(coalesce(selection_ids, '{}'));
END $$;
REVOKE EXECUTE ON FUNCTION show_stories FROM PUBLIC;

-- Makes all of it follow articles that were inserted, changed or deleted. Writers whose articles share an address or a title
-- wait for each other, so that the later one sees the earlier one's; by 64 locks, since a transaction cannot hold one a key.
CREATE FUNCTION follow_stories(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gazetted, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    keys      story_keys[];
    concerned text[];
    revised   text[];
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    keys := array(SELECT ROW (a.id, a.source_id, a.published, url_key(a.url), title_key(a.title), NULL)::story_keys FROM articles a
                   WHERE a.id = ANY (ids) AND a.source_id IS NOT NULL AND a.withdrawn IS NULL AND NOT a.apart);
    PERFORM pg_advisory_xact_lock(hashtext('gazetted.stories'), stripe)
       FROM (SELECT DISTINCT hashtext(key::text) & 63 AS stripe
               FROM (SELECT url_key, title_key FROM story_keys WHERE article_id = ANY (ids)
                      UNION ALL SELECT url_key, title_key FROM unnest(keys)) AS k CROSS JOIN LATERAL (VALUES (url_key), (title_key)) AS v (key)
              WHERE key IS NOT NULL ORDER BY 1) AS stripes;
    revised := story_mates(ids);
    concerned := story_twins(ids);
    DELETE FROM story_keys WHERE article_id = ANY (ids);
    INSERT INTO story_keys SELECT * FROM unnest(keys);
    concerned := array(SELECT unnest(concerned)
                        UNION SELECT unnest(story_twins(ids))
                        UNION SELECT article_id FROM story_pairs WHERE article_id = ANY (ids)
                        UNION SELECT k.article_id FROM story_keys k
                               WHERE k.article_id = ANY (ids)
                                 AND (EXISTS (SELECT FROM story_keys o WHERE o.url_key = k.url_key AND o.source_id < k.source_id OFFSET 0)
                                      OR EXISTS (SELECT FROM story_keys o WHERE o.url_key = k.url_key AND o.source_id > k.source_id OFFSET 0)
                                      OR EXISTS (SELECT FROM story_keys o
                                                  WHERE o.title_key = k.title_key AND o.source_id < k.source_id
                                                    AND o.published BETWEEN k.published - interval '48 hours' AND k.published + interval '48 hours' OFFSET 0)
                                      OR EXISTS (SELECT FROM story_keys o
                                                  WHERE o.title_key = k.title_key AND o.source_id > k.source_id
                                                    AND o.published BETWEEN k.published - interval '48 hours' AND k.published + interval '48 hours' OFFSET 0)));
    IF cardinality(concerned) = 0 THEN RETURN; END IF;
    concerned := concerned || pair_stories(concerned);
    revised := array(SELECT unnest(revised) UNION SELECT unnest(lead_stories(concerned)));
    -- Their entries name each other, and `retold` follows.
    UPDATE articles SET revision = 0
     WHERE id IN (SELECT id FROM articles WHERE id = ANY (revised) ORDER BY id FOR NO KEY UPDATE);
    PERFORM show_stories(revised);
END $$;
REVOKE EXECUTE ON FUNCTION follow_stories FROM PUBLIC;

-- --- How many of a source rise at once --------------------------------------------------------------------------------------

-- Of these new articles the newest rise, as many as their source has left of what it may bring within an hour.
CREATE FUNCTION hold_bursts(ids text[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
    WITH came AS MATERIALIZED (SELECT id, source_id, published, first_seen FROM articles WHERE id = ANY (ids) AND rises),
         room AS MATERIALIZED (
           SELECT b.source_id, coalesce(s.burst_max, site.burst_max) AS most,
                  (SELECT count(*) FROM articles o
                    WHERE o.source_id = b.source_id AND o.first_seen BETWEEN b.first_seen - interval '1 hour' AND b.first_seen AND o.rises) - b.came AS before
             FROM (SELECT source_id, max(first_seen) AS first_seen, count(*) AS came FROM came GROUP BY source_id) AS b
             JOIN sources s ON s.id = b.source_id CROSS JOIN site
            WHERE coalesce(s.burst_max, site.burst_max) > 0)
    UPDATE articles SET rises = false
     WHERE id IN (SELECT id FROM (SELECT c.id, r.most - r.before AS left_over, row_number() OVER (PARTITION BY c.source_id ORDER BY c.published DESC, c.id DESC) AS nth
                                    FROM came c JOIN room r ON r.source_id = c.source_id) AS ranked
                   WHERE nth > left_over);
$$;
REVOKE EXECUTE ON FUNCTION hold_bursts FROM PUBLIC;

-- --- The triggers that call them --------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION insert_article() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF NEW.id IS NULL THEN
        IF NEW.url IS NULL THEN
            RAISE not_null_violation USING MESSAGE = 'an article needs a url or an id', HINT = 'give one of the columns url and id';
        END IF;
        -- RFC 9562 version 8: the same url gives the same id, so that a repeated insert meets its own row.
        NEW.id := 'urn:uuid:' || overlay(overlay(md5(NEW.url) PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid;
    END IF;
    NEW.retold := false;
    NEW.revision := nextval('article_revisions');
    NEW.changed := clock_timestamp();
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION revise_article() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id THEN
        RAISE check_violation USING MESSAGE = 'an article keeps its id for life', HINT = 'withdraw this article and insert another';
    END IF;
    NEW.retold := (OLD.source_id IS NOT NULL OR OLD.retold) AND EXISTS (SELECT FROM stories WHERE article_id = OLD.id AND lead_id <> OLD.id);
    NEW.revision := nextval('article_revisions');
    NEW.changed := greatest(clock_timestamp(), OLD.changed);
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION articles_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    from_sources text[] := array(SELECT id FROM touched_rows WHERE source_id IS NOT NULL);
BEGIN
    IF NOT EXISTS (SELECT FROM touched_rows) THEN RETURN NULL; END IF;
    PERFORM touch('{0}');
    PERFORM hold_bursts(from_sources);
    PERFORM select_articles(array(SELECT id FROM touched_rows WHERE source_id IS NOT NULL OR authors <> '[]'));
    PERFORM follow_stories(from_sources);
    RETURN NULL;
END $$;

CREATE FUNCTION articles_deleted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM touched_rows) THEN RETURN NULL; END IF;
    PERFORM touch('{0}');
    PERFORM follow_stories(array(SELECT id FROM touched_rows WHERE source_id IS NOT NULL));
    RETURN NULL;
END $$;
DROP TRIGGER articles_deleted ON articles;
CREATE TRIGGER articles_deleted AFTER DELETE ON articles REFERENCING OLD TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION articles_deleted();
DROP FUNCTION articles_inserted_or_deleted();

CREATE OR REPLACE FUNCTION articles_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids text[] := array(SELECT id FROM (SELECT id, revision FROM new_rows EXCEPT SELECT id, revision FROM old_rows) AS changed);
BEGIN
    IF cardinality(ids) = 0 THEN RETURN NULL; END IF;
    UPDATE article_categories c SET published = a.published, rises = a.rises, shown = shown_in_category(a, c.category_id)
      FROM articles a
     WHERE c.article_id = ANY (ids) AND a.id = c.article_id
       AND (c.published, c.rises, c.shown) IS DISTINCT FROM (a.published, a.rises, shown_in_category(a, c.category_id));
    UPDATE article_selections m SET published = a.published, rises = a.rises, shown = shown_in_selection(a, m.selection_id)
      FROM articles a
     WHERE m.article_id = ANY (ids) AND a.id = m.article_id
       AND (m.published, m.rises, m.shown) IS DISTINCT FROM (a.published, a.rises, shown_in_selection(a, m.selection_id));
    PERFORM select_articles(array(SELECT DISTINCT id FROM (SELECT id, source_id, authors FROM new_rows
                                                    EXCEPT SELECT id, source_id, authors FROM old_rows) AS moved));
    PERFORM touch(array(SELECT category_id FROM article_categories WHERE article_id = ANY (ids)
                        UNION SELECT selection_id FROM article_selections WHERE article_id = ANY (ids)) || 0::bigint);
    PERFORM follow_stories(array(
        SELECT DISTINCT id FROM (
               SELECT id, source_id, url, title, published, withdrawn, apart, hashtextextended(content, 0), hashtextextended(summary, 0) FROM new_rows
        EXCEPT SELECT id, source_id, url, title, published, withdrawn, apart, hashtextextended(content, 0), hashtextextended(summary, 0) FROM old_rows) AS told
         WHERE source_id IS NOT NULL OR EXISTS (SELECT FROM story_keys k WHERE k.article_id = told.id)));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION copy_article_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    is_ours boolean;
BEGIN
    SELECT published, rises, shown_in_category(a, NEW.category_id), xmin = pg_current_xact_id()::xid
      INTO NEW.published, NEW.rises, NEW.shown, is_ours FROM articles a WHERE id = NEW.article_id;
    IF is_ours IS NOT TRUE THEN
        SELECT published, rises, shown_in_category(a, NEW.category_id) INTO NEW.published, NEW.rises, NEW.shown
          FROM articles a WHERE id = NEW.article_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RAISE foreign_key_violation USING MESSAGE = format('there is no article with the id %L', NEW.article_id);
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION article_categories_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids text[] := array(SELECT DISTINCT article_id FROM touched_rows);
BEGIN
    PERFORM touch(array(SELECT DISTINCT category_id FROM touched_rows));
    PERFORM revise_articles(ids);
    PERFORM show_stories(story_mates(ids));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION article_categories_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT category_id FROM new_rows UNION SELECT category_id FROM old_rows));
    PERFORM revise_articles(array(SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows));
    PERFORM show_stories(story_mates(array(
        (SELECT article_id FROM (SELECT article_id, category_id FROM new_rows EXCEPT SELECT article_id, category_id FROM old_rows) AS came)
        UNION
        (SELECT article_id FROM (SELECT article_id, category_id FROM old_rows EXCEPT SELECT article_id, category_id FROM new_rows) AS gone))));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION select_articles(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    PERFORM FROM articles WHERE id = ANY (ids) AND xmin <> pg_current_xact_id()::xid ORDER BY id FOR NO KEY UPDATE;
    PERFORM make_selections(ids);
    -- EXCEPT and no anti-join: that one goes through all pairs where the planner takes the tables for small ones.
    DELETE FROM article_selections m
     USING (SELECT article_id, selection_id FROM article_selections WHERE article_id = ANY (ids)
            EXCEPT
            SELECT n.article_id, s.id FROM named_selections n JOIN selections s ON s.kind = n.kind AND s.name = n.name
             WHERE n.article_id = ANY (ids)) AS gone
     WHERE m.article_id = gone.article_id AND m.selection_id = gone.selection_id;
    INSERT INTO article_selections (article_id, selection_id, published, rises, shown)
    SELECT a.id, s.id, a.published, a.rises, shown_in_selection(a, s.id)
      FROM named_selections n JOIN selections s ON s.kind = n.kind AND s.name = n.name JOIN articles a ON a.id = n.article_id
     WHERE n.article_id = ANY (ids)
       AND NOT EXISTS (SELECT FROM article_selections m WHERE m.article_id = a.id AND m.selection_id = s.id)
        ON CONFLICT DO NOTHING;
    PERFORM show_stories(story_mates(ids));
END $$;

-- Entries of a story name the sources of the others.
CREATE OR REPLACE FUNCTION source_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    INSERT INTO selections AS s (id, kind, name, source_id) VALUES (nextval('categories_id_seq'), 'source', NEW.slug, NEW.id)
        ON CONFLICT (source_id) DO UPDATE SET name = excluded.name WHERE s.name <> excluded.name;
    PERFORM touch(array(SELECT id FROM selections WHERE source_id = NEW.id));
    IF TG_OP = 'UPDATE' THEN
        PERFORM revise_articles(story_mates(array(SELECT s.article_id FROM stories s JOIN story_keys k ON k.article_id = s.article_id WHERE k.source_id = NEW.id)));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rows_truncated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT id FROM categories UNION ALL SELECT id FROM selections) || 0::bigint);
    IF TG_TABLE_NAME = 'article_tags' THEN
        DELETE FROM article_selections WHERE selection_id IN (SELECT id FROM selections WHERE kind = 'tag');
    ELSIF TG_TABLE_NAME = 'articles' THEN
        DELETE FROM stories;
        DELETE FROM story_pairs;
        DELETE FROM story_keys;
    END IF;
    UPDATE articles SET revision = 0;
    RETURN NULL;
END $$;

DROP VIEW complete_articles;
CREATE VIEW complete_articles AS
SELECT a.*,
       coalesce((SELECT jsonb_agg(jsonb_build_array(k.slug, k.title) ORDER BY k.slug)
                   FROM article_categories c JOIN categories k ON k.id = c.category_id
                  WHERE c.article_id = a.id AND k.removed IS NULL), '[]') AS categories,
       coalesce((SELECT jsonb_agg(jsonb_build_array(coalesce(s.name, t.tag), t.scheme, t.label)
                                  ORDER BY coalesce(s.name, t.tag), s.name IS NOT NULL, t.tag)
                   FROM article_tags t LEFT JOIN former_names f ON f.kind = 'tag' AND f.name = t.tag
                   LEFT JOIN selections s ON s.id = f.selection_id
                  WHERE t.article_id = a.id), '[]') AS tags,
       coalesce((SELECT jsonb_agg(jsonb_build_array(e.url, e.media_type, e.length_bytes, e.role, e.title, e.language,
                                                    e.duration_seconds, e.width, e.height) ORDER BY e.position)
                   FROM enclosures e WHERE e.article_id = a.id), '[]') AS enclosures,
       CASE WHEN a.direction <> '' OR a.rights <> '' OR a.place <> '' OR a.episode_kind <> ''
              OR num_nonnulls(a.comments_url, a.latitude, a.season, a.episode, a.explicit, a.origin) > 0
            THEN jsonb_strip_nulls(jsonb_build_object(
                     'direction', a.direction, 'rights', a.rights, 'comments_url', a.comments_url, 'latitude', a.latitude::text,
                     'longitude', a.longitude::text, 'place', a.place, 'season', a.season, 'episode', a.episode,
                     'episode_kind', a.episode_kind, 'explicit', a.explicit, 'origin', a.origin)) END AS details,
       CASE WHEN a.source_id IS NOT NULL
            THEN (SELECT jsonb_agg(jsonb_build_array(o.title, o.slug, r.url, r.number) ORDER BY mate.published, mate.article_id)
                    FROM (SELECT lead_id FROM stories WHERE article_id = a.id OFFSET 0) AS s CROSS JOIN LATERAL
                         (SELECT article_id, published FROM stories WHERE lead_id = s.lead_id AND article_id <> a.id
                           ORDER BY published, article_id LIMIT 100) AS mate CROSS JOIN LATERAL
                         (SELECT url, number, source_id FROM articles WHERE id = mate.article_id OFFSET 0) AS r JOIN sources o ON o.id = r.source_id) END AS retellings
  FROM articles a;
COMMENT ON VIEW complete_articles IS 'Articles with what belongs to them, as arrays, as one object what few of them have, and who else tells their story (null: nothing, nobody); one article costs four index look-ups, five if it has a source.';

-- What articles tell that were there before.
DO $$
DECLARE
    ids text[];
BEGIN
    FOR ids IN SELECT array_agg(id) FROM (SELECT id, row_number() OVER (ORDER BY id) / 10000 AS batch FROM articles WHERE source_id IS NOT NULL) AS numbered
                GROUP BY batch
    LOOP
        PERFORM follow_stories(ids);
    END LOOP;
END $$;
