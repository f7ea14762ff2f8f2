-- Gives articles of a source the categories, by whichever of their names, the tags and the enclosures that they lack. Each row says
-- an id that was changed.
-- $1 source, or null  $2 JSON, $3 whether articles of others are reached, as in remove_belongings
WITH told AS MATERIALIZED (
       SELECT a.id, normalize(t.categories::text)::jsonb AS categories, normalize(t.tags::text)::jsonb AS tags, t.enclosures
         FROM jsonb_to_recordset($2::jsonb) AS t (id text, categories jsonb, tags jsonb, enclosures jsonb)
         JOIN articles a ON a.id = t.id COLLATE "C" AND ($3 OR a.source_id = $1)),
     filed AS (
       INSERT INTO article_categories (article_id, category_id)
       SELECT DISTINCT t.id, k.category_id
         FROM told t CROSS JOIN LATERAL jsonb_array_elements_text(t.categories) AS named (slug)
         JOIN category_names k ON k.name = named.slug COLLATE "C"
        WHERE NOT EXISTS (SELECT FROM article_categories c WHERE c.article_id = t.id AND c.category_id = k.category_id)
        ORDER BY 1, 2 ON CONFLICT DO NOTHING
       RETURNING article_id),
     tagged AS (
       INSERT INTO article_tags (article_id, tag, scheme, label)
       SELECT DISTINCT ON (1, 2) t.id, named.tag ->> 0, named.tag ->> 1, named.tag ->> 2
         FROM told t CROSS JOIN LATERAL jsonb_array_elements(t.tags) AS named (tag)
        WHERE NOT EXISTS (SELECT FROM article_tags g WHERE g.article_id = t.id AND g.tag = (named.tag ->> 0) COLLATE "C")
        ORDER BY 1, 2 ON CONFLICT DO NOTHING
       RETURNING article_id),
     enclosed AS (
       INSERT INTO enclosures (article_id, position, url, media_type, length_bytes, role, title, language, duration_seconds, width, height)
       SELECT t.id, named.place - 1, named.value ->> 0, named.value ->> 1, (named.value ->> 2)::bigint, named.value ->> 3,
              named.value ->> 4, named.value ->> 5, (named.value ->> 6)::int, (named.value ->> 7)::int, (named.value ->> 8)::int
         FROM told t CROSS JOIN LATERAL jsonb_array_elements(t.enclosures) WITH ORDINALITY AS named (value, place)
        WHERE NOT EXISTS (SELECT FROM enclosures e WHERE e.article_id = t.id AND e.position = named.place - 1)
        ORDER BY 1, 2 ON CONFLICT DO NOTHING
       RETURNING article_id)
SELECT article_id FROM filed UNION ALL SELECT article_id FROM tagged UNION ALL SELECT article_id FROM enclosed
