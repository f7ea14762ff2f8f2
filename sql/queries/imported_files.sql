-- Which files of a site became which articles.
-- $1 source
SELECT path, article_id, hash FROM imported_files WHERE source_id = $1
