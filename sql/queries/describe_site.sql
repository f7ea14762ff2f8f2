-- What the site is called; empty values change nothing, and where another site's files were imported none but missing ones are taken.
-- $1 title  $2 description  $3 language  $4 author  $5 source
WITH told AS (
       SELECT coalesce(nullif(CASE WHEN is_one THEN $1 ELSE coalesce(nullif(title, ''), $1) END, ''), title) AS title,
              coalesce(nullif(CASE WHEN is_one THEN $2 ELSE coalesce(nullif(description, ''), $2) END, ''), description) AS description,
              coalesce(nullif(CASE WHEN is_one THEN $3 ELSE coalesce(nullif(language, ''), $3) END, ''), language) AS language,
              coalesce(nullif(CASE WHEN is_one THEN $4 ELSE coalesce(nullif(author, ''), $4) END, ''), author) AS author
         FROM site CROSS JOIN (SELECT NOT EXISTS (SELECT FROM imported_files WHERE source_id <> $5) AS is_one) AS imported)
UPDATE site s SET title = told.title, description = told.description, language = told.language, author = told.author
  FROM told
 WHERE (s.title, s.description, s.language, s.author) IS DISTINCT FROM (told.title, told.description, told.language, told.author)
