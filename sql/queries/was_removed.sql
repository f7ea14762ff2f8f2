-- A row where retention removed the article.
-- $1 number
SELECT FROM removed_articles WHERE number = $1
