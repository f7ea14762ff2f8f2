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

-- EXCEPT both ways and no anti-join: that one goes through all pairs where the plan was made while there were few.
CREATE OR REPLACE FUNCTION select_articles(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
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

-- As before, but that honest markup, where each < begins a tag and each > ends one, is cut up at the < instead of being matched
-- tag by tag, which takes thrice as long.
CREATE OR REPLACE FUNCTION text_of_html(html text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
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
END $$;

-- The values are those of before, so no index has to be made again. Whoever analyses or restores the index has no search path.
CREATE OR REPLACE FUNCTION search_keys(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
BEGIN
    RETURN array_to_tsvector(
        ARRAY(SELECT left(word, 40) FROM unnest(string_to_array(regexp_replace(words, '[ ' || gazetted.unspaced() || ']+', ' ', 'g'), ' ')) AS word WHERE word <> '')
        || string_to_array(regexp_replace(words, '[^' || gazetted.unspaced() || ']+', '', 'g'), NULL));
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
