-- Sources by slug, with how many articles they show and the newest one's publication. Counts them: for people, not for serving.
-- $1 after this slug  $2 at most
SELECT o.slug, o.title, o.url, shown.articles, shown.newest
  FROM (SELECT * FROM sources WHERE slug > $1 ORDER BY slug LIMIT $2) AS o
 CROSS JOIN LATERAL (SELECT count(*) AS articles, max(m.published) AS newest
                       FROM article_selections m JOIN selections s ON s.id = m.selection_id
                      WHERE s.source_id = o.id AND m.shown AND m.published <= now()) AS shown
 ORDER BY o.slug
