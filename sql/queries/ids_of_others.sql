-- Of these ids those that articles of other sources, or of none, have.
-- $1 source  $2 ids
SELECT id FROM articles WHERE id = ANY ($2::text[]) AND source_id IS DISTINCT FROM $1::bigint
