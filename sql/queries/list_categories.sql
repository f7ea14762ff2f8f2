-- Categories by slug, with how many articles they show and the newest one's publication. Counts them: for people, not for serving.
-- $1 after this slug  $2 at most
SELECT c.slug, c.title, shown.articles, shown.newest, c.removed
  FROM (SELECT * FROM categories WHERE slug > $1 ORDER BY slug LIMIT $2) AS c
 CROSS JOIN LATERAL (SELECT count(*) AS articles, max(published) AS newest FROM article_categories m
                      WHERE m.category_id = c.id AND m.shown AND m.published <= now()) AS shown
 ORDER BY c.slug
