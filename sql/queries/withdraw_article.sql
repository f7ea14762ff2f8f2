-- No row where it is withdrawn already.
-- $1 number
UPDATE articles SET withdrawn = now() WHERE number = $1 AND withdrawn IS NULL RETURNING number
