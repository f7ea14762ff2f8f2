-- No row where it is not withdrawn.
-- $1 number
UPDATE articles SET withdrawn = NULL WHERE number = $1 AND withdrawn IS NOT NULL RETURNING number
