-- The slug itself, or with a number behind it the next that no source has or had.
-- $1 slug
WITH taken AS (
       SELECT slug AS name FROM sources WHERE slug >= $1 AND slug < $1 || '.'
        UNION ALL
       SELECT name FROM former_names WHERE kind = 'source' AND name >= $1 AND name < $1 || '.')
SELECT CASE WHEN EXISTS (SELECT FROM taken WHERE name = $1)
            THEN $1 || '-' || (SELECT coalesce(max(substr(name, length($1) + 2)::bigint), 1) + 1 FROM taken
                                WHERE starts_with(name, $1 || '-') AND substr(name, length($1) + 2) ~ '^[1-9][0-9]{0,8}$')
            ELSE $1 END AS slug
