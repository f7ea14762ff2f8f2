-- Notes that the feed at a path goes on without an article, and why; nothing where the article is gone.
-- $1 article id  $2 path  $3 revision  $4 reason
INSERT INTO set_aside AS s (article_id, path, revision, reason)
SELECT id, $2, $3::bigint, $4 FROM articles WHERE id = $1
    ON CONFLICT (article_id, path) DO UPDATE SET revision = excluded.revision, reason = excluded.reason, seen = excluded.seen
 WHERE s.revision <> excluded.revision OR s.reason <> excluded.reason
