-- Of these articles those that all their categories are done with, oldest first: the id, the title, and a line of JSON that
-- bring_back() understands. What a category without a limit has is not over, nor is what is in none.
-- $1 ids
WITH bounds AS MATERIALIZED (
       SELECT * FROM retention_bounds
        WHERE category_id = ANY (array(SELECT DISTINCT category_id FROM article_categories WHERE article_id = ANY ($1::text[]))))
SELECT a.id, a.title,
       jsonb_build_object(
           'article', to_jsonb(a) - '{revision,changed,retold}'::text[],
           'source', (SELECT s.slug FROM sources s WHERE s.id = a.source_id),
           'entries', (SELECT coalesce(jsonb_agg(e.key ORDER BY e.key), '[]') FROM upstream_entries e WHERE e.article_id = a.id),
           'categories', (SELECT jsonb_agg(k.slug ORDER BY k.slug) FROM article_categories m JOIN categories k ON k.id = m.category_id
                           WHERE m.article_id = a.id),
           'tags', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'article_id' ORDER BY t.tag), '[]') FROM article_tags t WHERE t.article_id = a.id),
           'enclosures', (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'article_id' ORDER BY e.position), '[]') FROM enclosures e
                           WHERE e.article_id = a.id))::text
  FROM articles a
 WHERE a.id = ANY ($1::text[])
   AND EXISTS (SELECT FROM article_categories m WHERE m.article_id = a.id)
   AND NOT EXISTS (SELECT FROM article_categories m
                    WHERE m.article_id = a.id
                      AND NOT EXISTS (SELECT FROM bounds b WHERE b.category_id = m.category_id AND b.rises = m.rises
                                                            AND (m.published, m.article_id) < (b.published, b.article_id)))
 ORDER BY a.published, a.id
