-- Takes the batch's articles out of the categories that they no longer name; each row says an id that was changed.
DELETE FROM article_categories c USING incoming i, categories k
 WHERE c.article_id = i.id AND k.id = c.category_id AND NOT normalize(i.categories)::jsonb ? k.slug
RETURNING c.article_id
