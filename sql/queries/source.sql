-- The id of a source, made where the slug is new; a title or url that is not empty replaces the old one.
-- $1 slug  $2 title  $3 url
INSERT INTO sources AS s (slug, title, url) VALUES (normalize($1), $2, $3)
    ON CONFLICT (slug) DO UPDATE SET title = coalesce(nullif(excluded.title, ''), s.title), url = coalesce(nullif(excluded.url, ''), s.url)
RETURNING id
