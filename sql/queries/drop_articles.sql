-- Keeps what rules dropped before it was stored, the newest 1,000 of the source.
-- $1 source  $2 JSON: [{"key", "article", "reason"}]
WITH told AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($2::jsonb) AS t (key text, article jsonb, reason text)),
     old AS (
       DELETE FROM dropped_articles WHERE source_id = $1 AND key IN (
           SELECT d.key FROM dropped_articles d WHERE d.source_id = $1 AND NOT EXISTS (SELECT FROM told t WHERE t.key = d.key COLLATE "C")
            ORDER BY d.dropped DESC, d.key OFFSET greatest(0, 1000 - (SELECT count(*) FROM told))))
INSERT INTO dropped_articles (source_id, key, article_id, article, reason)
SELECT $1, told.key, told.article ->> 'id', told.article, told.reason FROM told
    ON CONFLICT (source_id, key) DO UPDATE SET article = excluded.article, reason = excluded.reason
