-- When retention removed an article; no row where it did not.
-- $1 its id  $2 its number, or null
SELECT removed FROM removed_articles WHERE id = $1 OR number = $2 ORDER BY number LIMIT 1
