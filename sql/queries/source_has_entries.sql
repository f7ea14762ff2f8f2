-- Whether the source's feed ever had an entry.
-- $1 source
SELECT EXISTS (SELECT FROM upstream_entries WHERE source_id = $1)
