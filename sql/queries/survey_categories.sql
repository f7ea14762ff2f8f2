-- Categories that come to no end, with how many articles they show, how many of those some document goes on without, and when the
-- newest was published; newest first, then by slug. Counts them: for people, not for serving.
-- $1 at most
SELECT c.slug, c.title, coalesce(shown.articles, 0) AS articles, coalesce(troubled.articles, 0) AS set_aside, shown.newest
  FROM categories c
  LEFT JOIN (SELECT category_id, count(*) AS articles, max(published) AS newest
               FROM article_categories WHERE shown AND published <= now() GROUP BY category_id) AS shown ON shown.category_id = c.id
  LEFT JOIN (SELECT m.category_id, count(DISTINCT s.article_id) AS articles
               FROM set_aside s JOIN articles a ON a.id = s.article_id AND a.revision = s.revision AND a.withdrawn IS NULL
               JOIN article_categories m ON m.article_id = s.article_id
              GROUP BY m.category_id) AS troubled ON troubled.category_id = c.id
 WHERE c.removed IS NULL
 ORDER BY shown.newest DESC NULLS LAST, c.slug COLLATE "C" LIMIT $1
