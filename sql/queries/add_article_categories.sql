-- Puts the batch's articles into the categories that they name; each row says an id that was changed.
INSERT INTO article_categories (article_id, category_id)
SELECT DISTINCT i.id, k.id
  FROM incoming i CROSS JOIN LATERAL jsonb_array_elements_text(normalize(i.categories)::jsonb) AS named (slug)
  JOIN categories k ON k.slug = named.slug COLLATE "C"
 WHERE NOT EXISTS (SELECT FROM article_categories c WHERE c.article_id = i.id AND c.category_id = k.id)
 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
RETURNING article_id
