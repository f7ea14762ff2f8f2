-- Takes tags away that the batch's articles no longer have; each row says an id that was changed.
DELETE FROM article_tags t USING incoming i
 WHERE t.article_id = i.id AND NOT normalize(i.tags)::jsonb ? t.tag
RETURNING t.article_id
