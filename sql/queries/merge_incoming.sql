-- Inserts or updates the source's articles from the batch, in the order of ids; each row says an id that was written and
-- whether it is new.
-- $1 source
INSERT INTO articles AS a (id, source_id, url, title, authors, summary, content, language, published, updated)
SELECT id, $1::bigint, url, title, authors, summary, content, language, published, updated FROM incoming ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
       url = excluded.url, title = excluded.title, authors = excluded.authors, summary = excluded.summary,
       content = excluded.content, language = excluded.language, published = excluded.published, updated = excluded.updated
 WHERE a.source_id = excluded.source_id
   AND (a.url, a.title, a.authors, a.summary, a.content, a.language, a.published, a.updated)
       IS DISTINCT FROM (excluded.url, excluded.title, excluded.authors, excluded.summary, excluded.content, excluded.language,
                         excluded.published, excluded.updated)
RETURNING a.id, a.xmax = 0
