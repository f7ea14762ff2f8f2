-- Withdraws the source's articles that are not among the given ids; each row says one that was withdrawn.
-- $1 source  $2 ids that stay
UPDATE articles SET withdrawn = now()
 WHERE source_id = $1 AND withdrawn IS NULL AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS kept (id) WHERE kept.id = articles.id)
RETURNING id
