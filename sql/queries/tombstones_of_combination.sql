-- What was withdrawn from a combination and would still be in its feed, as tombstones.sql has it for a selection; columns as there.
-- $1, $2 categories and tags  $3, $4 categories and tags whose articles are left out
-- $5, $6 time and id of the oldest article that the feed shows; null: it shows all  $7 at most; ten times as many are looked at in each member
WITH sides AS MATERIALIZED (
       SELECT array(SELECT id FROM categories WHERE slug = ANY ($1::text[])
                     UNION ALL SELECT id FROM selections WHERE kind = 'tag' AND name = ANY ($2::text[])) AS wanted,
              array(SELECT id FROM categories WHERE slug = ANY ($3::text[])
                     UNION ALL SELECT id FROM selections WHERE kind = 'tag' AND name = ANY ($4::text[])) AS unwanted)
SELECT a.id, microseconds(a.withdrawn)
  FROM (SELECT DISTINCT m.article_id, m.published
          FROM sides CROSS JOIN LATERAL unnest(sides.wanted) AS member (id) CROSS JOIN LATERAL
               (SELECT m.article_id, m.published FROM members m
                 WHERE m.selection_id = member.id AND m.is_withdrawn AND m.rises AND m.published <= now()
                   AND ($5::timestamptz IS NULL OR (m.published, m.article_id) > ($5::timestamptz, $6))
                 ORDER BY m.published DESC, m.article_id DESC LIMIT 10 * $7::bigint) AS m
         WHERE NOT EXISTS (SELECT FROM article_categories o
                            WHERE o.article_id = m.article_id AND o.category_id = ANY (sides.unwanted) OFFSET 0)
           AND NOT EXISTS (SELECT FROM article_selections o
                            WHERE o.article_id = m.article_id AND o.selection_id = ANY (sides.unwanted) OFFSET 0)
         ORDER BY m.published DESC, m.article_id DESC LIMIT $7) AS m
  CROSS JOIN LATERAL (SELECT a.id, a.withdrawn FROM articles a WHERE a.id = m.article_id OFFSET 0) AS a
 ORDER BY m.published DESC, m.article_id DESC
