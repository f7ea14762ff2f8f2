-- Which rule dropped an article before it was stored; no row where none did.
-- $1 its id or its url
SELECT o.slug AS source, d.reason
  FROM dropped_articles d JOIN sources o ON o.id = d.source_id
 WHERE d.article_id = $1 OR d.article ->> 'url' = $1
 ORDER BY d.dropped DESC LIMIT 1
