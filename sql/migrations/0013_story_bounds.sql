-- A story that hundreds of sources tell costs each of them the same: an article looks at so many before it, an entry names so many
-- others, and who comes later changes nothing for who came before (docs/decisions/0013-stories.md).
-- Makes three indexes, a few seconds for a million articles that have a source, and rewrites no row. Stories that were found stay.

-- How many earlier articles with its address, and with its title, an article is compared with.
CREATE FUNCTION story_looks_max() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 10;
-- How many others of its story an entry names, the earliest.
CREATE FUNCTION story_names_max() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 20;
-- Of how many of its story, the earliest, an article asks whether they belong where it does.
CREATE FUNCTION story_members_max() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1000;

-- All sources are greater than 0. Said here and where the order is wanted, and nowhere else: to the planner these look like the
-- indexes that have the source before the time.
CREATE INDEX story_keys_by_url_in_order ON story_keys (url_key, published, article_id) WHERE url_key IS NOT NULL AND source_id > 0;
CREATE INDEX story_keys_by_title_in_order ON story_keys (title_key, published, article_id) WHERE title_key IS NOT NULL AND source_id > 0;

-- Its condition holds for every row, and is known to hold only where a lead is given: while there were few stories, one was looked
-- up by its article in the whole of this index.
DROP INDEX stories_by_lead;
CREATE INDEX stories_by_lead ON stories (lead_id, published, article_id) WHERE lead_id IS NOT NULL;

COMMENT ON TABLE story_pairs IS 'Articles of two sources that tell one story, each pair in both orders, as far as one of them looks; kept by triggers.';

-- These and whoever comes after one of them in its story: whether they are shown where they belong may depend on these.
CREATE OR REPLACE FUNCTION story_mates(ids text[]) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    RETURN array(SELECT mate.article_id
                   FROM (SELECT DISTINCT ON (lead_id) * FROM stories WHERE article_id = ANY (ids) ORDER BY lead_id, published, article_id) AS s
                   JOIN stories mate ON mate.lead_id = s.lead_id AND (mate.published, mate.article_id) >= (s.published, s.article_id));
END $$;

-- Those of these whom the entries of their story name.
CREATE FUNCTION story_names(ids text[]) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    RETURN array(SELECT s.article_id FROM stories s
                  WHERE s.article_id = ANY (ids)
                    AND (SELECT count(*) FROM (SELECT FROM stories e
                                                WHERE e.lead_id = s.lead_id AND (e.published, e.article_id) < (s.published, s.article_id)
                                                ORDER BY e.published, e.article_id LIMIT story_names_max() + 1) AS earlier) <= story_names_max());
END $$;
REVOKE EXECUTE ON FUNCTION story_names FROM PUBLIC;

-- Everybody in whose entry one of these is named, themselves included.
CREATE FUNCTION story_namers(ids text[]) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    RETURN array(SELECT article_id FROM stories
                  WHERE lead_id = ANY (array(SELECT DISTINCT lead_id FROM stories WHERE article_id = ANY (story_names(ids)))));
END $$;
REVOKE EXECUTE ON FUNCTION story_namers FROM PUBLIC;

