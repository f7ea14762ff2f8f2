-- What the site is called; empty values change nothing.
-- $1 title  $2 description  $3 language  $4 author
UPDATE site SET title = coalesce(nullif($1, ''), title), description = coalesce(nullif($2, ''), description),
                language = coalesce(nullif($3, ''), language), author = coalesce(nullif($4, ''), author)
 WHERE (title, description, language, author)
       IS DISTINCT FROM (coalesce(nullif($1, ''), title), coalesce(nullif($2, ''), description),
                         coalesce(nullif($3, ''), language), coalesce(nullif($4, ''), author))
