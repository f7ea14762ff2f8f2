-- The whole site, every category, and the tags, authors and sources that are asked for, with how many articles each shows, when the
-- newest of them was published, and in which language a category is; by title, then name, in byte order. Takes time in proportion to
-- the articles. Of tags, authors and sources those with the most articles are told.
-- $1 kinds beside categories  $2 of each kind at most
SELECT kind, name, title, language, articles, microseconds(newest)
  FROM (SELECT 'all' AS kind, '' AS name, '' AS title, '' AS language, count(*) AS articles, max(published) AS newest
          FROM articles WHERE withdrawn IS NULL AND published <= now()
        UNION ALL
        SELECT 'category', c.slug, coalesce(nullif(c.title, ''), c.slug), c.language, coalesce(n.articles, 0), n.newest
          FROM categories c LEFT JOIN (SELECT category_id, count(*) AS articles, max(published) AS newest FROM article_categories
                                        WHERE shown AND published <= now() GROUP BY category_id) AS n ON n.category_id = c.id
         WHERE c.removed IS NULL
        UNION ALL
        SELECT kind, name, title, '', articles, newest
          FROM (SELECT s.kind, s.name, coalesce(nullif(o.title, ''), s.name) AS title, n.articles, n.newest,
                       row_number() OVER (PARTITION BY s.kind ORDER BY n.articles DESC, s.name) AS nth
                  FROM selections s
                  JOIN (SELECT selection_id, count(*) AS articles, max(published) AS newest FROM article_selections
                         WHERE shown AND published <= now() AND cardinality($1::text[]) > 0 GROUP BY selection_id) AS n ON n.selection_id = s.id
                  LEFT JOIN sources o ON o.id = s.source_id
                 WHERE s.kind = ANY ($1::text[])) AS ranked
         WHERE nth <= $2) AS counted
 ORDER BY kind, title COLLATE "C", name COLLATE "C"
