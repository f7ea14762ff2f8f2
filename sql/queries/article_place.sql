-- Which place an article has in a selection, the newest being the first, and the number of the article that begins the archive document
-- that it is in, null where none does. Counts the newer ones: for people, not for serving.
-- $1 number  $2 id of the selection; 0: all
SELECT 1 + (SELECT count(*) FROM members m
             WHERE m.selection_id = $2 AND m.shown AND m.published <= now() AND (m.rises, m.published, m.article_id) > (a.rises, a.published, a.id)),
       (SELECT b.number FROM (SELECT m.article_id, m.rises, m.published FROM members m
                               WHERE m.selection_id = $2 AND m.shown AND m.published <= now() AND (m.rises, m.published, m.article_id) >= (a.rises, a.published, a.id)
                               ORDER BY m.rises, m.published, m.article_id LIMIT 400) AS near
          JOIN articles b ON b.id = near.article_id
         WHERE begins_archive(near.article_id) ORDER BY near.rises, near.published, near.article_id LIMIT 1)
  FROM articles a WHERE a.number = $1
