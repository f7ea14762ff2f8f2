-- Tags or authors by name that have articles and an address, with how many they show, the newest one's publication and former names. Counts them: for
-- people, not for serving.
-- $1 kind  $2 after this name  $3 at most
SELECT s.name, shown.articles, shown.newest,
       coalesce((SELECT jsonb_agg(f.name ORDER BY f.name) FROM former_names f WHERE f.selection_id = s.id), '[]') AS former_names
  FROM (SELECT * FROM selections s
         WHERE kind = $1 AND name > $2 AND name NOT IN ('.', '..') AND EXISTS (SELECT FROM article_selections m WHERE m.selection_id = s.id)
         ORDER BY name LIMIT $3) AS s
 CROSS JOIN LATERAL (SELECT count(*) AS articles, max(published) AS newest FROM article_selections m
                      WHERE m.selection_id = s.id AND m.shown AND m.published <= now()) AS shown
 ORDER BY s.name
