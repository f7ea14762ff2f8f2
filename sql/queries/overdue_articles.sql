-- What a category is done with, oldest first, so many at most: id, and (published in microseconds since 1970, id) to go on after.
-- Whether another category keeps them is not looked at.
-- $1 id of the category  $2 whether of those that rise  $3, $4 after this time and id  $5 at most
WITH bound AS MATERIALIZED (SELECT * FROM retention_bounds WHERE category_id = $1 AND rises = $2)
SELECT m.article_id, microseconds(m.published)
  FROM bound CROSS JOIN LATERAL
       ((SELECT o.article_id, o.published FROM article_categories o
          WHERE o.category_id = $1 AND o.rises = $2 AND o.shown
            AND (o.published, o.article_id) > ($3::timestamptz, $4) AND (o.published, o.article_id) < (bound.published, bound.article_id)
          ORDER BY o.published, o.article_id LIMIT $5)
        UNION ALL
        (SELECT o.article_id, o.published FROM article_categories o
          WHERE o.category_id = $1 AND o.rises = $2 AND o.shown IS NULL
            AND (o.published, o.article_id) > ($3::timestamptz, $4) AND (o.published, o.article_id) < (bound.published, bound.article_id)
          ORDER BY o.published, o.article_id LIMIT $5)
        UNION ALL
        (SELECT o.article_id, o.published FROM article_categories o
          WHERE o.category_id = $1 AND o.rises AND $2 AND NOT o.shown
            AND (o.published, o.article_id) > ($3::timestamptz, $4) AND (o.published, o.article_id) < (bound.published, bound.article_id)
          ORDER BY o.published, o.article_id LIMIT $5)
        UNION ALL
        (SELECT o.article_id, o.published FROM article_categories o
          WHERE o.category_id = $1 AND NOT o.rises AND NOT $2 AND NOT o.shown
            AND (o.published, o.article_id) > ($3::timestamptz, $4) AND (o.published, o.article_id) < (bound.published, bound.article_id)
          ORDER BY o.published, o.article_id LIMIT $5)) AS m
 ORDER BY m.published, m.article_id LIMIT $5
