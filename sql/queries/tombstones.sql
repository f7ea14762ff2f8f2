-- What was withdrawn from a selection and would still be in its feed: id and time of withdrawal in microseconds since 1970, as
-- the feed would have had them.
-- $1 id of the selection; 0: all  $2, $3 time and id of the oldest article that the feed shows; null: it shows all  $4 at most
SELECT a.id, microseconds(a.withdrawn)
  FROM (SELECT m.article_id, m.published FROM members m
         WHERE m.selection_id = $1 AND m.is_withdrawn AND m.rises AND m.published <= now()
           AND ($2::timestamptz IS NULL OR (m.published, m.article_id) > ($2::timestamptz, $3))
         ORDER BY m.published DESC, m.article_id DESC LIMIT $4) AS m
  CROSS JOIN LATERAL (SELECT a.id, a.withdrawn FROM articles a WHERE a.id = m.article_id OFFSET 0) AS a
 ORDER BY m.published DESC, m.article_id DESC
