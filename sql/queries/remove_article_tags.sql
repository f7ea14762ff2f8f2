-- Takes tags away that the batch's articles no longer have, or have with another scheme or label; each row says an id that was
-- changed.
DELETE FROM article_tags t USING incoming i
 WHERE t.article_id = i.id
   AND NOT EXISTS (SELECT FROM jsonb_array_elements(normalize(i.tags)::jsonb) AS named (tag)
                    WHERE named.tag = jsonb_build_array(t.tag, t.scheme, t.label))
RETURNING t.article_id
