-- A source as it is described now, made where the slug is new; a row where anything changed.
-- $1 slug  $2 title  $3 url
INSERT INTO sources AS s (slug, title, url) VALUES ($1, $2, $3)
    ON CONFLICT (slug) DO UPDATE SET title = excluded.title, url = excluded.url
 WHERE (s.title, s.url) IS DISTINCT FROM (excluded.title, excluded.url) RETURNING slug
