-- Withdraws articles that upstream says it deleted; those of another source stay as they are. Each row says one that was withdrawn.
-- $1 source  $2 ids
UPDATE articles SET withdrawn = now() WHERE source_id = $1 AND id = ANY ($2::text[]) AND withdrawn IS NULL RETURNING id
