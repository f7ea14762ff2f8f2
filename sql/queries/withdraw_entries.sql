-- Withdraws articles that upstream says it deleted; those of another source stay as they are. Each row says one that was withdrawn.
-- What a rule dropped is gone as well: no other rule brings it back.
-- $1 source  $2 ids
WITH own AS (SELECT id, withdrawn FROM articles WHERE source_id = $1 AND id = ANY ($2::text[])),
     unseen AS (DELETE FROM dropped_articles WHERE source_id = $1 AND article_id = ANY ($2::text[])),
     ruled AS (UPDATE rulings r SET withdrew = NULL FROM own WHERE r.article_id = own.id AND r.withdrew = own.withdrawn)
UPDATE articles a SET withdrawn = now() FROM own WHERE a.id = own.id AND own.withdrawn IS NULL RETURNING a.id