CREATE OR REPLACE FUNCTION story_twins(ids text[]) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    RETURN array(SELECT DISTINCT twin.article_id FROM story_keys k CROSS JOIN LATERAL (
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
END $$;

-- Who may look at one of these, which come before: articles of another source with the same key.
CREATE FUNCTION story_lookers(ids text[]) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    RETURN array(
        WITH urls AS MATERIALIZED (
               SELECT url_key, min(source_id) AS least, max(source_id) AS most, min(published) AS first
                 FROM story_keys WHERE article_id = ANY (ids) AND url_key IS NOT NULL GROUP BY url_key),
             titles AS MATERIALIZED (
               SELECT title_key, min(source_id) AS least, max(source_id) AS most, min(published) AS first, max(published) + interval '48 hours' AS last
                 FROM story_keys WHERE article_id = ANY (ids) AND title_key IS NOT NULL GROUP BY title_key)
        SELECT o.article_id FROM urls k JOIN story_keys o ON o.url_key = k.url_key AND o.source_id < k.most WHERE o.published >= k.first
         UNION
        SELECT o.article_id FROM urls k JOIN story_keys o ON o.url_key = k.url_key AND o.source_id > k.least WHERE o.published >= k.first
         UNION
        SELECT o.article_id FROM titles k JOIN story_keys o ON o.title_key = k.title_key AND o.source_id < k.most AND o.published BETWEEN k.first AND k.last
         UNION
        SELECT o.article_id FROM titles k JOIN story_keys o ON o.title_key = k.title_key AND o.source_id > k.least AND o.published BETWEEN k.first AND k.last);
END $$;
REVOKE EXECUTE ON FUNCTION story_lookers FROM PUBLIC;

-- With OFFSET 0 each of them is looked up by itself: joined, a category with many articles would be read whole.
CREATE OR REPLACE FUNCTION told_in_category(article text, category bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = gazetted, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM stories s CROSS JOIN LATERAL
                          (SELECT mate.article_id FROM stories mate
                            WHERE mate.lead_id = s.lead_id AND (mate.published, mate.article_id) < (s.published, s.article_id)
                            ORDER BY mate.published, mate.article_id LIMIT story_members_max()) AS earlier
                    WHERE s.article_id = article
                      AND EXISTS (SELECT FROM article_categories c WHERE c.article_id = earlier.article_id AND c.category_id = category OFFSET 0));
END $$;
CREATE OR REPLACE FUNCTION told_in_selection(article text, selection bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = gazetted, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM stories s CROSS JOIN LATERAL
                          (SELECT mate.article_id FROM stories mate
                            WHERE mate.lead_id = s.lead_id AND (mate.published, mate.article_id) < (s.published, s.article_id)
                            ORDER BY mate.published, mate.article_id LIMIT story_members_max()) AS earlier
                    WHERE s.article_id = article
                      AND EXISTS (SELECT FROM article_selections m WHERE m.article_id = earlier.article_id AND m.selection_id = selection OFFSET 0));
END $$;

-- The same, done with as soon as it is decided.
CREATE OR REPLACE FUNCTION are_alike(a text, b text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    shorter text := CASE WHEN length(a) <= length(b) THEN a ELSE b END;
    longer  text := CASE WHEN length(a) <= length(b) THEN b ELSE a END;
    pieces  int  := length(shorter) / 6;
    found   int  := 0;
    missing int  := 0;
BEGIN
    IF (pieces >= 8) IS NOT TRUE THEN RETURN false; END IF;
    IF a = b THEN RETURN true; END IF;
    FOR place IN 1 .. pieces * 6 BY 6 LOOP
        IF strpos(longer, substr(shorter, place, 6)) > 0 THEN
            found := found + 1;
            IF found >= 0.6 * pieces THEN RETURN true; END IF;
        ELSE
            missing := missing + 1;
            IF missing > 0.4 * pieces THEN RETURN false; END IF;
        END IF;
    END LOOP;
    RETURN false;
END $$;

DROP FUNCTION pair_stories(text[]);
-- Makes story_pairs right for these articles, whatever they were, and for those who look at them or did; returns those whose
-- story that may change: of a pair the later one, and the earlier one where it has no story yet or perhaps no longer.
CREATE FUNCTION pair_stories(ids text[], lookers text[]) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    window_hours constant interval := '48 hours';
    concerned text[] := ids || array(SELECT other_id FROM story_pairs WHERE article_id = ANY (ids));
    looked    story_pairs[];
    found     story_pairs[];
    lost      story_pairs[];
BEGIN
    WITH gone AS (DELETE FROM story_pairs WHERE article_id = ANY (ids) RETURNING article_id, other_id)
    DELETE FROM story_pairs p USING gone WHERE p.article_id = gone.other_id AND p.other_id = gone.article_id;

    -- The earliest of another source whose address, or title within the window, is theirs alone there.
    looked := array(
        SELECT ROW (k.article_id, o.article_id, o.reason)::story_pairs
          FROM story_keys k CROSS JOIN LATERAL (
               (SELECT o.article_id, 'url' AS reason FROM story_keys o
                 WHERE o.url_key = k.url_key AND (o.published, o.article_id) < (k.published, k.article_id) AND o.source_id <> k.source_id AND o.source_id > 0
                   AND NOT EXISTS (SELECT FROM story_keys t WHERE t.url_key = k.url_key AND t.source_id = k.source_id AND t.article_id <> k.article_id OFFSET 0)
                   AND NOT EXISTS (SELECT FROM story_keys t WHERE t.url_key = o.url_key AND t.source_id = o.source_id AND t.article_id <> o.article_id OFFSET 0)
                 ORDER BY o.published, o.article_id LIMIT story_looks_max())
               UNION ALL
               (SELECT o.article_id, 'text' FROM story_keys o
                 WHERE o.title_key = k.title_key AND o.published >= k.published - window_hours
                   AND (o.published, o.article_id) < (k.published, k.article_id) AND o.source_id <> k.source_id AND o.source_id > 0
                   AND NOT EXISTS (SELECT FROM story_keys t
                                    WHERE t.title_key = k.title_key AND t.published BETWEEN k.published - window_hours AND k.published + window_hours
                                      AND t.source_id = k.source_id AND t.article_id <> k.article_id OFFSET 0)
                   AND NOT EXISTS (SELECT FROM story_keys t
                                    WHERE t.title_key = o.title_key AND t.published BETWEEN o.published - window_hours AND o.published + window_hours
                                      AND t.source_id = o.source_id AND t.article_id <> o.article_id OFFSET 0)
                 ORDER BY o.published, o.article_id LIMIT story_looks_max())) AS o
         WHERE k.article_id = ANY (ids || lookers));

    -- Somebody who came before them looks no farther than to whom they did.
    lost := array(
        SELECT ROW (past.article_id, past.other_id, NULL)::story_pairs
          FROM (SELECT p.article_id, p.other_id
                  FROM story_pairs p JOIN story_keys k ON k.article_id = p.article_id JOIN story_keys o ON o.article_id = p.other_id
                 WHERE p.article_id = ANY (lookers) AND (o.published, o.article_id) < (k.published, k.article_id)
                EXCEPT SELECT article_id, other_id FROM unnest(looked)) AS past);
    DELETE FROM story_pairs p
     USING (SELECT article_id, other_id FROM unnest(lost) UNION ALL SELECT other_id, article_id FROM unnest(lost)) AS l
     WHERE p.article_id = l.article_id AND p.other_id = l.other_id;

    -- Of those whom they do not know yet. A looker knows all but these, unless it looks at so many that
    -- somebody may have come into sight where another went.
    found := array(
        SELECT ROW (l.article_id, l.other_id, min(l.reason) FILTER (WHERE l.reason = 'url'))::story_pairs
          FROM (SELECT *, count(*) FILTER (WHERE reason = 'text') OVER (PARTITION BY article_id) AS looks FROM unnest(looked)) AS l
         WHERE (l.reason = 'url' OR l.looks + cardinality(ids) >= story_looks_max() OR l.article_id <> ALL (lookers) OR l.other_id = ANY (ids))
           AND NOT EXISTS (SELECT FROM story_pairs p WHERE p.article_id = l.article_id AND p.other_id = l.other_id OFFSET 0)
         GROUP BY l.article_id, l.other_id);
    UPDATE story_keys k SET words = story_words(a.content, a.summary)
      FROM articles a
     WHERE a.id = k.article_id AND k.words IS NULL
       AND k.article_id = ANY (array(SELECT unnest(ARRAY [article_id, other_id]) FROM unnest(found) WHERE reason IS NULL));
    found := array(
        SELECT ROW (f.article_id, f.other_id, coalesce(f.reason, 'text'))::story_pairs
          FROM unnest(found) AS f JOIN story_keys k ON k.article_id = f.article_id JOIN story_keys o ON o.article_id = f.other_id
         WHERE f.reason = 'url' OR are_alike(k.words, o.words));
    INSERT INTO story_pairs SELECT * FROM unnest(found) UNION ALL SELECT other_id, article_id, reason FROM unnest(found);
    RETURN concerned || array(SELECT unnest(ARRAY [article_id, other_id]) FROM unnest(lost)
                               UNION SELECT article_id FROM unnest(found)
                               UNION SELECT other_id FROM unnest(found) AS f WHERE NOT EXISTS (SELECT FROM stories s WHERE s.article_id = f.other_id OFFSET 0));
END $$;
REVOKE EXECUTE ON FUNCTION pair_stories FROM PUBLIC;

DROP FUNCTION lead_stories(text[]);
-- Makes stories right for these articles and whoever comes after them in a chain of pairs: each article follows the earliest
-- that it makes a pair with and that follows nobody. `renamed` and `placed` are whom it concerned before; entries of the former
-- and places of the latter follow.
CREATE FUNCTION lead_stories(ids text[], renamed text[], placed text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    undecided text[];
    before    stories[];
    after     stories[];
    named     text[];
    left_ones stories[];
    came_ones stories[];
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
    named := story_names(undecided);
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
    left_ones := array(SELECT s FROM (SELECT * FROM unnest(before) EXCEPT SELECT * FROM unnest(after)) AS s);
    came_ones := array(SELECT s FROM (SELECT * FROM unnest(after) EXCEPT SELECT * FROM unnest(before)) AS s);
    -- Entries of a story name each other, and `retold` follows.
    renamed := array(
        SELECT unnest(renamed) UNION SELECT article_id FROM unnest(left_ones || came_ones)
         UNION SELECT unnest(story_namers(array(SELECT article_id FROM unnest(came_ones))))
         UNION SELECT s.article_id FROM stories s
                WHERE s.lead_id = ANY (array(SELECT DISTINCT lead_id FROM unnest(left_ones) WHERE article_id = ANY (named))));
    placed := array(
        SELECT unnest(placed) UNION SELECT article_id FROM unnest(left_ones || came_ones)
         UNION SELECT unnest(story_mates(array(SELECT article_id FROM unnest(came_ones))))
         UNION SELECT mate.article_id
                 FROM (SELECT DISTINCT ON (lead_id) * FROM unnest(left_ones) ORDER BY lead_id, published, article_id) AS s
                 JOIN stories mate ON mate.lead_id = s.lead_id AND (mate.published, mate.article_id) > (s.published, s.article_id));
    UPDATE articles SET revision = 0
     WHERE id IN (SELECT id FROM articles WHERE id = ANY (renamed) ORDER BY id FOR NO KEY UPDATE);
    PERFORM show_stories(placed);
END $$;
REVOKE EXECUTE ON FUNCTION lead_stories FROM PUBLIC;

CREATE OR REPLACE FUNCTION follow_stories(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    keys      story_keys[];
    concerned text[];
    lookers   text[];
    renamed   text[];
    placed    text[];
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    keys := array(SELECT ROW (a.id, a.source_id, a.published, url_key(a.url), title_key(a.title), NULL)::story_keys FROM articles a
                   WHERE a.id = ANY (ids) AND a.source_id IS NOT NULL AND a.withdrawn IS NULL AND NOT a.apart);
    PERFORM pg_advisory_xact_lock(hashtext('gazetted.stories'), stripe)
       FROM (SELECT DISTINCT hashtext(key::text) & 63 AS stripe
               FROM (SELECT url_key, title_key FROM story_keys WHERE article_id = ANY (ids)
                      UNION ALL SELECT url_key, title_key FROM unnest(keys)) AS k CROSS JOIN LATERAL (VALUES (url_key), (title_key)) AS v (key)
              WHERE key IS NOT NULL ORDER BY 1) AS stripes;
    IF EXISTS (SELECT FROM story_keys WHERE article_id = ANY (ids)) THEN
        renamed := story_namers(ids);
        placed := story_mates(ids);
        concerned := story_twins(ids);
        lookers := story_lookers(ids);
        IF cardinality(lookers) > 0 THEN
            concerned := concerned || array(SELECT article_id FROM story_keys WHERE article_id = ANY (ids));
        END IF;
        DELETE FROM story_keys WHERE article_id = ANY (ids);
    END IF;
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
    lookers := array(SELECT unnest(lookers || story_lookers(concerned)) EXCEPT SELECT unnest(concerned));
    IF cardinality(concerned || lookers) = 0 THEN RETURN; END IF;
    PERFORM lead_stories(pair_stories(concerned, lookers), renamed, placed);
END $$;

CREATE OR REPLACE FUNCTION source_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    INSERT INTO selections AS s (id, kind, name, source_id) VALUES (nextval('categories_id_seq'), 'source', NEW.slug, NEW.id)
        ON CONFLICT (source_id) DO UPDATE SET name = excluded.name WHERE s.name <> excluded.name;
    PERFORM touch(array(SELECT id FROM selections WHERE source_id = NEW.id));
    IF TG_OP = 'UPDATE' THEN
        PERFORM revise_articles(story_namers(array(SELECT s.article_id FROM stories s JOIN story_keys k ON k.article_id = s.article_id WHERE k.source_id = NEW.id)));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE VIEW complete_articles AS
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
                           ORDER BY published, article_id LIMIT story_names_max()) AS mate CROSS JOIN LATERAL
                         (SELECT url, number, source_id FROM articles WHERE id = mate.article_id OFFSET 0) AS r JOIN sources o ON o.id = r.source_id) END AS retellings
  FROM articles a;
COMMENT ON VIEW complete_articles IS 'Articles with what belongs to them, as arrays, as one object what few of them have, and who else tells their story (null: nothing, nobody); one article costs four index look-ups, five if it has a source.';
