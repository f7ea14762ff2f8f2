-- Entries that were dropped before have become articles.
-- $1 source  $2 keys
WITH back AS (DELETE FROM dropped_articles WHERE source_id = $1 AND key = ANY ($2::text[]) RETURNING key, article_id)
UPDATE upstream_entries e SET article_id = a.id
  FROM back JOIN articles a ON a.id = back.article_id AND a.source_id = $1
 WHERE e.source_id = $1 AND e.key = back.key
