CREATE SCHEMA gazetted;
CREATE FUNCTION gazetted.are_alike(a text, b text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
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
CREATE FUNCTION gazetted.article_categories_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
    ids text[] := array(SELECT DISTINCT article_id FROM touched_rows);
BEGIN
    PERFORM touch(array(SELECT DISTINCT category_id FROM touched_rows));
    PERFORM revise_articles(ids);
    PERFORM show_stories(story_mates(ids));
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.article_categories_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    PERFORM touch(array(SELECT category_id FROM new_rows UNION SELECT category_id FROM old_rows));
    PERFORM revise_articles(array(SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows));
    PERFORM show_stories(story_mates(array(
        (SELECT article_id FROM (SELECT article_id, category_id FROM new_rows EXCEPT SELECT article_id, category_id FROM old_rows) AS came)
        UNION
        (SELECT article_id FROM (SELECT article_id, category_id FROM old_rows EXCEPT SELECT article_id, category_id FROM new_rows) AS gone))));
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.article_selections_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    PERFORM touch(array(SELECT DISTINCT selection_id FROM touched_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.article_tags_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
    ids text[] := array(SELECT DISTINCT article_id FROM touched_rows);
BEGIN
    PERFORM select_articles(ids);
    PERFORM revise_articles(ids);
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.article_tags_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
    ids text[] := array(SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows);
BEGIN
    PERFORM select_articles(ids);
    PERFORM revise_articles(ids);
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.articles_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM touched_rows) THEN RETURN NULL; END IF;
    PERFORM touch('{0}');
    PERFORM follow_stories(array(SELECT id FROM touched_rows WHERE source_id IS NOT NULL));
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.articles_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION gazetted.articles_reworded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    UPDATE article_words w SET words = words_of(n.title, n.summary, n.content)
      FROM (SELECT id, title, summary, content FROM new_rows EXCEPT SELECT id, title, summary, content FROM old_rows) AS n
     WHERE w.article_id = n.id;
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.articles_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION gazetted.articles_worded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    INSERT INTO article_words SELECT id, words_of(title, summary, content) FROM new_rows;
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.searchable(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    words text := lower(value COLLATE "und-x-icu");
BEGIN
    words := regexp_replace(words, '[\x01-/:-@[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u23ff\u2500-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30a0\u30fb\ue000-\uf8ff\ufe00-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufff9-\uffff\U0001f000-\U0001faff\U000e0000-\U000e0fff]+', ' ', 'g');
    IF words IS NOT NFKC NORMALIZED THEN
        words := normalize(words, NFKC);
    END IF;
    words := regexp_replace(words, '([^ ' || unspaced() || '])([' || unspaced() || '])', '\1 \2', 'g');
    words := regexp_replace(words, '([' || unspaced() || '])([^ ' || unspaced() || '])', '\1 \2', 'g');
    RETURN ' ' || btrim(words) || ' ';
END $$;
CREATE FUNCTION gazetted.bare_text(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN replace(gazetted.searchable(words), ' '::text, ''::text);
CREATE FUNCTION gazetted.begins_archive(article_id text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (get_byte(decode(substr(md5(article_id), 1, 2), 'hex'::text), 0) < 13);
CREATE FUNCTION gazetted.belongings_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    PERFORM revise_articles(array(SELECT DISTINCT article_id FROM touched_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.belongings_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    PERFORM revise_articles(array(SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.bring_back(line jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
DECLARE
    row articles := jsonb_populate_record(NULL::articles, line -> 'article');
BEGIN
    IF row.id IS NULL OR row.number IS NULL THEN RAISE invalid_parameter_value USING MESSAGE = 'a line of an archive has an article with id and number'; END IF;
    IF EXISTS (SELECT FROM articles WHERE id = row.id) THEN RETURN false; END IF;
    row.source_id := (SELECT id FROM sources WHERE slug = line ->> 'source');
    row.revision := 0;
    row.changed := now();
    row.retold := false;
    INSERT INTO articles OVERRIDING SYSTEM VALUE SELECT row.*;
    INSERT INTO article_categories (article_id, category_id)
    SELECT DISTINCT row.id, n.category_id FROM jsonb_array_elements_text(line -> 'categories') AS slug JOIN category_names n ON n.name = slug COLLATE "C";
    INSERT INTO article_tags
    SELECT t.* FROM jsonb_array_elements(line -> 'tags') AS tag,
           jsonb_populate_record(NULL::article_tags, tag || jsonb_build_object('article_id', row.id)) AS t;
    INSERT INTO enclosures
    SELECT e.* FROM jsonb_array_elements(line -> 'enclosures') AS enclosure,
           jsonb_populate_record(NULL::enclosures, enclosure || jsonb_build_object('article_id', row.id)) AS e;
    UPDATE upstream_entries SET article_id = row.id
     WHERE source_id = row.source_id AND article_id IS NULL AND key = ANY (array(SELECT jsonb_array_elements_text(line -> 'entries')));
    DELETE FROM removed_articles WHERE id = row.id;
    RETURN true;
END $$;
CREATE FUNCTION gazetted.categories_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
BEGIN
    PERFORM touch(array(SELECT id FROM new_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.categories_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
DECLARE
    ids bigint[] := array(SELECT DISTINCT id FROM (
               SELECT id, slug, title, description, language, icon_url, logo_url, entry_link, podcast_category, podcast_explicit, removed, sunset_url FROM new_rows
        EXCEPT SELECT id, slug, title, description, language, icon_url, logo_url, entry_link, podcast_category, podcast_explicit, removed, sunset_url FROM old_rows) AS changed);
    renamed bigint[] := array(SELECT DISTINCT id FROM (SELECT id, slug, title, removed IS NULL FROM new_rows
                                                EXCEPT SELECT id, slug, title, removed IS NULL FROM old_rows) AS changed);
BEGIN
    PERFORM touch(ids);
    IF cardinality(renamed) > 0 THEN
        -- Entries name their categories, in whichever feed they stand.
        PERFORM revise_articles(array(SELECT DISTINCT article_id FROM article_categories WHERE category_id = ANY (renamed)));
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.category_named() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
BEGIN
    PERFORM note_former_name('category', CASE WHEN TG_OP = 'UPDATE' THEN OLD.slug END, NEW.slug, NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.category_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM former_names WHERE selection_id = OLD.id;
    PERFORM touch(array[OLD.id]);
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.combined_articles(wanted bigint[], unwanted bigint[], until timestamp with time zone, from_rises boolean, from_published timestamp with time zone, from_id text, articles_max bigint, looked_through_max bigint) RETURNS TABLE(article_id text, rises boolean, published timestamp with time zone, is_unread boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    WITH found AS MATERIALIZED (
           SELECT member.id AS member_id, found.article_id, found.rises, found.published
             FROM unnest(wanted) AS member (id) CROSS JOIN LATERAL
                  (SELECT seen.article_id, seen.rises, seen.published
                     FROM ((SELECT m.article_id, m.rises, m.published FROM members m
                             WHERE m.selection_id = member.id AND m.shown AND m.published <= until
                               AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                             ORDER BY m.rises DESC, m.published DESC, m.article_id DESC LIMIT looked_through_max)
                           UNION ALL
                           (SELECT m.article_id, m.rises, m.published FROM members m
                             WHERE m.selection_id = member.id AND m.is_retold AND m.published <= until
                               AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                             ORDER BY m.rises DESC, m.published DESC, m.article_id DESC LIMIT looked_through_max)) AS seen
                    WHERE NOT EXISTS (SELECT FROM article_categories o
                                       WHERE o.article_id = seen.article_id AND o.category_id = ANY (unwanted) OFFSET 0)
                      AND NOT EXISTS (SELECT FROM article_selections o
                                       WHERE o.article_id = seen.article_id AND o.selection_id = ANY (unwanted) OFFSET 0)
                      -- Its story is told there by nobody earlier.
                      AND NOT EXISTS (SELECT FROM (SELECT * FROM stories WHERE article_id = seen.article_id OFFSET 0) AS s CROSS JOIN LATERAL
                                                  (SELECT * FROM stories WHERE lead_id = s.lead_id OFFSET 0) AS mate
                                       WHERE (mate.published, mate.article_id) < (s.published, s.article_id)
                                         AND (EXISTS (SELECT FROM article_categories o
                                                       WHERE o.article_id = mate.article_id AND o.category_id = ANY (wanted) OFFSET 0)
                                              OR EXISTS (SELECT FROM article_selections o
                                                          WHERE o.article_id = mate.article_id AND o.selection_id = ANY (wanted) OFFSET 0))
                                         AND NOT EXISTS (SELECT FROM article_categories o
                                                          WHERE o.article_id = mate.article_id AND o.category_id = ANY (unwanted) OFFSET 0)
                                         AND NOT EXISTS (SELECT FROM article_selections o
                                                          WHERE o.article_id = mate.article_id AND o.selection_id = ANY (unwanted) OFFSET 0)
                                      OFFSET 0)
                    ORDER BY seen.rises DESC, seen.published DESC, seen.article_id DESC LIMIT articles_max) AS found),
         unread AS MATERIALIZED (
           SELECT next.article_id, next.rises, next.published
             FROM unnest(wanted) AS member (id) CROSS JOIN LATERAL
                  ((SELECT m.article_id, m.rises, m.published FROM members m
                     WHERE m.selection_id = member.id AND m.shown AND m.published <= until
                       AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                     ORDER BY m.rises DESC, m.published DESC, m.article_id DESC OFFSET looked_through_max LIMIT 1)
                   UNION ALL
                   (SELECT m.article_id, m.rises, m.published FROM members m
                     WHERE m.selection_id = member.id AND m.is_retold AND m.published <= until
                       AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                     ORDER BY m.rises DESC, m.published DESC, m.article_id DESC OFFSET looked_through_max LIMIT 1)) AS next
            WHERE (SELECT count(*) FROM found WHERE found.member_id = member.id) < articles_max
            ORDER BY next.rises DESC, next.published DESC, next.article_id DESC LIMIT 1)
    SELECT DISTINCT found.article_id, found.rises, found.published, false
      FROM found
     WHERE NOT EXISTS (SELECT FROM unread AS u WHERE (u.rises, u.published, u.article_id) >= (found.rises, found.published, found.article_id))
     UNION ALL
    SELECT unread.article_id, unread.rises, unread.published, true FROM unread;
$$;
CREATE FUNCTION gazetted.copy_article_order() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
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
CREATE FUNCTION gazetted.follow_stories(ids text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
    keys      story_keys[];
    concerned text[];
    lookers   text[];
    renamed   text[];
    placed    text[];
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    keys := array(SELECT ROW (a.id, a.source_id, a.published, url_key(a.url), title_key(a.title), NULL)::story_keys FROM articles a
                   WHERE a.id = ANY (ids) AND a.source_id IS NOT NULL AND a.withdrawn IS NULL AND NOT a.apart
                     AND octet_length(a.id) <= 1000);
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
CREATE FUNCTION gazetted.hold_bursts(ids text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
    held text[];
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    WITH came AS MATERIALIZED (SELECT id, source_id, published, first_seen FROM articles WHERE id = ANY (ids) AND rises),
         room AS MATERIALIZED (
           SELECT b.source_id, coalesce(s.burst_max, site.burst_max) AS most,
                  (SELECT count(*) FROM articles o
                    WHERE o.source_id = b.source_id AND o.first_seen BETWEEN b.first_seen - interval '1 hour' AND b.first_seen AND o.rises) - b.came AS before
             FROM (SELECT source_id, max(first_seen) AS first_seen, count(*) AS came FROM came GROUP BY source_id) AS b
             JOIN sources s ON s.id = b.source_id CROSS JOIN site
            WHERE coalesce(s.burst_max, site.burst_max) > 0)
    SELECT array_agg(id) INTO held
      FROM (SELECT c.id, r.most - r.before AS left_over, row_number() OVER (PARTITION BY c.source_id ORDER BY c.published DESC, c.id DESC) AS nth
              FROM came c JOIN room r ON r.source_id = c.source_id) AS ranked
     WHERE nth > left_over;
    IF held IS NOT NULL THEN UPDATE articles SET rises = false WHERE id = ANY (held); END IF;
END $$;
CREATE FUNCTION gazetted.insert_article() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
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
CREATE FUNCTION gazetted.instant(microseconds bigint) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ('1970-01-01 00:00:00+00'::timestamp with time zone + ((microseconds)::double precision * '00:00:00.000001'::interval));
CREATE FUNCTION gazetted.is_authors(value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((jsonb_typeof(value) = 'array'::text) AND (octet_length((value)::text) <= 65536) AND (NOT jsonb_path_exists(value, '$[*]?((((@.type() != "object" || !(exists (@."name"))) || @."name".type() != "string") || @."email".type() != "string") || @."uri".type() != "string")'::jsonpath)));
CREATE FUNCTION gazetted.is_origin(value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((jsonb_typeof(value) = 'object'::text) AND (octet_length((value)::text) <= 65536) AND (value <> '{}'::jsonb) AND ((value - '{entry_id,entry_url,feed_id,feed_url,url,title,subtitle,icon,logo,rights,language,authors}'::text[]) = '{}'::jsonb) AND (NOT jsonb_path_exists((value - 'authors'::text), 'strict $.*?(@.type() != "string")'::jsonpath)) AND gazetted.is_authors(COALESCE((value -> 'authors'::text), '[]'::jsonb)));
CREATE FUNCTION gazetted.lead_stories(ids text[], renamed text[], placed text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION gazetted.make_selections(ids text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    INSERT INTO selections (id, kind, name)
    SELECT nextval('categories_id_seq'), kind, name
      FROM (SELECT DISTINCT kind, name FROM named_selections n
             WHERE article_id = ANY (ids) AND kind <> 'source' AND NOT EXISTS (SELECT FROM selections s WHERE s.kind = n.kind AND s.name = n.name)
             ORDER BY kind, name) AS missing
        ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION gazetted.merge_category(merged text, survivor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
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
CREATE FUNCTION gazetted.merge_registers(one bytea, other bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT decode(string_agg(lpad(to_hex(GREATEST(get_byte(merge_registers.one, place.place), get_byte(merge_registers.other, place.place))), 2, '0'::text), ''::text ORDER BY place.place), 'hex'::text) AS decode FROM generate_series(0, 255) place(place));
CREATE FUNCTION gazetted.microseconds(moment timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((EXTRACT(epoch FROM moment) * (1000000)::numeric))::bigint;
CREATE FUNCTION gazetted.names_now(kinds text[], names text[]) RETURNS TABLE(name_now text, is_removed boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
    SELECT coalesce(c.slug, s.name, o.name), coalesce(c.removed <= now(), false)
      FROM unnest(kinds, names) WITH ORDINALITY AS given (kind, name, place)
      LEFT JOIN former_names f ON f.kind = given.kind COLLATE "C" AND f.name = given.name COLLATE "C"
      LEFT JOIN categories c ON given.kind = 'category'
                            AND c.id = coalesce(f.selection_id, (SELECT k.id FROM categories k WHERE k.slug = given.name COLLATE "C"))
      LEFT JOIN selections s ON given.kind <> 'category' AND s.id = f.selection_id
      LEFT JOIN selections o ON o.kind = given.kind COLLATE "C" AND o.name = given.name COLLATE "C"
     ORDER BY place
$$;
CREATE FUNCTION gazetted.note_former_name(of_kind text, old_name text, new_name text, id bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
    DELETE FROM former_names f WHERE f.kind = of_kind AND f.name = new_name;
    INSERT INTO former_names (kind, name, selection_id)
    SELECT of_kind, old_name, id
     WHERE old_name IS NOT NULL
       AND NOT EXISTS (SELECT FROM categories c WHERE of_kind = 'category' AND c.slug = old_name)
       AND NOT EXISTS (SELECT FROM selections s WHERE s.kind = of_kind AND s.name = old_name)
        ON CONFLICT (kind, name) DO UPDATE SET selection_id = excluded.selection_id, since = excluded.since;
$$;
CREATE FUNCTION gazetted.pair_stories(ids text[], lookers text[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION gazetted.raise_revisions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
    ids     bigint[];
    payload text;
BEGIN
    WITH mine AS (DELETE FROM touched WHERE xid = pg_current_xact_id() RETURNING category_id)
    SELECT array_agg(category_id ORDER BY category_id) INTO ids FROM mine;
    IF ids IS NULL THEN RETURN NULL; END IF;
    PERFORM FROM categories WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    IF FOUND THEN
        UPDATE categories SET revision = revision + 1, changed_before = changed, changed = greatest(clock_timestamp(), changed)
         WHERE id = ANY (ids);
    END IF;
    PERFORM FROM selections WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    IF FOUND THEN
        UPDATE selections SET revision = revision + 1, changed_before = changed, changed = greatest(clock_timestamp(), changed)
         WHERE id = ANY (ids);
    END IF;
    UPDATE site SET revision = revision + 1, changed_before = changed, changed = greatest(clock_timestamp(), changed);
    -- A payload holds 8,000 bytes at most: 350 ids of 20 digits.
    FOR payload IN
        SELECT string_agg(id::text, ' ' ORDER BY place) FROM unnest(ids) WITH ORDINALITY AS list (id, place)
                    GROUP BY (place - 1) / 350
    LOOP
        PERFORM pg_notify('gazetted', payload);
    END LOOP;
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.rename_selection(of_kind text, old_name text, new_name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
DECLARE
    old_id   bigint := (SELECT id FROM selections WHERE kind = of_kind AND name = old_name);
    new_id   bigint := (SELECT id FROM selections WHERE kind = of_kind AND name = new_name);
    alias_id bigint := (SELECT selection_id FROM former_names WHERE kind = of_kind AND name = new_name);
    ids      text[];
BEGIN
    IF of_kind NOT IN ('tag', 'author') OR old_id IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = format('there is no %s %s', of_kind, old_name);
    END IF;
    IF new_name IS NOT NFC NORMALIZED OR new_name ~ '[[:cntrl:]]' OR new_name <> btrim(new_name) THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a name is in normalisation form C, has no control characters and no spaces at its ends';
    END IF;
    IF old_id = new_id THEN RETURN; END IF;
    PERFORM FROM selections WHERE id IN (old_id, new_id, alias_id) ORDER BY id FOR UPDATE;
    ids := array(SELECT DISTINCT article_id FROM article_selections WHERE selection_id IN (old_id, new_id, alias_id) ORDER BY article_id);
    IF NOT EXISTS (SELECT FROM article_selections WHERE selection_id = new_id) THEN
        -- A row that no article has any more gives its name away.
        UPDATE former_names SET selection_id = old_id WHERE selection_id = new_id;
        DELETE FROM selections WHERE id = new_id;
        UPDATE selections SET name = new_name WHERE id = old_id;
        PERFORM select_articles(ids);
    ELSE
        UPDATE former_names SET selection_id = new_id WHERE selection_id = old_id;
        INSERT INTO former_names (kind, name, selection_id) VALUES (of_kind, old_name, new_id);
        PERFORM select_articles(ids);
        DELETE FROM selections WHERE id = old_id;
    END IF;
    PERFORM touch(array_remove(array[old_id, new_id, alias_id], NULL));
    PERFORM revise_articles(ids);
END $$;
CREATE FUNCTION gazetted.revise_article() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
BEGIN
    IF NEW.id <> OLD.id THEN
        RAISE check_violation USING MESSAGE = 'an article keeps its id for life', HINT = 'withdraw this article and insert another';
    END IF;
    NEW.retold := (OLD.source_id IS NOT NULL OR OLD.retold) AND EXISTS (SELECT FROM stories WHERE article_id = OLD.id AND lead_id <> OLD.id);
    NEW.revision := nextval('article_revisions');
    NEW.changed := greatest(clock_timestamp(), OLD.changed);
    RETURN NEW;
END $$;
CREATE FUNCTION gazetted.revise_articles(ids text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    UPDATE articles SET revision = 0
     WHERE id IN (SELECT id FROM articles WHERE id = ANY (ids) AND xmin <> pg_current_xact_id()::xid ORDER BY id FOR NO KEY UPDATE);
END $$;
CREATE FUNCTION gazetted.rows_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
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
CREATE FUNCTION gazetted.search_keys(words text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE COST 10000 PARALLEL SAFE
    AS $$
BEGIN
    RETURN array_to_tsvector(
        ARRAY(SELECT left(word, 40) FROM unnest(string_to_array(regexp_replace(words, '[ ' || gazetted.unspaced() || ']+', ' ', 'g'), ' ')) AS word WHERE word <> '')
        || string_to_array(regexp_replace(words, '[^' || gazetted.unspaced() || ']+', '', 'g'), NULL));
END $$;
CREATE FUNCTION gazetted.unspaced() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fff\u3005-\u3007\u3021-\u302f\u3031-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff'::text;
CREATE FUNCTION gazetted.search_pattern(term text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT NULLIF(regexp_replace(words.words, (((('^ (?=['::text || gazetted.unspaced()) || '])|(?<=['::text) || gazetted.unspaced()) || ']) $|^ +$'::text), ''::text, 'g'::text), ''::text) AS "nullif" FROM gazetted.searchable(search_pattern.term) words(words));
CREATE FUNCTION gazetted.select_articles(ids text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
DECLARE
    wanted article_selections[];
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    PERFORM FROM articles WHERE id = ANY (ids) AND xmin <> pg_current_xact_id()::xid ORDER BY id FOR NO KEY UPDATE;
    PERFORM make_selections(ids);
    wanted := array(SELECT ROW (n.article_id, s.id, NULL, NULL, NULL)::article_selections
                      FROM named_selections n JOIN selections s ON s.kind = n.kind AND s.name = n.name WHERE n.article_id = ANY (ids));
    IF EXISTS (SELECT FROM article_selections WHERE article_id = ANY (ids)) THEN
        DELETE FROM article_selections m
         USING (SELECT article_id, selection_id FROM article_selections WHERE article_id = ANY (ids)
                EXCEPT SELECT article_id, selection_id FROM unnest(wanted)) AS gone
         WHERE m.article_id = gone.article_id AND m.selection_id = gone.selection_id;
    END IF;
    INSERT INTO article_selections (article_id, selection_id, published, rises, shown)
    SELECT a.id, missing.selection_id, a.published, a.rises, shown_in_selection(a, missing.selection_id)
      FROM (SELECT article_id, selection_id FROM unnest(wanted)
            EXCEPT SELECT article_id, selection_id FROM article_selections WHERE article_id = ANY (ids)) AS missing
      JOIN articles a ON a.id = missing.article_id
        ON CONFLICT DO NOTHING;
    PERFORM show_stories(story_mates(ids));
END $$;
CREATE FUNCTION gazetted.selection_named() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
BEGIN
    PERFORM note_former_name(NEW.kind, CASE WHEN TG_OP = 'UPDATE' THEN OLD.name END, NEW.name, NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.show_stories(ids text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION gazetted.told_in_category(article text, category bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    RETURN EXISTS (SELECT FROM stories s CROSS JOIN LATERAL
                          (SELECT mate.article_id FROM stories mate
                            WHERE mate.lead_id = s.lead_id AND (mate.published, mate.article_id) < (s.published, s.article_id)
                            ORDER BY mate.published, mate.article_id LIMIT story_members_max()) AS earlier
                    WHERE s.article_id = article
                      AND EXISTS (SELECT FROM article_categories c WHERE c.article_id = earlier.article_id AND c.category_id = category OFFSET 0));
END $$;
CREATE TABLE gazetted.articles (
    id text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    source_id bigint,
    url text COLLATE pg_catalog."C",
    title text DEFAULT ''::text NOT NULL,
    authors jsonb DEFAULT '[]'::jsonb NOT NULL,
    summary text DEFAULT ''::text NOT NULL,
    content text DEFAULT ''::text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    published timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone,
    first_seen timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn timestamp with time zone,
    revision bigint NOT NULL,
    changed timestamp with time zone NOT NULL,
    direction text DEFAULT ''::text NOT NULL,
    rights text DEFAULT ''::text NOT NULL,
    comments_url text COLLATE pg_catalog."C",
    latitude double precision,
    longitude double precision,
    place text DEFAULT ''::text NOT NULL,
    season integer,
    episode integer,
    episode_kind text DEFAULT ''::text NOT NULL,
    explicit boolean,
    origin jsonb,
    apart boolean DEFAULT false NOT NULL,
    retold boolean DEFAULT false NOT NULL,
    rises boolean DEFAULT true NOT NULL,
    CONSTRAINT articles_authors_check CHECK (gazetted.is_authors(authors)),
    CONSTRAINT articles_comments_url_check CHECK (((comments_url ~* '^https?://[^[:space:]]+$'::text) AND (octet_length(comments_url) <= 4096))),
    CONSTRAINT articles_content_check CHECK ((octet_length(content) <= 16777216)),
    CONSTRAINT articles_direction_check CHECK ((direction = ANY (ARRAY[''::text, 'ltr'::text, 'rtl'::text]))),
    CONSTRAINT articles_episode_check CHECK ((episode >= 0)),
    CONSTRAINT articles_episode_kind_check CHECK ((episode_kind = ANY (ARRAY[''::text, 'full'::text, 'trailer'::text, 'bonus'::text]))),
    CONSTRAINT articles_have_whole_points CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT articles_id_check CHECK (((id <> ''::text) AND (octet_length(id) <= 2048) AND (id !~ '[[:cntrl:]]'::text))),
    CONSTRAINT articles_language_check CHECK ((octet_length(language) <= 64)),
    CONSTRAINT articles_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT articles_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT articles_origin_check CHECK (gazetted.is_origin(origin)),
    CONSTRAINT articles_place_check CHECK ((octet_length(place) <= 4096)),
    CONSTRAINT articles_published_check CHECK (((published >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (published <= '9999-12-31 23:59:59+00'::timestamp with time zone))),
    CONSTRAINT articles_rights_check CHECK ((octet_length(rights) <= 16384)),
    CONSTRAINT articles_say_something CHECK (((title <> ''::text) OR (content <> ''::text))),
    CONSTRAINT articles_season_check CHECK ((season >= 0)),
    CONSTRAINT articles_summary_check CHECK ((octet_length(summary) <= 1048576)),
    CONSTRAINT articles_title_check CHECK ((octet_length(title) <= 16384)),
    CONSTRAINT articles_updated_check CHECK (((updated >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (updated <= '9999-12-31 23:59:59+00'::timestamp with time zone))),
    CONSTRAINT articles_url_check CHECK (((url ~* '^https?://[^[:space:]]+$'::text) AND (octet_length(url) <= 4096))),
    CONSTRAINT articles_withdrawn_check CHECK (((withdrawn >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (withdrawn <= '9999-12-31 23:59:59+00'::timestamp with time zone)))
)
WITH (fillfactor='90');
COMMENT ON COLUMN gazetted.articles.id IS 'The entry id, for life: never changes. Left out, it is made from the url.';
COMMENT ON COLUMN gazetted.articles.number IS 'Names the page /article/{number} in this database.';
COMMENT ON COLUMN gazetted.articles.authors IS 'Array of {"name", optional "email", "uri"}, all strings.';
COMMENT ON COLUMN gazetted.articles.content IS 'HTML as it came; sanitised on the way out.';
COMMENT ON COLUMN gazetted.articles.published IS 'In the future: held back until then.';
COMMENT ON COLUMN gazetted.articles.updated IS 'What readers are told; null means the same as published.';
COMMENT ON COLUMN gazetted.articles.revision IS 'Grows with every change of what a feed shows of the article, tags and categories included; kept by triggers.';
COMMENT ON COLUMN gazetted.articles.direction IS 'In which the text runs: ltr, rtl, or empty for as the characters say.';
COMMENT ON COLUMN gazetted.articles.place IS 'The name of the point, or of the place where no point is known.';
COMMENT ON COLUMN gazetted.articles.explicit IS 'Of a podcast episode; null says nothing.';
COMMENT ON COLUMN gazetted.articles.origin IS 'Of an aggregated article: {"entry_id", "entry_url", "feed_id", "feed_url", "url", "title", "subtitle", "icon", "logo", "rights", "language", "authors"}, all optional.';
COMMENT ON COLUMN gazetted.articles.apart IS 'Told apart from every other article, however alike; what parts a story that was joined wrongly.';
COMMENT ON COLUMN gazetted.articles.retold IS 'Another article leads its story, and is shown instead where both belong; kept by triggers.';
COMMENT ON COLUMN gazetted.articles.rises IS 'False: in the history and on pages, but never at the top of a feed. Set where too many of a source came at once.';
CREATE FUNCTION gazetted.shown_in_category(a gazetted.articles, category bigint) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN CASE WHEN ((a).withdrawn IS NOT NULL) THEN false WHEN (NOT (a).retold) THEN true WHEN gazetted.told_in_category((a).id, category) THEN NULL::boolean ELSE true END;
CREATE FUNCTION gazetted.told_in_selection(article text, selection bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    RETURN EXISTS (SELECT FROM stories s CROSS JOIN LATERAL
                          (SELECT mate.article_id FROM stories mate
                            WHERE mate.lead_id = s.lead_id AND (mate.published, mate.article_id) < (s.published, s.article_id)
                            ORDER BY mate.published, mate.article_id LIMIT story_members_max()) AS earlier
                    WHERE s.article_id = article
                      AND EXISTS (SELECT FROM article_selections m WHERE m.article_id = earlier.article_id AND m.selection_id = selection OFFSET 0));
END $$;
CREATE FUNCTION gazetted.shown_in_selection(a gazetted.articles, selection bigint) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN CASE WHEN ((a).withdrawn IS NOT NULL) THEN false WHEN (NOT (a).retold) THEN true WHEN gazetted.told_in_selection((a).id, selection) THEN NULL::boolean ELSE true END;
CREATE FUNCTION gazetted.site_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
BEGIN
    -- Every feed names the site's author, and its page the site.
    PERFORM touch(array(SELECT id FROM categories UNION ALL SELECT id FROM selections) || 0::bigint);
    RETURN NULL;
END $$;
CREATE TABLE gazetted.categories (
    id bigint NOT NULL,
    slug text NOT NULL COLLATE pg_catalog."C",
    title text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    changed timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_before timestamp with time zone DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    created timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    feed_id text DEFAULT ('urn:uuid:'::text || gen_random_uuid()) NOT NULL,
    icon_url text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    logo_url text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    entry_link text DEFAULT ''::text NOT NULL,
    podcast_category text DEFAULT ''::text NOT NULL,
    podcast_explicit boolean DEFAULT false NOT NULL,
    removed timestamp with time zone,
    sunset_url text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    keep_days integer,
    keep_articles bigint,
    CONSTRAINT categories_description_check CHECK ((octet_length(description) <= 65536)),
    CONSTRAINT categories_entry_link_check CHECK ((entry_link = ANY (ARRAY[''::text, 'source'::text, 'page'::text]))),
    CONSTRAINT categories_feed_id_check CHECK (((feed_id <> ''::text) AND (octet_length(feed_id) <= 2048))),
    CONSTRAINT categories_icon_url_check CHECK (((icon_url ~* '^(https?://[^[:space:]]+)?$'::text) AND (octet_length(icon_url) <= 4096))),
    CONSTRAINT categories_keep_articles_check CHECK (((keep_articles >= 1) AND (keep_articles <= 1000000000))),
    CONSTRAINT categories_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 36500))),
    CONSTRAINT categories_language_check CHECK ((octet_length(language) <= 64)),
    CONSTRAINT categories_logo_url_check CHECK (((logo_url ~* '^(https?://[^[:space:]]+)?$'::text) AND (octet_length(logo_url) <= 4096))),
    CONSTRAINT categories_podcast_category_check CHECK ((octet_length(podcast_category) <= 512)),
    CONSTRAINT categories_removed_check CHECK (((removed >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (removed <= '9999-12-31 23:59:59+00'::timestamp with time zone))),
    CONSTRAINT categories_slug_check CHECK (((slug <> ''::text) AND (octet_length(slug) <= 512) AND (slug IS NFC NORMALIZED) AND (slug !~ '[[:cntrl:]/]'::text) AND (slug <> ALL (ARRAY['.'::text, '..'::text])))),
    CONSTRAINT categories_sunset_url_check CHECK (((sunset_url ~* '^(https?://[^[:space:]]+)?$'::text) AND (octet_length(sunset_url) <= 4096))),
    CONSTRAINT categories_title_check CHECK ((octet_length(title) <= 4096))
)
WITH (fillfactor='50');
COMMENT ON COLUMN gazetted.categories.revision IS 'Grows whenever what the category shows changes; kept by triggers.';
COMMENT ON COLUMN gazetted.categories.changed IS 'When the revision last grew, never going back; changed_before is the time before that.';
COMMENT ON COLUMN gazetted.categories.feed_id IS 'The id of its feeds, for life: minted once, so that neither a slug nor a domain changes it.';
COMMENT ON COLUMN gazetted.categories.icon_url IS 'Empty, as entry_link and logo_url: the site''s.';
COMMENT ON COLUMN gazetted.categories.podcast_category IS 'One of Apple''s; a category that has it is a podcast.';
COMMENT ON COLUMN gazetted.categories.removed IS 'When its addresses end, by an operator''s word: 410 from then on, and until then they say so. Null: they do not.';
COMMENT ON COLUMN gazetted.categories.sunset_url IS 'Where people read about the end.';
COMMENT ON COLUMN gazetted.categories.keep_days IS 'It is done with articles that were published so many days ago; null: with none.';
COMMENT ON COLUMN gazetted.categories.keep_articles IS 'It is done with what comes after so many articles in its feed''s order; null: with none.';
CREATE TABLE gazetted.former_names (
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    selection_id bigint NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT former_names_kind_check CHECK ((kind = ANY (ARRAY['category'::text, 'tag'::text, 'author'::text, 'source'::text]))),
    CONSTRAINT former_names_name_check CHECK (((name <> ''::text) AND (octet_length(name) <= 512)))
);
COMMENT ON TABLE gazetted.former_names IS 'What categories, tags, authors and sources were called before; kept by triggers. No current name is among them.';
COMMENT ON COLUMN gazetted.former_names.selection_id IS 'Who has the name''s articles now, of categories or selections: never a name, so that no chain is ever followed.';
CREATE VIEW gazetted.category_names AS
 SELECT categories.slug AS name,
    categories.id AS category_id
   FROM gazetted.categories
UNION ALL
 SELECT former_names.name,
    former_names.selection_id AS category_id
   FROM gazetted.former_names
  WHERE (former_names.kind = 'category'::text);
COMMENT ON VIEW gazetted.category_names IS 'Every slug that names a category, or did.';
CREATE FUNCTION gazetted.slugs_now(slugs jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT COALESCE(jsonb_agg(DISTINCT c.slug ORDER BY c.slug), '[]'::jsonb) AS "coalesce" FROM ((jsonb_array_elements_text(slugs_now.slugs) named(slug) JOIN gazetted.category_names k ON ((k.name = (named.slug COLLATE "C")))) JOIN gazetted.categories c ON ((c.id = k.category_id))));
CREATE FUNCTION gazetted.source_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO selections AS s (id, kind, name, source_id) VALUES (nextval('categories_id_seq'), 'source', NEW.slug, NEW.id)
        ON CONFLICT (source_id) DO UPDATE SET name = excluded.name WHERE s.name <> excluded.name;
    PERFORM touch(array(SELECT id FROM selections WHERE source_id = NEW.id));
    -- Other sources' entries name it where they tell its stories.
    IF TG_OP = 'UPDATE' AND (OLD.slug, OLD.title) IS DISTINCT FROM (NEW.slug, NEW.title) THEN
        PERFORM revise_articles(story_namers(array(SELECT s.article_id FROM stories s JOIN story_keys k ON k.article_id = s.article_id WHERE k.source_id = NEW.id)));
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION gazetted.story_lookers(ids text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION gazetted.story_looks_max() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 10;
CREATE FUNCTION gazetted.story_mates(ids text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    RETURN array(SELECT mate.article_id
                   FROM (SELECT DISTINCT ON (lead_id) * FROM stories WHERE article_id = ANY (ids) ORDER BY lead_id, published, article_id) AS s
                   JOIN stories mate ON mate.lead_id = s.lead_id AND (mate.published, mate.article_id) >= (s.published, s.article_id));
END $$;
CREATE FUNCTION gazetted.story_members_max() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 1000;
CREATE FUNCTION gazetted.story_namers(ids text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    RETURN array(SELECT article_id FROM stories
                  WHERE lead_id = ANY (array(SELECT DISTINCT lead_id FROM stories WHERE article_id = ANY (story_names(ids)))));
END $$;
CREATE FUNCTION gazetted.story_names(ids text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    RETURN array(SELECT s.article_id FROM stories s
                  WHERE s.article_id = ANY (ids)
                    AND (SELECT count(*) FROM (SELECT FROM stories e
                                                WHERE e.lead_id = s.lead_id AND (e.published, e.article_id) < (s.published, s.article_id)
                                                ORDER BY e.published, e.article_id LIMIT story_names_max() + 1) AS earlier) <= story_names_max());
END $$;
CREATE FUNCTION gazetted.story_names_max() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 20;
CREATE FUNCTION gazetted.story_twins(ids text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION gazetted.text_of_html(html text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $_$
DECLARE
    words text := html;
BEGIN
    IF words ~* '<(script|style)' THEN
        words := regexp_replace(words, '<(?:script|style)\M(?:[^<]|<(?!/(?:script|style)))*', ' ', 'gi');
    END IF;
    IF strpos(words, '<!--') > 0 THEN
        words := regexp_replace(words, '<!--(?:[^-]|-(?!->))*', ' ', 'g');
    END IF;
    IF words ~ '<(?:[^a-zA-Z/!?]|$)|<[^<>]*(?:<|$)|=\s*(?:"[^"<>]*[<>]|''[^''<>]*[<>])' THEN
        words := regexp_replace(words, '</?(?:[abisu]|abbr|code|em|font|mark|small|span|strong|su[bp]|wbr)\M(?:[^>"''=]|=\s*"[^"]*"|=\s*''[^'']*''|["''=])*>', '', 'gi');
        RETURN regexp_replace(words, '<[a-zA-Z/!?](?:[^>"''=]|=\s*"[^"]*"|=\s*''[^'']*''|["''=])*>?|&#?[a-zA-Z0-9]+;', ' ', 'g');
    END IF;
    IF strpos(words, '<') > 0 THEN
        words := (SELECT string_agg(CASE WHEN place = 1 THEN piece
                                         WHEN split_part(ltrim(translate(lower(split_part(piece, '>', 1)), E'/ \t\r\n\f', '      ')), ' ', 1)
                                              IN ('a', 'b', 'i', 's', 'u', 'abbr', 'code', 'em', 'font', 'mark', 'small', 'span', 'strong', 'sub', 'sup', 'wbr')
                                         THEN substr(piece, strpos(piece, '>') + 1)
                                         ELSE ' ' || substr(piece, strpos(piece, '>') + 1) END, '' ORDER BY place)
                    FROM string_to_table(words, '<') WITH ORDINALITY AS pieces (piece, place));
    END IF;
    RETURN CASE WHEN strpos(words, '&') > 0 THEN regexp_replace(words, '&#?[a-zA-Z0-9]+;', ' ', 'g') ELSE words END;
END $_$;
CREATE FUNCTION gazetted.story_words(content text, summary text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN "left"(gazetted.bare_text(gazetted.text_of_html("left"(CASE WHEN (content = ''::text) THEN summary ELSE content END, 8000))), 600);
CREATE FUNCTION gazetted.title_key(title text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (md5(NULLIF(gazetted.bare_text(title), ''::text)))::uuid;
CREATE FUNCTION gazetted.touch(category_ids bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gazetted', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
    IF cardinality(category_ids) = 0 THEN RETURN; END IF;
    INSERT INTO touched (category_id) SELECT DISTINCT unnest(category_ids || 0::bigint) ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION gazetted.url_key(url text) RETURNS uuid
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $_$
DECLARE
    host  text := lower(regexp_replace(substring(url FROM '^[a-zA-Z]+://([^/?#]*)'), CASE WHEN url ~* '^https' THEN ':(443)?$' ELSE ':(80)?$' END, ''));
    path  text := coalesce(nullif(substring(url FROM '^[a-zA-Z]+://[^/?#]*([^?#]*)'), ''), '/');
    query text := '';
BEGIN
    IF strpos(url, '?') > 0 THEN
        query := regexp_replace(regexp_replace(coalesce(substring(url FROM '^[^?#]*(\?[^#]*)'), ''),
            '([?&])(((utm|mtm|hsa)_[^=&]*|_ga|_gl|_hsenc|_hsmi|_openstat|action_(object|ref|type)_map|dclid|fbclid|'
            'gbraid|gclid|gclsrc|hsctatracking|igshid|li_fat_id|mc_cid|mc_eid|mkt_tok|msclkid|oly_(anon|enc)_id|'
            'rb_clickid|srsltid|ttclid|twclid|vero_conv|vero_id|wbraid|wickedid|yclid|ysclid)(=[^&]*)?(&|$))+',
            '\1', 'gi'), '[?&]$', '');
    END IF;
    RETURN CASE WHEN path <> '/' OR query <> '' THEN md5(host || path || query)::uuid END;
END $_$;
CREATE FUNCTION gazetted.words_of(title text, summary text, content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN gazetted.searchable("left"(((title || ' '::text) || gazetted.text_of_html("left"(((summary || ' '::text) || content), 24000))), 8000));
CREATE TABLE gazetted.article_categories (
    article_id text NOT NULL COLLATE pg_catalog."C",
    category_id bigint NOT NULL,
    published timestamp with time zone NOT NULL,
    shown boolean,
    rises boolean DEFAULT true NOT NULL
);
COMMENT ON TABLE gazetted.article_categories IS 'Writers give article_id and category_id; published, rises and shown follow the article by trigger.';
COMMENT ON COLUMN gazetted.article_categories.shown IS 'False: withdrawn. Null: an earlier article of its story is shown here instead.';
CREATE SEQUENCE gazetted.article_revisions
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE gazetted.article_selections (
    article_id text NOT NULL COLLATE pg_catalog."C",
    selection_id bigint NOT NULL,
    published timestamp with time zone NOT NULL,
    shown boolean,
    rises boolean DEFAULT true NOT NULL
);
COMMENT ON TABLE gazetted.article_selections IS 'Which tags, authors and sources articles have, and the articles'' order; kept by triggers.';
CREATE TABLE gazetted.article_tags (
    article_id text NOT NULL COLLATE pg_catalog."C",
    tag text NOT NULL COLLATE pg_catalog."C",
    scheme text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    label text DEFAULT ''::text NOT NULL,
    CONSTRAINT article_tags_label_check CHECK ((octet_length(label) <= 4096)),
    CONSTRAINT article_tags_scheme_check CHECK (((octet_length(scheme) <= 2048) AND (scheme !~ '[[:cntrl:][:space:]]'::text))),
    CONSTRAINT article_tags_tag_check CHECK (((tag <> ''::text) AND (octet_length(tag) <= 512) AND (tag IS NFC NORMALIZED) AND (tag !~ '[[:cntrl:]]'::text)))
);
COMMENT ON COLUMN gazetted.article_tags.label IS 'What people read instead of the tag; empty: the tag.';
CREATE TABLE gazetted.article_words (
    article_id text NOT NULL COLLATE pg_catalog."C",
    words text NOT NULL
);
COMMENT ON TABLE gazetted.article_words IS 'What articles are found by; kept by triggers.';
ALTER TABLE gazetted.articles ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gazetted.articles_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE gazetted.categories ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gazetted.categories_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gazetted.enclosures (
    article_id text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    url text NOT NULL COLLATE pg_catalog."C",
    media_type text NOT NULL COLLATE pg_catalog."C",
    length_bytes bigint,
    role text DEFAULT 'enclosure'::text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    duration_seconds integer,
    width integer,
    height integer,
    CONSTRAINT enclosures_duration_seconds_check CHECK ((duration_seconds >= 0)),
    CONSTRAINT enclosures_height_check CHECK ((height > 0)),
    CONSTRAINT enclosures_language_check CHECK ((octet_length(language) <= 64)),
    CONSTRAINT enclosures_length_bytes_check CHECK ((length_bytes >= 0)),
    CONSTRAINT enclosures_media_type_check CHECK (((media_type ~ '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+$'::text) AND (octet_length(media_type) <= 255))),
    CONSTRAINT enclosures_position_check CHECK (("position" >= 0)),
    CONSTRAINT enclosures_role_check CHECK ((role = ANY (ARRAY['enclosure'::text, 'media'::text, 'thumbnail'::text, 'transcript'::text, 'chapters'::text]))),
    CONSTRAINT enclosures_title_check CHECK ((octet_length(title) <= 4096)),
    CONSTRAINT enclosures_url_check CHECK (((url ~* '^https?://[^[:space:]]+$'::text) AND (octet_length(url) <= 4096))),
    CONSTRAINT enclosures_width_check CHECK ((width > 0))
);
COMMENT ON COLUMN gazetted.enclosures.role IS 'enclosure: to be downloaded; media: image, sound or video beside the text; thumbnail: stands for the article; transcript, chapters: of a podcast episode.';
CREATE TABLE gazetted.selections (
    id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    source_id bigint,
    revision bigint DEFAULT 1 NOT NULL,
    changed timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_before timestamp with time zone DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    created timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    feed_id text DEFAULT ('urn:uuid:'::text || gen_random_uuid()) NOT NULL,
    CONSTRAINT selections_check CHECK (((kind = 'source'::text) = (source_id IS NOT NULL))),
    CONSTRAINT selections_feed_id_check CHECK (((feed_id <> ''::text) AND (octet_length(feed_id) <= 2048))),
    CONSTRAINT selections_kind_check CHECK ((kind = ANY (ARRAY['tag'::text, 'author'::text, 'source'::text]))),
    CONSTRAINT selections_name_check CHECK (((name <> ''::text) AND (octet_length(name) <= 512)))
)
WITH (fillfactor='50');
COMMENT ON TABLE gazetted.selections IS 'What articles belong to beside categories; kept by triggers. A row stays when its last article leaves, and so does its feed id.';
COMMENT ON COLUMN gazetted.selections.id IS 'From the sequence of categories.id: no two things with a feed share an id.';
COMMENT ON COLUMN gazetted.selections.name IS 'The tag, the author''s name or the source''s slug.';
CREATE TABLE gazetted.sources (
    id bigint NOT NULL,
    slug text NOT NULL COLLATE pg_catalog."C",
    title text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    created timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    burst_max integer,
    entry_link text DEFAULT ''::text NOT NULL,
    CONSTRAINT sources_burst_max_check CHECK ((burst_max >= 0)),
    CONSTRAINT sources_entry_link_check CHECK ((entry_link = ANY (ARRAY[''::text, 'source'::text, 'page'::text]))),
    CONSTRAINT sources_slug_check CHECK (((slug <> ''::text) AND (octet_length(slug) <= 512) AND (slug IS NFC NORMALIZED) AND (slug !~ '[[:cntrl:]/]'::text) AND (slug <> ALL (ARRAY['.'::text, '..'::text])))),
    CONSTRAINT sources_title_check CHECK ((octet_length(title) <= 4096)),
    CONSTRAINT sources_url_check CHECK ((octet_length(url) <= 4096))
);
COMMENT ON TABLE gazetted.sources IS 'Where articles came from: an imported site, later an upstream feed.';
COMMENT ON COLUMN gazetted.sources.burst_max IS 'Null: the site''s.';
COMMENT ON COLUMN gazetted.sources.entry_link IS 'Empty: the site''s.';
CREATE TABLE gazetted.stories (
    article_id text NOT NULL COLLATE pg_catalog."C",
    lead_id text NOT NULL COLLATE pg_catalog."C",
    published timestamp with time zone NOT NULL
);
COMMENT ON TABLE gazetted.stories IS 'Articles that others tell as well, and which article leads them; kept by triggers.';
COMMENT ON COLUMN gazetted.stories.lead_id IS 'The earliest article that it makes a pair with and that follows no other itself; its own id: it leads.';
CREATE VIEW gazetted.complete_articles AS
 SELECT a.id,
    a.number,
    a.source_id,
    a.url,
    a.title,
        CASE
            WHEN ((a.authors <> '[]'::jsonb) AND (EXISTS ( SELECT
               FROM gazetted.former_names
              WHERE (former_names.kind = 'author'::text)))) THEN ( SELECT jsonb_agg(
                    CASE
                        WHEN (s.name IS NULL) THEN said.person
                        ELSE (said.person || jsonb_build_object('name', s.name))
                    END ORDER BY said.place) AS jsonb_agg
               FROM ((jsonb_array_elements(a.authors) WITH ORDINALITY said(person, place)
                 LEFT JOIN gazetted.former_names f ON (((f.kind = 'author'::text) AND (f.name = (NORMALIZE(btrim(regexp_replace((said.person ->> 'name'::text), '[[:space:]]+'::text, ' '::text, 'g'::text))) COLLATE "C")))))
                 LEFT JOIN gazetted.selections s ON ((s.id = f.selection_id))))
            ELSE a.authors
        END AS authors,
    a.summary,
    a.content,
    a.language,
    a.published,
        CASE
            WHEN (a.updated > GREATEST(a.changed, a.published)) THEN GREATEST(a.changed, a.published)
            ELSE a.updated
        END AS updated,
    a.first_seen,
    a.withdrawn,
    a.revision,
    a.changed,
    a.direction,
    a.rights,
    a.comments_url,
    a.latitude,
    a.longitude,
    a.place,
    a.season,
    a.episode,
    a.episode_kind,
    a.explicit,
    a.origin,
    a.apart,
    a.retold,
    a.rises,
    COALESCE(( SELECT jsonb_agg(jsonb_build_array(k.slug, k.title) ORDER BY k.slug) AS jsonb_agg
           FROM (gazetted.article_categories c
             JOIN gazetted.categories k ON ((k.id = c.category_id)))
          WHERE ((c.article_id = a.id) AND (k.removed IS NULL))), '[]'::jsonb) AS categories,
    COALESCE(( SELECT jsonb_agg(jsonb_build_array(COALESCE(s.name, t.tag), t.scheme, t.label) ORDER BY COALESCE(s.name, t.tag), (s.name IS NOT NULL), t.tag) AS jsonb_agg
           FROM ((gazetted.article_tags t
             LEFT JOIN gazetted.former_names f ON (((f.kind = 'tag'::text) AND (f.name = t.tag))))
             LEFT JOIN gazetted.selections s ON ((s.id = f.selection_id)))
          WHERE (t.article_id = a.id)), '[]'::jsonb) AS tags,
    COALESCE(( SELECT jsonb_agg(jsonb_build_array(e.url, e.media_type, e.length_bytes, e.role, e.title, e.language, e.duration_seconds, e.width, e.height) ORDER BY e."position") AS jsonb_agg
           FROM gazetted.enclosures e
          WHERE (e.article_id = a.id)), '[]'::jsonb) AS enclosures,
        CASE
            WHEN ((a.direction <> ''::text) OR (a.rights <> ''::text) OR (a.place <> ''::text) OR (a.episode_kind <> ''::text) OR (num_nonnulls(a.comments_url, a.latitude, a.season, a.episode, a.explicit, a.origin) > 0)) THEN jsonb_strip_nulls(jsonb_build_object('direction', a.direction, 'rights', a.rights, 'comments_url', a.comments_url, 'latitude', (a.latitude)::text, 'longitude', (a.longitude)::text, 'place', a.place, 'season', a.season, 'episode', a.episode, 'episode_kind', a.episode_kind, 'explicit', a.explicit, 'origin', a.origin))
            ELSE NULL::jsonb
        END AS details,
        CASE
            WHEN (a.source_id IS NOT NULL) THEN ( SELECT jsonb_agg(jsonb_build_array(o.title, o.slug, r.url, r.number) ORDER BY mate.published, mate.article_id) AS jsonb_agg
               FROM (((( SELECT stories.lead_id
                       FROM gazetted.stories
                      WHERE (stories.article_id = a.id)
                     OFFSET 0) s
                 CROSS JOIN LATERAL ( SELECT stories.article_id,
                        stories.published
                       FROM gazetted.stories
                      WHERE ((stories.lead_id = s.lead_id) AND (stories.article_id <> a.id))
                      ORDER BY stories.published, stories.article_id
                     LIMIT gazetted.story_names_max()) mate)
                 CROSS JOIN LATERAL ( SELECT articles.url,
                        articles.number,
                        articles.source_id
                       FROM gazetted.articles
                      WHERE (articles.id = mate.article_id)
                     OFFSET 0) r)
                 JOIN gazetted.sources o ON ((o.id = r.source_id))))
            ELSE NULL::jsonb
        END AS retellings
   FROM gazetted.articles a;
COMMENT ON VIEW gazetted.complete_articles IS 'Articles with what belongs to them, as arrays, as one object what few of them have, and who else tells their story (null: nothing, nobody); one article costs four index look-ups, five if it has a source.';
CREATE TABLE gazetted.rules (
    id bigint NOT NULL,
    source_id bigint,
    category_id bigint,
    "position" integer NOT NULL,
    action text NOT NULL COLLATE pg_catalog."C",
    value text DEFAULT ''::text NOT NULL,
    field text DEFAULT 'title'::text NOT NULL COLLATE pg_catalog."C",
    pattern text DEFAULT ''::text NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rules_action_check CHECK ((action = ANY (ARRAY['keep'::text, 'drop'::text, 'category'::text, 'tag'::text, 'language'::text, 'rewrite'::text, 'strip'::text]))),
    CONSTRAINT rules_check CHECK ((num_nonnulls(source_id, category_id) = 1)),
    CONSTRAINT rules_field_check CHECK ((field = ANY (ARRAY['title'::text, 'content'::text, 'author'::text, 'link'::text, 'tag'::text, 'language'::text]))),
    CONSTRAINT rules_pattern_check CHECK ((octet_length(pattern) <= 1000)),
    CONSTRAINT rules_position_check CHECK ((("position" >= 1) AND ("position" <= 100))),
    CONSTRAINT rules_value_check CHECK ((octet_length(value) <= 4096))
);
COMMENT ON TABLE gazetted.rules IS 'What is done with articles as they are polled: a source''s rules, then those of each category that it is in, by position.';
COMMENT ON COLUMN gazetted.rules.value IS 'Of category (a slug), tag, language and rewrite (what stands where the pattern matches); else empty.';
COMMENT ON COLUMN gazetted.rules.pattern IS 'A regular expression of RE2, matched anywhere in the field; empty: every article.';
CREATE TABLE gazetted.subscription_categories (
    source_id bigint NOT NULL,
    category_id bigint NOT NULL
);
COMMENT ON TABLE gazetted.subscription_categories IS 'Which categories a subscription''s articles are filed under.';
CREATE VIEW gazetted.rules_of_sources AS
 SELECT r.source_id,
    ''::text AS category,
    r."position",
    r.id,
    r.action,
    r.field,
    r.pattern,
    r.value
   FROM gazetted.rules r
  WHERE (r.source_id IS NOT NULL)
UNION ALL
 SELECT m.source_id,
    c.slug AS category,
    r."position",
    r.id,
    r.action,
    r.field,
    r.pattern,
    r.value
   FROM ((( SELECT subscription_categories.source_id,
            subscription_categories.category_id
           FROM gazetted.subscription_categories
        UNION
         SELECT f.source_id,
            k.category_id
           FROM (gazetted.rules f
             JOIN gazetted.category_names k ON ((k.name = (f.value COLLATE "C"))))
          WHERE ((f.action = 'category'::text) AND (f.source_id IS NOT NULL))) m
     JOIN gazetted.rules r ON ((r.category_id = m.category_id)))
     JOIN gazetted.categories c ON ((c.id = r.category_id)));
COMMENT ON VIEW gazetted.rules_of_sources IS 'Which rules concern a subscription: its own, and those of the categories that it, or a rule of its own, files under.';
CREATE TABLE gazetted.subscriptions (
    source_id bigint NOT NULL,
    feed_url text NOT NULL COLLATE pg_catalog."C",
    state text DEFAULT 'active'::text NOT NULL,
    conditional_min interval,
    whole_min interval,
    interval_max interval,
    user_agent text DEFAULT ''::text NOT NULL,
    credentials text DEFAULT ''::text NOT NULL,
    allow_private boolean DEFAULT false NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    content text DEFAULT 'full'::text NOT NULL,
    etag text DEFAULT ''::text NOT NULL,
    last_modified text DEFAULT ''::text NOT NULL,
    document_hash text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    wanted_interval bigint DEFAULT 0 NOT NULL,
    moved_to text DEFAULT ''::text NOT NULL,
    moved_count integer DEFAULT 0 NOT NULL,
    moved_first timestamp with time zone,
    gone_count integer DEFAULT 0 NOT NULL,
    gone_first timestamp with time zone,
    last_poll timestamp with time zone,
    last_success timestamp with time zone,
    last_whole timestamp with time zone,
    next_poll timestamp with time zone DEFAULT now() NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    claim uuid,
    status integer,
    error text DEFAULT ''::text NOT NULL,
    error_since timestamp with time zone,
    polls bigint DEFAULT 0 NOT NULL,
    unchanged bigint DEFAULT 0 NOT NULL,
    bytes_received bigint DEFAULT 0 NOT NULL,
    bytes_saved bigint DEFAULT 0 NOT NULL,
    whole_bytes bigint DEFAULT 0 NOT NULL,
    skip_hours integer DEFAULT 0 NOT NULL,
    skip_days integer DEFAULT 0 NOT NULL,
    upstream_id text DEFAULT ''::text NOT NULL,
    upstream_title text DEFAULT ''::text NOT NULL,
    upstream_home text DEFAULT ''::text NOT NULL,
    silent_after timestamp with time zone,
    host text GENERATED ALWAYS AS (lower("substring"(feed_url, '^https?://(?:[^/?#]*@)?(\[[^]]*\]|[^/?#:]*)'::text))) STORED NOT NULL COLLATE pg_catalog."C",
    not_before timestamp with time zone,
    CONSTRAINT subscriptions_conditional_min_check CHECK (((conditional_min >= '00:01:00'::interval) AND (conditional_min <= '30 days'::interval))),
    CONSTRAINT subscriptions_content_check CHECK ((content = ANY (ARRAY['full'::text, 'summary'::text]))),
    CONSTRAINT subscriptions_credentials_check CHECK (((octet_length(credentials) <= 1024) AND (credentials !~ '[[:cntrl:]]'::text))),
    CONSTRAINT subscriptions_error_check CHECK ((octet_length(error) <= 4096)),
    CONSTRAINT subscriptions_etag_check CHECK ((octet_length(etag) <= 4096)),
    CONSTRAINT subscriptions_feed_url_check CHECK (((feed_url ~ '^https?://[^[:space:]]+$'::text) AND (octet_length(feed_url) <= 4096))),
    CONSTRAINT subscriptions_interval_max_check CHECK (((interval_max >= '00:01:00'::interval) AND (interval_max <= '30 days'::interval))),
    CONSTRAINT subscriptions_language_check CHECK ((octet_length(language) <= 64)),
    CONSTRAINT subscriptions_last_modified_check CHECK ((octet_length(last_modified) <= 512)),
    CONSTRAINT subscriptions_moved_to_check CHECK ((octet_length(moved_to) <= 4096)),
    CONSTRAINT subscriptions_skip_days_check CHECK (((skip_days >= 0) AND (skip_days <= 127))),
    CONSTRAINT subscriptions_skip_hours_check CHECK (((skip_hours >= 0) AND (skip_hours <= 16777215))),
    CONSTRAINT subscriptions_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'gone'::text]))),
    CONSTRAINT subscriptions_upstream_home_check CHECK ((octet_length(upstream_home) <= 4096)),
    CONSTRAINT subscriptions_upstream_id_check CHECK ((octet_length(upstream_id) <= 4096)),
    CONSTRAINT subscriptions_upstream_title_check CHECK ((octet_length(upstream_title) <= 4096)),
    CONSTRAINT subscriptions_user_agent_check CHECK (((octet_length(user_agent) <= 512) AND (user_agent !~ '[[:cntrl:]]'::text))),
    CONSTRAINT subscriptions_wanted_interval_check CHECK ((wanted_interval >= 0)),
    CONSTRAINT subscriptions_whole_min_check CHECK (((whole_min >= '00:01:00'::interval) AND (whole_min <= '30 days'::interval)))
)
WITH (fillfactor='70');
COMMENT ON TABLE gazetted.subscriptions IS 'Upstream feeds that are polled, one a source.';
COMMENT ON COLUMN gazetted.subscriptions.state IS 'paused: an operator said so; gone: upstream answered 410 again and again.';
COMMENT ON COLUMN gazetted.subscriptions.credentials IS 'user:password for HTTP Basic, or "Bearer token"; shown by no command.';
COMMENT ON COLUMN gazetted.subscriptions.wanted_interval IS 'Seconds that upstream asks for and its entries suggest.';
COMMENT ON COLUMN gazetted.subscriptions.claim IS 'Who polls it now: the outcome is written by nobody else.';
COMMENT ON COLUMN gazetted.subscriptions.bytes_saved IS 'What answers 304 would have cost, by the size of the last whole one.';
COMMENT ON COLUMN gazetted.subscriptions.skip_hours IS 'A bit for each hour in GMT in which the channel is not to be asked, the lowest for midnight.';
COMMENT ON COLUMN gazetted.subscriptions.skip_days IS 'The same for days, the lowest bit for Sunday.';
COMMENT ON COLUMN gazetted.subscriptions.upstream_id IS 'With upstream_title and upstream_home: what the feed called itself last; all empty: whatever answers is the feed.';
COMMENT ON COLUMN gazetted.subscriptions.silent_after IS 'Without a new entry by then it has been silent beyond its usual; null where its entries do not say what is usual.';
COMMENT ON COLUMN gazetted.subscriptions.host IS 'Of feed_url: a host is asked for one feed at a time.';
COMMENT ON COLUMN gazetted.subscriptions.not_before IS 'As Retry-After of the last answer says; null: it said nothing.';
CREATE VIEW gazetted.described_subscriptions AS
 SELECT s.source_id,
    o.slug,
    o.title,
    o.url AS home_url,
    s.feed_url,
    s.state,
    s.user_agent,
    s.credentials,
    s.allow_private,
    s.language,
    s.content,
    (EXTRACT(epoch FROM s.conditional_min))::bigint AS conditional_min_s,
    (EXTRACT(epoch FROM s.whole_min))::bigint AS whole_min_s,
    (EXTRACT(epoch FROM s.interval_max))::bigint AS interval_max_s,
    s.etag,
    s.last_modified,
    s.document_hash,
    s.wanted_interval,
    s.moved_to,
    s.moved_count,
    gazetted.microseconds(s.moved_first) AS moved_first,
    s.gone_count,
    gazetted.microseconds(s.gone_first) AS gone_first,
    gazetted.microseconds(s.last_poll) AS last_poll,
    gazetted.microseconds(s.last_success) AS last_success,
    gazetted.microseconds(s.last_whole) AS last_whole,
    gazetted.microseconds(s.next_poll) AS next_poll,
    s.failures,
    s.claim,
    s.status,
    s.error,
    gazetted.microseconds(s.error_since) AS error_since,
    s.polls,
    s.unchanged,
    s.bytes_received,
    s.bytes_saved,
    COALESCE(( SELECT jsonb_agg(c.slug ORDER BY c.slug) AS jsonb_agg
           FROM (gazetted.subscription_categories m
             JOIN gazetted.categories c ON ((c.id = m.category_id)))
          WHERE (m.source_id = s.source_id)), '[]'::jsonb) AS categories,
    s.skip_hours,
    s.skip_days,
    s.upstream_id,
    s.upstream_title,
    s.upstream_home,
    gazetted.microseconds(s.silent_after) AS silent_after,
        CASE
            WHEN (EXISTS ( SELECT
               FROM gazetted.rules)) THEN COALESCE(( SELECT jsonb_agg(jsonb_build_array(r.id, r.category, r.action, r.field, r.pattern, COALESCE(c.slug, r.value), (c.slug IS NOT NULL)) ORDER BY (r.category COLLATE "C"), r."position") AS jsonb_agg
               FROM ((gazetted.rules_of_sources r
                 LEFT JOIN gazetted.category_names k ON (((r.action = 'category'::text) AND (k.name = (r.value COLLATE "C")))))
                 LEFT JOIN gazetted.categories c ON ((c.id = k.category_id)))
              WHERE (r.source_id = s.source_id)), '[]'::jsonb)
            ELSE '[]'::jsonb
        END AS rules,
    s.host,
    gazetted.microseconds(s.not_before) AS not_before
   FROM (gazetted.subscriptions s
     JOIN gazetted.sources o ON ((o.id = s.source_id)));
COMMENT ON VIEW gazetted.described_subscriptions IS 'Subscriptions with what belongs to them; times in microseconds since 1970, intervals in seconds.';
CREATE TABLE gazetted.dropped_articles (
    source_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    article_id text NOT NULL COLLATE pg_catalog."C",
    article jsonb NOT NULL,
    reason text NOT NULL,
    dropped timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE gazetted.dropped_articles IS 'What a rule dropped before anybody saw it, as it came: the newest 1,000 of a source, so that they can come back.';
CREATE TABLE gazetted.feed_pollers (
    day date NOT NULL,
    path text NOT NULL COLLATE pg_catalog."C",
    registers bytea NOT NULL,
    seen timestamp with time zone NOT NULL,
    CONSTRAINT feed_pollers_path_check CHECK (((path ~ '^/'::text) AND (octet_length(path) <= 2048))),
    CONSTRAINT feed_pollers_registers_check CHECK ((octet_length(registers) = 256))
);
COMMENT ON TABLE gazetted.feed_pollers IS 'Distinct pollers of a feed that read for themselves, a UTC day: a HyperLogLog sketch.';
CREATE TABLE gazetted.feed_subscribers (
    path text NOT NULL COLLATE pg_catalog."C",
    service text NOT NULL COLLATE pg_catalog."C",
    feed text NOT NULL COLLATE pg_catalog."C",
    subscribers bigint NOT NULL,
    seen timestamp with time zone NOT NULL,
    CONSTRAINT feed_subscribers_feed_check CHECK ((octet_length(feed) <= 64)),
    CONSTRAINT feed_subscribers_path_check CHECK (((path ~ '^/'::text) AND (octet_length(path) <= 2048))),
    CONSTRAINT feed_subscribers_service_check CHECK (((octet_length(service) >= 1) AND (octet_length(service) <= 64))),
    CONSTRAINT feed_subscribers_subscribers_check CHECK ((subscribers >= 0))
);
COMMENT ON TABLE gazetted.feed_subscribers IS 'For how many a service last said it reads a feed; feed is its own number of it, or empty.';
CREATE TABLE gazetted.imported_files (
    source_id bigint NOT NULL,
    path text NOT NULL COLLATE pg_catalog."C",
    article_id text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT imported_files_path_check CHECK (((octet_length(path) >= 1) AND (octet_length(path) <= 1024)))
);
COMMENT ON TABLE gazetted.imported_files IS 'Which file of an imported site became which article, also where the article is gone.';
COMMENT ON COLUMN gazetted.imported_files.hash IS 'Of title and content: by it a file that got another name is known.';
CREATE VIEW gazetted.members AS
 SELECT (0)::bigint AS selection_id,
    articles.id AS article_id,
    articles.rises,
    articles.published,
    ((articles.withdrawn IS NULL) AND (NOT articles.retold)) AS shown,
    (articles.withdrawn IS NOT NULL) AS is_withdrawn,
    false AS is_retold
   FROM gazetted.articles
UNION ALL
 SELECT article_categories.category_id AS selection_id,
    article_categories.article_id,
    article_categories.rises,
    article_categories.published,
    article_categories.shown,
    (NOT article_categories.shown) AS is_withdrawn,
    (article_categories.shown IS NULL) AS is_retold
   FROM gazetted.article_categories
UNION ALL
 SELECT article_selections.selection_id,
    article_selections.article_id,
    article_selections.rises,
    article_selections.published,
    article_selections.shown,
    (NOT article_selections.shown) AS is_withdrawn,
    (article_selections.shown IS NULL) AS is_retold
   FROM gazetted.article_selections;
COMMENT ON VIEW gazetted.members IS 'What belongs to a category, tag, author or source, or (0) to the site, whichever it is. Who is retold is asked for combinations, which the site is no part of.';
CREATE TABLE gazetted.migrations (
    version integer NOT NULL,
    name text NOT NULL,
    applied timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE gazetted.migrations IS 'Which files of sql/migrations this schema has.';
CREATE VIEW gazetted.named_selections AS
 SELECT t.article_id,
    'tag'::text AS kind,
    COALESCE(s.name, t.tag) AS name
   FROM ((gazetted.article_tags t
     LEFT JOIN gazetted.former_names f ON (((f.kind = 'tag'::text) AND (f.name = t.tag))))
     LEFT JOIN gazetted.selections s ON ((s.id = f.selection_id)))
UNION ALL
 SELECT DISTINCT a.id AS article_id,
    'author'::text AS kind,
    COALESCE(s.name, author.name) AS name
   FROM (((gazetted.articles a
     CROSS JOIN LATERAL ( SELECT (NORMALIZE(btrim(regexp_replace((person.value ->> 'name'::text), '[[:space:]]+'::text, ' '::text, 'g'::text))) COLLATE "C") AS name
           FROM jsonb_array_elements(a.authors) person(value)) author)
     LEFT JOIN gazetted.former_names f ON (((f.kind = 'author'::text) AND (f.name = author.name))))
     LEFT JOIN gazetted.selections s ON ((s.id = f.selection_id)))
  WHERE ((author.name <> ''::text) AND (octet_length(author.name) <= 512) AND (author.name !~ '[[:cntrl:]]'::text))
UNION ALL
 SELECT a.id AS article_id,
    'source'::text AS kind,
    s.slug AS name
   FROM (gazetted.articles a
     JOIN gazetted.sources s ON ((s.id = a.source_id)));
COMMENT ON VIEW gazetted.named_selections IS 'What each article says that it belongs to: what article_selections has to follow.';
CREATE TABLE gazetted.poller_keys (
    day date NOT NULL,
    key bigint NOT NULL
);
CREATE TABLE gazetted.reader_habits (
    day date NOT NULL,
    reader text NOT NULL COLLATE pg_catalog."C",
    requests bigint NOT NULL,
    conditional bigint NOT NULL,
    not_modified bigint NOT NULL,
    body_bytes bigint NOT NULL,
    repeated bigint NOT NULL,
    repeated_bytes bigint NOT NULL,
    CONSTRAINT reader_habits_reader_check CHECK (((octet_length(reader) >= 1) AND (octet_length(reader) <= 64)))
);
COMMENT ON COLUMN gazetted.reader_habits.conditional IS 'Requests with If-None-Match or If-Modified-Since.';
COMMENT ON COLUMN gazetted.reader_habits.repeated IS 'Requests without either for the very bytes that the same poller had been sent before.';
CREATE TABLE gazetted.removed_articles (
    number bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    rises boolean NOT NULL,
    published timestamp with time zone NOT NULL,
    removed timestamp with time zone DEFAULT now() NOT NULL
);
COMMENT ON TABLE gazetted.removed_articles IS 'What retention removed: its page answers 410, no import brings it back, and histories go on behind its place.';
CREATE VIEW gazetted.retention_bounds AS
 SELECT k.category_id,
    k.rises,
        CASE
            WHEN ((k.nth_published > k.since) OR (k.since IS NULL)) THEN k.nth_published
            ELSE k.since
        END AS published,
        CASE
            WHEN ((k.nth_published > k.since) OR (k.since IS NULL)) THEN k.nth_id
            ELSE ''::text
        END AS article_id
   FROM ( SELECT c.id AS category_id,
            kind.rises,
            (now() - make_interval(days => c.keep_days)) AS since,
                CASE
                    WHEN (nth.rises = kind.rises) THEN nth.published
                    WHEN nth.rises THEN 'infinity'::timestamp with time zone
                    ELSE NULL::timestamp with time zone
                END AS nth_published,
                CASE
                    WHEN (nth.rises = kind.rises) THEN nth.article_id
                    ELSE ''::text
                END AS nth_id
           FROM ((gazetted.categories c
             CROSS JOIN ( VALUES (true), (false)) kind(rises))
             LEFT JOIN LATERAL ( SELECT m.rises,
                    m.published,
                    m.article_id
                   FROM gazetted.article_categories m
                  WHERE ((m.category_id = c.id) AND m.shown AND (m.published <= now()))
                  ORDER BY m.rises DESC, m.published DESC, m.article_id DESC
                 OFFSET (c.keep_articles - 1)
                 LIMIT
                        CASE
                            WHEN (c.keep_articles IS NULL) THEN 0
                            ELSE 1
                        END) nth ON (true))
          WHERE ((c.keep_days IS NOT NULL) OR (c.keep_articles IS NOT NULL))) k
  WHERE ((k.since IS NOT NULL) OR (k.nth_published IS NOT NULL));
COMMENT ON VIEW gazetted.retention_bounds IS 'Which articles categories with a limit are done with: those of that kind that are before (published, article_id).';
ALTER TABLE gazetted.rules ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gazetted.rules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gazetted.rulings (
    article_id text NOT NULL COLLATE pg_catalog."C",
    undo jsonb NOT NULL,
    reasons jsonb NOT NULL,
    withdrew timestamp with time zone,
    CONSTRAINT rulings_reasons_check CHECK ((jsonb_typeof(reasons) = 'array'::text)),
    CONSTRAINT rulings_undo_check CHECK ((jsonb_typeof(undo) = 'object'::text))
);
COMMENT ON TABLE gazetted.rulings IS 'What rules did with stored articles.';
COMMENT ON COLUMN gazetted.rulings.reasons IS 'Which rule did what and why, a sentence each.';
COMMENT ON COLUMN gazetted.rulings.withdrew IS 'When a rule withdrew it. Where articles.withdrawn is something else, somebody thought otherwise since.';
CREATE TABLE gazetted.set_aside (
    article_id text NOT NULL COLLATE pg_catalog."C",
    path text NOT NULL COLLATE pg_catalog."C",
    revision bigint NOT NULL,
    reason text NOT NULL,
    seen timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT set_aside_path_check CHECK (((path ~ '^/'::text) AND (octet_length(path) <= 2048))),
    CONSTRAINT set_aside_reason_check CHECK ((octet_length(reason) <= 1024))
);
COMMENT ON TABLE gazetted.set_aside IS 'Articles that a feed goes on without, because it would not be valid with them.';
CREATE TABLE gazetted.site (
    singleton boolean DEFAULT true NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    author text DEFAULT ''::text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    changed timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_before timestamp with time zone DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    created timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    feed_id text DEFAULT ('urn:uuid:'::text || gen_random_uuid()) NOT NULL,
    icon_url text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    logo_url text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    rights text DEFAULT ''::text NOT NULL,
    entry_link text DEFAULT 'source'::text NOT NULL,
    burst_max integer DEFAULT 20 NOT NULL,
    CONSTRAINT site_author_check CHECK ((octet_length(author) <= 4096)),
    CONSTRAINT site_burst_max_check CHECK ((burst_max >= 0)),
    CONSTRAINT site_description_check CHECK ((octet_length(description) <= 65536)),
    CONSTRAINT site_entry_link_check CHECK ((entry_link = ANY (ARRAY['source'::text, 'page'::text]))),
    CONSTRAINT site_feed_id_check CHECK (((feed_id <> ''::text) AND (octet_length(feed_id) <= 2048))),
    CONSTRAINT site_icon_url_check CHECK (((icon_url ~* '^(https?://[^[:space:]]+)?$'::text) AND (octet_length(icon_url) <= 4096))),
    CONSTRAINT site_language_check CHECK ((octet_length(language) <= 64)),
    CONSTRAINT site_logo_url_check CHECK (((logo_url ~* '^(https?://[^[:space:]]+)?$'::text) AND (octet_length(logo_url) <= 4096))),
    CONSTRAINT site_rights_check CHECK ((octet_length(rights) <= 16384)),
    CONSTRAINT site_singleton_check CHECK (singleton),
    CONSTRAINT site_title_check CHECK ((octet_length(title) <= 4096))
)
WITH (fillfactor='10');
COMMENT ON TABLE gazetted.site IS 'One row: what the selection "all" is called, and the revision that grows with every shown change.';
COMMENT ON COLUMN gazetted.site.entry_link IS 'Where entries of all its feeds point: to the article''s url, or to our page of it.';
COMMENT ON COLUMN gazetted.site.burst_max IS 'New articles of one source within an hour that rise to the top of feeds; 0: all of them.';
ALTER TABLE gazetted.sources ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gazetted.sources_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gazetted.story_keys (
    article_id text NOT NULL COLLATE pg_catalog."C",
    source_id bigint NOT NULL,
    published timestamp with time zone NOT NULL,
    url_key uuid,
    title_key uuid,
    words text COLLATE pg_catalog."C"
);
COMMENT ON TABLE gazetted.story_keys IS 'What may join articles that have a source and are neither withdrawn nor apart; kept by triggers.';
COMMENT ON COLUMN gazetted.story_keys.words IS 'How the text begins; null until another source uses the title.';
CREATE TABLE gazetted.story_pairs (
    article_id text NOT NULL COLLATE pg_catalog."C",
    other_id text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT story_pairs_reason_check CHECK ((reason = ANY (ARRAY['url'::text, 'text'::text])))
);
COMMENT ON TABLE gazetted.story_pairs IS 'Articles of two sources that tell one story, each pair in both orders, as far as one of them looks; kept by triggers.';
COMMENT ON COLUMN gazetted.story_pairs.reason IS 'url: the same address; text: the same title within 48 hours, and nearly the same text.';
CREATE VIEW gazetted.story_reasons AS
 SELECT s.article_id,
    s.lead_id,
    p.other_id,
    o.source_id AS other_source_id,
    p.reason
   FROM ((gazetted.stories s
     JOIN gazetted.story_pairs p ON ((p.article_id = s.article_id)))
     JOIN gazetted.story_keys o ON ((o.article_id = p.other_id)));
COMMENT ON VIEW gazetted.story_reasons IS 'Why an article counts as telling a story that others tell: with which of them it makes a pair, by what, and which one leads.';
CREATE UNLOGGED TABLE gazetted.touched (
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    category_id bigint NOT NULL
);
COMMENT ON TABLE gazetted.touched IS 'Categories that a running transaction touched; 0 is the whole site. Empty between transactions.';
CREATE TABLE gazetted.upstream_documents (
    source_id bigint NOT NULL,
    is_good boolean NOT NULL,
    fetched timestamp with time zone NOT NULL,
    url text NOT NULL,
    content_type text NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT upstream_documents_bytes_check CHECK ((octet_length(bytes) <= 1048576))
);
COMMENT ON TABLE gazetted.upstream_documents IS 'The first MiB of the last document that was a feed and of the last that was none, as they came.';
CREATE TABLE gazetted.upstream_entries (
    source_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    article_id text COLLATE pg_catalog."C",
    link text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    first_seen timestamp with time zone NOT NULL,
    CONSTRAINT upstream_entries_key_check CHECK (((octet_length(key) >= 1) AND (octet_length(key) <= 2048))),
    CONSTRAINT upstream_entries_link_check CHECK ((octet_length(link) <= 4096))
);
COMMENT ON TABLE gazetted.upstream_entries IS 'Which upstream entry became which article. A row whose article was deleted keeps it from coming back.';
COMMENT ON COLUMN gazetted.upstream_entries.key IS 'What tells the entry from its neighbours, from its id.';
COMMENT ON COLUMN gazetted.upstream_entries.hash IS 'Of what matters: while it is the same the entry is unchanged.';
CREATE TABLE gazetted.users (
    name text NOT NULL COLLATE pg_catalog."C",
    token_hash bytea NOT NULL,
    scopes text[] NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone DEFAULT now() NOT NULL,
    last_used timestamp with time zone,
    revoked timestamp with time zone,
    CONSTRAINT users_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,63}$'::text)),
    CONSTRAINT users_scopes_check CHECK (((scopes <@ '{read,publish,admin}'::text[]) AND ((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 3)))),
    CONSTRAINT users_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
COMMENT ON TABLE gazetted.users IS 'Programs and people who administer over HTTP, each with one token.';
COMMENT ON COLUMN gazetted.users.token_hash IS 'SHA-256 of the whole token, its name included.';
COMMENT ON COLUMN gazetted.users.scopes IS 'What the token is for: read, publish, admin; none of them includes another.';
COMMENT ON COLUMN gazetted.users.last_used IS 'To the minute.';
ALTER TABLE ONLY gazetted.article_categories
    ADD CONSTRAINT article_categories_pkey PRIMARY KEY (article_id, category_id);
ALTER TABLE ONLY gazetted.article_selections
    ADD CONSTRAINT article_selections_pkey PRIMARY KEY (article_id, selection_id);
ALTER TABLE ONLY gazetted.article_tags
    ADD CONSTRAINT article_tags_pkey PRIMARY KEY (article_id, tag);
ALTER TABLE ONLY gazetted.article_words
    ADD CONSTRAINT article_words_pkey PRIMARY KEY (article_id);
ALTER TABLE ONLY gazetted.articles
    ADD CONSTRAINT articles_number_key UNIQUE (number);
ALTER TABLE ONLY gazetted.articles
    ADD CONSTRAINT articles_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gazetted.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gazetted.categories
    ADD CONSTRAINT categories_slug_key UNIQUE (slug);
ALTER TABLE ONLY gazetted.dropped_articles
    ADD CONSTRAINT dropped_articles_pkey PRIMARY KEY (source_id, key);
ALTER TABLE ONLY gazetted.enclosures
    ADD CONSTRAINT enclosures_pkey PRIMARY KEY (article_id, "position");
ALTER TABLE ONLY gazetted.feed_pollers
    ADD CONSTRAINT feed_pollers_pkey PRIMARY KEY (day, path);
ALTER TABLE ONLY gazetted.feed_subscribers
    ADD CONSTRAINT feed_subscribers_pkey PRIMARY KEY (path, service, feed);
ALTER TABLE ONLY gazetted.former_names
    ADD CONSTRAINT former_names_pkey PRIMARY KEY (kind, name);
ALTER TABLE ONLY gazetted.imported_files
    ADD CONSTRAINT imported_files_pkey PRIMARY KEY (source_id, path);
ALTER TABLE ONLY gazetted.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY gazetted.poller_keys
    ADD CONSTRAINT poller_keys_pkey PRIMARY KEY (day);
ALTER TABLE ONLY gazetted.reader_habits
    ADD CONSTRAINT reader_habits_pkey PRIMARY KEY (day, reader);
ALTER TABLE ONLY gazetted.removed_articles
    ADD CONSTRAINT removed_articles_id_key UNIQUE (id);
ALTER TABLE ONLY gazetted.removed_articles
    ADD CONSTRAINT removed_articles_pkey PRIMARY KEY (number);
ALTER TABLE ONLY gazetted.rules
    ADD CONSTRAINT rules_category_id_position_key UNIQUE (category_id, "position") DEFERRABLE;
ALTER TABLE ONLY gazetted.rules
    ADD CONSTRAINT rules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gazetted.rules
    ADD CONSTRAINT rules_source_id_position_key UNIQUE (source_id, "position") DEFERRABLE;
ALTER TABLE ONLY gazetted.rulings
    ADD CONSTRAINT rulings_pkey PRIMARY KEY (article_id);
ALTER TABLE ONLY gazetted.selections
    ADD CONSTRAINT selections_kind_name_key UNIQUE (kind, name);
ALTER TABLE ONLY gazetted.selections
    ADD CONSTRAINT selections_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gazetted.selections
    ADD CONSTRAINT selections_source_id_key UNIQUE (source_id);
ALTER TABLE ONLY gazetted.set_aside
    ADD CONSTRAINT set_aside_pkey PRIMARY KEY (article_id, path);
ALTER TABLE ONLY gazetted.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (singleton);
ALTER TABLE ONLY gazetted.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gazetted.sources
    ADD CONSTRAINT sources_slug_key UNIQUE (slug);
ALTER TABLE ONLY gazetted.stories
    ADD CONSTRAINT stories_pkey PRIMARY KEY (article_id);
ALTER TABLE ONLY gazetted.story_keys
    ADD CONSTRAINT story_keys_pkey PRIMARY KEY (article_id);
ALTER TABLE ONLY gazetted.story_pairs
    ADD CONSTRAINT story_pairs_pkey PRIMARY KEY (article_id, other_id);
ALTER TABLE ONLY gazetted.subscription_categories
    ADD CONSTRAINT subscription_categories_pkey PRIMARY KEY (source_id, category_id);
ALTER TABLE ONLY gazetted.subscriptions
    ADD CONSTRAINT subscriptions_feed_url_key UNIQUE (feed_url);
ALTER TABLE ONLY gazetted.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (source_id);
ALTER TABLE ONLY gazetted.touched
    ADD CONSTRAINT touched_pkey PRIMARY KEY (xid, category_id);
ALTER TABLE ONLY gazetted.upstream_documents
    ADD CONSTRAINT upstream_documents_pkey PRIMARY KEY (source_id, is_good);
ALTER TABLE ONLY gazetted.upstream_entries
    ADD CONSTRAINT upstream_entries_pkey PRIMARY KEY (source_id, key);
ALTER TABLE ONLY gazetted.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (name);
CREATE INDEX article_categories_hidden ON gazetted.article_categories USING btree (category_id, published DESC, article_id DESC) WHERE ((NOT shown) AND rises);
CREATE INDEX article_categories_hidden_behind ON gazetted.article_categories USING btree (category_id, published, article_id) WHERE ((NOT shown) AND (NOT rises));
CREATE INDEX article_categories_newest ON gazetted.article_categories USING btree (category_id, rises DESC, published DESC, article_id DESC) WHERE shown;
CREATE INDEX article_categories_retold ON gazetted.article_categories USING btree (category_id, rises DESC, published DESC, article_id DESC) WHERE (shown IS NULL);
CREATE INDEX article_selections_newest ON gazetted.article_selections USING btree (selection_id, shown, rises DESC, published DESC, article_id DESC);
CREATE INDEX article_tags_by_tag ON gazetted.article_tags USING btree (tag, article_id);
CREATE INDEX article_words_keys ON gazetted.article_words USING gin (gazetted.search_keys(words));
CREATE INDEX articles_by_source ON gazetted.articles USING btree (source_id, first_seen);
CREATE INDEX articles_newest ON gazetted.articles USING btree (rises DESC, published DESC, id DESC) WHERE ((withdrawn IS NULL) AND (NOT retold));
CREATE INDEX articles_withdrawn ON gazetted.articles USING btree (published DESC, id DESC) WHERE ((withdrawn IS NOT NULL) AND rises);
CREATE INDEX dropped_articles_by_article ON gazetted.dropped_articles USING btree (article_id);
CREATE INDEX former_names_by_selection ON gazetted.former_names USING btree (selection_id);
CREATE INDEX stories_by_lead ON gazetted.stories USING btree (lead_id, published, article_id) WHERE (lead_id IS NOT NULL);
CREATE INDEX story_keys_by_title ON gazetted.story_keys USING btree (title_key, source_id, published, article_id) WHERE (title_key IS NOT NULL);
CREATE INDEX story_keys_by_title_in_order ON gazetted.story_keys USING btree (title_key, published, article_id) WHERE ((title_key IS NOT NULL) AND (source_id > 0));
CREATE INDEX story_keys_by_url ON gazetted.story_keys USING btree (url_key, source_id) WHERE (url_key IS NOT NULL);
CREATE INDEX story_keys_by_url_in_order ON gazetted.story_keys USING btree (url_key, published, article_id) WHERE ((url_key IS NOT NULL) AND (source_id > 0));
CREATE INDEX subscriptions_claimed ON gazetted.subscriptions USING btree (host) WHERE (claim IS NOT NULL);
CREATE INDEX subscriptions_due ON gazetted.subscriptions USING btree (next_poll, source_id) WHERE (state = 'active'::text);
CREATE INDEX upstream_entries_by_article ON gazetted.upstream_entries USING btree (article_id);
CREATE INDEX upstream_entries_by_link ON gazetted.upstream_entries USING btree (source_id, link) WHERE (link <> ''::text);
CREATE TRIGGER article_categories_deleted AFTER DELETE ON gazetted.article_categories REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_categories_inserted();
CREATE TRIGGER article_categories_inserted AFTER INSERT ON gazetted.article_categories REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_categories_inserted();
CREATE TRIGGER article_categories_truncated AFTER TRUNCATE ON gazetted.article_categories FOR EACH STATEMENT EXECUTE FUNCTION gazetted.rows_truncated();
CREATE TRIGGER article_categories_updated AFTER UPDATE ON gazetted.article_categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_categories_updated();
CREATE TRIGGER article_selections_deleted AFTER DELETE ON gazetted.article_selections REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_selections_changed();
CREATE TRIGGER article_selections_inserted AFTER INSERT ON gazetted.article_selections REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_selections_changed();
CREATE TRIGGER article_tags_deleted AFTER DELETE ON gazetted.article_tags REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_tags_changed();
CREATE TRIGGER article_tags_inserted AFTER INSERT ON gazetted.article_tags REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_tags_changed();
CREATE TRIGGER article_tags_truncated AFTER TRUNCATE ON gazetted.article_tags FOR EACH STATEMENT EXECUTE FUNCTION gazetted.rows_truncated();
CREATE TRIGGER article_tags_updated AFTER UPDATE ON gazetted.article_tags REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.article_tags_updated();
CREATE TRIGGER articles_deleted AFTER DELETE ON gazetted.articles REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.articles_deleted();
CREATE TRIGGER articles_inserted AFTER INSERT ON gazetted.articles REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.articles_inserted();
CREATE TRIGGER articles_reworded AFTER UPDATE ON gazetted.articles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.articles_reworded();
CREATE TRIGGER articles_truncated AFTER TRUNCATE ON gazetted.articles FOR EACH STATEMENT EXECUTE FUNCTION gazetted.rows_truncated();
CREATE TRIGGER articles_updated AFTER UPDATE ON gazetted.articles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.articles_updated();
CREATE TRIGGER articles_worded AFTER INSERT ON gazetted.articles REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.articles_worded();
CREATE TRIGGER categories_inserted AFTER INSERT ON gazetted.categories REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.categories_inserted();
CREATE TRIGGER categories_updated AFTER UPDATE ON gazetted.categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.categories_updated();
CREATE TRIGGER category_inserted AFTER INSERT ON gazetted.categories FOR EACH ROW EXECUTE FUNCTION gazetted.category_named();
CREATE TRIGGER category_removed AFTER DELETE ON gazetted.categories FOR EACH ROW EXECUTE FUNCTION gazetted.category_removed();
CREATE TRIGGER category_renamed AFTER UPDATE OF slug ON gazetted.categories FOR EACH ROW WHEN ((old.slug <> new.slug)) EXECUTE FUNCTION gazetted.category_named();
CREATE TRIGGER copy_article_order BEFORE INSERT OR UPDATE ON gazetted.article_categories FOR EACH ROW EXECUTE FUNCTION gazetted.copy_article_order();
CREATE TRIGGER enclosures_deleted AFTER DELETE ON gazetted.enclosures REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.belongings_changed();
CREATE TRIGGER enclosures_inserted AFTER INSERT ON gazetted.enclosures REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.belongings_changed();
CREATE TRIGGER enclosures_truncated AFTER TRUNCATE ON gazetted.enclosures FOR EACH STATEMENT EXECUTE FUNCTION gazetted.rows_truncated();
CREATE TRIGGER enclosures_updated AFTER UPDATE ON gazetted.enclosures REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gazetted.belongings_updated();
CREATE TRIGGER insert_article BEFORE INSERT ON gazetted.articles FOR EACH ROW EXECUTE FUNCTION gazetted.insert_article();
CREATE CONSTRAINT TRIGGER raise_revisions AFTER INSERT ON gazetted.touched DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gazetted.raise_revisions();
CREATE TRIGGER revise_article BEFORE UPDATE ON gazetted.articles FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION gazetted.revise_article();
CREATE TRIGGER selection_inserted AFTER INSERT ON gazetted.selections FOR EACH ROW EXECUTE FUNCTION gazetted.selection_named();
CREATE TRIGGER selection_removed AFTER DELETE ON gazetted.selections FOR EACH ROW EXECUTE FUNCTION gazetted.category_removed();
CREATE TRIGGER selection_renamed AFTER UPDATE OF name ON gazetted.selections FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION gazetted.selection_named();
CREATE TRIGGER site_changed AFTER UPDATE OF title, description, language, author, icon_url, logo_url, rights, entry_link ON gazetted.site FOR EACH ROW WHEN (((((((((old.title IS DISTINCT FROM new.title) OR (old.description IS DISTINCT FROM new.description)) OR (old.language IS DISTINCT FROM new.language)) OR (old.author IS DISTINCT FROM new.author)) OR (old.icon_url IS DISTINCT FROM new.icon_url)) OR (old.logo_url IS DISTINCT FROM new.logo_url)) OR (old.rights IS DISTINCT FROM new.rights)) OR (old.entry_link IS DISTINCT FROM new.entry_link))) EXECUTE FUNCTION gazetted.site_changed();
CREATE TRIGGER source_inserted AFTER INSERT ON gazetted.sources FOR EACH ROW EXECUTE FUNCTION gazetted.source_written();
CREATE TRIGGER source_updated AFTER UPDATE ON gazetted.sources FOR EACH ROW WHEN ((((old.slug IS DISTINCT FROM new.slug) OR (old.title IS DISTINCT FROM new.title)) OR (old.entry_link IS DISTINCT FROM new.entry_link))) EXECUTE FUNCTION gazetted.source_written();
ALTER TABLE ONLY gazetted.article_categories
    ADD CONSTRAINT article_categories_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.article_categories
    ADD CONSTRAINT article_categories_category_id_fkey FOREIGN KEY (category_id) REFERENCES gazetted.categories(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.article_selections
    ADD CONSTRAINT article_selections_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.article_selections
    ADD CONSTRAINT article_selections_selection_id_fkey FOREIGN KEY (selection_id) REFERENCES gazetted.selections(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.article_tags
    ADD CONSTRAINT article_tags_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.article_words
    ADD CONSTRAINT article_words_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.articles
    ADD CONSTRAINT articles_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.sources(id);
ALTER TABLE ONLY gazetted.dropped_articles
    ADD CONSTRAINT dropped_articles_source_id_key_fkey FOREIGN KEY (source_id, key) REFERENCES gazetted.upstream_entries(source_id, key) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.enclosures
    ADD CONSTRAINT enclosures_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.imported_files
    ADD CONSTRAINT imported_files_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.sources(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.rules
    ADD CONSTRAINT rules_category_id_fkey FOREIGN KEY (category_id) REFERENCES gazetted.categories(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.rules
    ADD CONSTRAINT rules_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.subscriptions(source_id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.rulings
    ADD CONSTRAINT rulings_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.selections
    ADD CONSTRAINT selections_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.sources(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.set_aside
    ADD CONSTRAINT set_aside_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.subscription_categories
    ADD CONSTRAINT subscription_categories_category_id_fkey FOREIGN KEY (category_id) REFERENCES gazetted.categories(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.subscription_categories
    ADD CONSTRAINT subscription_categories_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.subscriptions(source_id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.subscriptions
    ADD CONSTRAINT subscriptions_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.sources(id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.upstream_documents
    ADD CONSTRAINT upstream_documents_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.subscriptions(source_id) ON DELETE CASCADE;
ALTER TABLE ONLY gazetted.upstream_entries
    ADD CONSTRAINT upstream_entries_article_id_fkey FOREIGN KEY (article_id) REFERENCES gazetted.articles(id) ON DELETE SET NULL;
ALTER TABLE ONLY gazetted.upstream_entries
    ADD CONSTRAINT upstream_entries_source_id_fkey FOREIGN KEY (source_id) REFERENCES gazetted.sources(id) ON DELETE CASCADE;
REVOKE ALL ON FUNCTION gazetted.bring_back(line jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.follow_stories(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.hold_bursts(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.lead_stories(ids text[], renamed text[], placed text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.make_selections(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.merge_category(merged text, survivor text) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.note_former_name(of_kind text, old_name text, new_name text, id bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.pair_stories(ids text[], lookers text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.rename_selection(of_kind text, old_name text, new_name text) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.revise_articles(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.select_articles(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.show_stories(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.story_lookers(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.story_mates(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.story_namers(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.story_names(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.story_twins(ids text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION gazetted.touch(category_ids bigint[]) FROM PUBLIC;
GRANT SELECT ON TABLE gazetted.imported_files TO PUBLIC;
GRANT SELECT ON TABLE gazetted.removed_articles TO PUBLIC;
