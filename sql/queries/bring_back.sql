-- Brings an article back that retention archived; no row where it is there already.
-- $1 a line of the archive
SELECT WHERE bring_back($1::jsonb)
