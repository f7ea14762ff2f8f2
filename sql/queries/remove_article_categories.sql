-- Takes the batch's articles out of the categories that they no longer name; each row says an id that was changed.
DELETE FROM article_categories c USING incoming i
 WHERE c.article_id = i.id
   AND NOT EXISTS (SELECT FROM category_names k WHERE k.category_id = c.category_id AND normalize(i.categories)::jsonb ? k.name)
RETURNING c.article_id
