-- The id of a source, made where the slug is new; a title or url that is not empty replaces the old one.
-- $1 slug  $2 title  $3 url  $4 burst_max of a new one, or null
INSERT INTO sources AS s (slug, title, url, burst_max) VALUES (normalize($1), $2, $3, $4)
    ON CONFLICT (slug) DO UPDATE SET title = coalesce(nullif(excluded.title, ''), s.title), url = coalesce(nullif(excluded.url, ''), s.url)
RETURNING id
