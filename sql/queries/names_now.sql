-- What became of names, a row for each: what it names is called so now (null: it names nothing), and whether that was removed.
-- $1, $2 kinds and names
SELECT name_now, is_removed FROM names_now($1, $2)
