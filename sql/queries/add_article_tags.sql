-- Adds the tags that the batch's articles have; each row says an id that was changed.
INSERT INTO article_tags (article_id, tag)
SELECT DISTINCT i.id, named.tag
  FROM incoming i CROSS JOIN LATERAL jsonb_array_elements_text(normalize(i.tags)::jsonb) AS named (tag)
 WHERE NOT EXISTS (SELECT FROM article_tags t WHERE t.article_id = i.id AND t.tag = named.tag COLLATE "C")
 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
RETURNING article_id
