-- The number of an article by its entry id, its number or its url, in this order; no row where there is none. A url is looked for in
-- all rows: for people, not for serving.
-- $1 id or url  $2 number, or null
SELECT number FROM articles WHERE id = $1
 UNION ALL
SELECT number FROM articles WHERE number = $2
 UNION ALL
SELECT number FROM articles WHERE url = $1
 LIMIT 1
