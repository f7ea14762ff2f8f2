-- Adds the tags that the batch's articles have; each row says an id that was changed.
INSERT INTO article_tags (article_id, tag, scheme, label)
SELECT DISTINCT ON (1, 2) i.id, named.tag ->> 0, named.tag ->> 1, named.tag ->> 2
  FROM incoming i CROSS JOIN LATERAL jsonb_array_elements(normalize(i.tags)::jsonb) AS named (tag)
 WHERE NOT EXISTS (SELECT FROM article_tags t WHERE t.article_id = i.id AND t.tag = (named.tag ->> 0) COLLATE "C")
 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
RETURNING article_id
