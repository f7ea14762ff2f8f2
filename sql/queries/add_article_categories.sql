-- Puts the batch's articles into the categories that they name, by whichever of their names; each row says an id that was changed.
INSERT INTO article_categories (article_id, category_id)
SELECT DISTINCT i.id, k.category_id
  FROM incoming i CROSS JOIN LATERAL jsonb_array_elements_text(normalize(i.categories)::jsonb) AS named (slug)
  JOIN category_names k ON k.name = named.slug COLLATE "C"
 WHERE NOT EXISTS (SELECT FROM article_categories c WHERE c.article_id = i.id AND c.category_id = k.category_id)
 ORDER BY 1, 2
    ON CONFLICT DO NOTHING
RETURNING article_id
