-- Notes what a source's entries became; an article of another source is none of this one's. Their articles are as they came: what
-- rules did before is over.
-- $1 source  $2 keys  $3 links  $4 hashes  $5 article ids
WITH over AS (DELETE FROM rulings r USING articles a
               WHERE r.article_id = ANY ($5::text[]) AND r.withdrew IS NULL AND a.id = r.article_id AND a.source_id = $1)
INSERT INTO upstream_entries AS e (source_id, key, link, hash, article_id, first_seen)
SELECT $1, row.key, row.link, row.hash, a.id, now()
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS row (key, link, hash, article_id)
  LEFT JOIN articles a ON a.id = row.article_id AND a.source_id = $1
 ORDER BY row.key
    ON CONFLICT (source_id, key) DO UPDATE SET link = excluded.link, hash = excluded.hash
