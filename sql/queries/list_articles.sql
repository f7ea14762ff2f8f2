-- Articles of a category or of all, newest first, held back and withdrawn ones too. Sorts them: for people, not for serving.
-- $1 id of the category; 0: all  $2 after the article with this number, or null  $3 at most
SELECT a.number, CASE WHEN a.withdrawn = r.withdrew THEN 'dropped' WHEN a.withdrawn IS NOT NULL THEN 'withdrawn' WHEN a.published > now() THEN 'held' ELSE 'shown' END AS state,
       a.published, a.title, a.id
  FROM (SELECT m.article_id, m.published FROM members m
         WHERE m.selection_id = $1
           AND ($2::bigint IS NULL OR (m.published, m.article_id) < (SELECT b.published, b.id FROM articles b WHERE b.number = $2
                                                                           UNION ALL SELECT r.published, r.id FROM removed_articles r WHERE r.number = $2))
         ORDER BY m.published DESC, m.article_id DESC LIMIT $3) AS m
  JOIN articles a ON a.id = m.article_id LEFT JOIN rulings r ON r.article_id = a.id
 ORDER BY m.published DESC, m.article_id DESC
