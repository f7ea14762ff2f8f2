-- The last good or bad document of a subscription, its first MiB.
-- $1 source  $2 whether it was a feed
SELECT bytes FROM upstream_documents WHERE source_id = $1 AND is_good = $2
