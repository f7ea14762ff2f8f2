-- What a writer of few articles waits for is PostgreSQL planning what triggers do: a function in SQL is parsed and planned each
-- time, and a plan for these very ids is made each time. From here on every statement of theirs is planned once a connection.
-- Replaces functions, and reads and writes no row.

CREATE OR REPLACE FUNCTION touch(category_ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF cardinality(category_ids) = 0 THEN RETURN; END IF;
    INSERT INTO touched (category_id) SELECT DISTINCT unnest(category_ids || 0::bigint) ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION revise_articles(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    UPDATE articles SET revision = 0
     WHERE id IN (SELECT id FROM articles WHERE id = ANY (ids) AND xmin <> pg_current_xact_id()::xid ORDER BY id FOR NO KEY UPDATE);
END $$;

CREATE OR REPLACE FUNCTION make_selections(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    INSERT INTO selections (id, kind, name)
    SELECT nextval('categories_id_seq'), kind, name
      FROM (SELECT DISTINCT kind, name FROM named_selections n
             WHERE article_id = ANY (ids) AND kind <> 'source' AND NOT EXISTS (SELECT FROM selections s WHERE s.kind = n.kind AND s.name = n.name)
             ORDER BY kind, name) AS missing
        ON CONFLICT DO NOTHING;
END $$;

-- An UPDATE of no row calls the triggers of its table all the same.
CREATE OR REPLACE FUNCTION hold_bursts(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION raise_revisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
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

-- The values are those of before, so no index has to be made again.
CREATE OR REPLACE FUNCTION search_keys(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
BEGIN
    RETURN array_to_tsvector(
        ARRAY(SELECT left(word, 40) FROM unnest(string_to_array(regexp_replace(words, '[ ' || unspaced() || ']+', ' ', 'g'), ' ')) AS word WHERE word <> '')
        || string_to_array(regexp_replace(words, '[^' || unspaced() || ']+', '', 'g'), NULL));
END $$;

CREATE OR REPLACE FUNCTION title_key(title text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN md5(nullif(bare_text(title), ''))::uuid;

CREATE OR REPLACE FUNCTION url_key(url text) RETURNS uuid LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
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
END $$;

-- A plan that is kept was made for tables of another size. By these rules it looks rows up by their ids, whether there are three or a million.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOREACH function IN ARRAY '{
        touch(bigint[]), raise_revisions(), revise_articles(text[]), make_selections(text[]), select_articles(text[]), hold_bursts(text[]),
        story_mates(text[]), story_names(text[]), story_namers(text[]), story_lookers(text[]), story_twins(text[]),
        pair_stories(text[]\,text[]), lead_stories(text[]\,text[]\,text[]), show_stories(text[]), follow_stories(text[]),
        told_in_category(text\,bigint), told_in_selection(text\,bigint),
        articles_inserted(), articles_updated(), articles_deleted(), articles_worded(), articles_reworded(),
        article_categories_inserted(), article_categories_updated(), article_selections_changed(),
        article_tags_changed(), article_tags_updated(), belongings_changed(), belongings_updated()}'::regprocedure[]
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off '
                       'SET enable_mergejoin = off SET jit = off', function);
    END LOOP;
END $$;
