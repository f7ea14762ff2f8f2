-- Keeps the document as the last good or bad one of its source.
-- $1 source  $2 whether it was a feed  $3 address  $4 content type  $5 its first MiB
INSERT INTO upstream_documents (source_id, is_good, fetched, url, content_type, bytes) VALUES ($1, $2, now(), $3, $4, $5)
    ON CONFLICT (source_id, is_good) DO UPDATE
   SET fetched = excluded.fetched, url = excluded.url, content_type = excluded.content_type, bytes = excluded.bytes
