-- The number of the article with an entry id; no row where there is none.
-- $1 id
SELECT number FROM articles WHERE id = $1
