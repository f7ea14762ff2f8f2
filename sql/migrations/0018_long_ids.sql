-- An id may have 2,048 bytes, and an entry of an index 2,700: two ids in one fit only where they are shorter. A source that told
-- somebody's story under such an id kept the story's other articles from being stored at all. An article with an id of more than
-- 1,000 bytes is compared with no other (docs/decisions/0013-stories.md).
-- Rewrites no row but those of stories that such articles are in.

CREATE OR REPLACE FUNCTION follow_stories(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gazetted, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET jit = off
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

SELECT follow_stories(array(SELECT article_id FROM story_keys WHERE octet_length(article_id) > 1000));
