-- Entries that were dropped before have become articles. One whose id another source has taken meanwhile has not: it stays kept.
-- $1 source  $2 keys
WITH back AS (
       DELETE FROM dropped_articles d USING articles a
        WHERE d.source_id = $1 AND d.key = ANY ($2::text[]) AND a.id = d.article_id AND a.source_id = $1 RETURNING d.key, a.id)
UPDATE upstream_entries e SET article_id = back.id FROM back WHERE e.source_id = $1 AND e.key = back.key
