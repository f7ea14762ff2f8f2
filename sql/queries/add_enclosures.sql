-- Adds the enclosures that the batch's articles have; each row says an id that was changed.
INSERT INTO enclosures (article_id, position, url, media_type, length_bytes, role, title, language, duration_seconds, width, height)
SELECT i.id, named.place - 1, named.value ->> 0, named.value ->> 1, (named.value ->> 2)::bigint, named.value ->> 3,
       named.value ->> 4, named.value ->> 5, (named.value ->> 6)::int, (named.value ->> 7)::int, (named.value ->> 8)::int
  FROM incoming i CROSS JOIN LATERAL jsonb_array_elements(i.enclosures) WITH ORDINALITY AS named (value, place)
 WHERE NOT EXISTS (SELECT FROM enclosures e WHERE e.article_id = i.id AND e.position = named.place - 1)
 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
RETURNING article_id
