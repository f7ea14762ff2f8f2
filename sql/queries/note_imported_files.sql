-- Notes which files of a site became which articles; those that were renamed lose their former names.
-- $1 source  $2 paths  $3 article ids  $4 hashes  $5 former paths
WITH renamed AS (DELETE FROM imported_files WHERE source_id = $1 AND path IN (SELECT unnest($5::text[]) EXCEPT SELECT unnest($2::text[])))
INSERT INTO imported_files AS f (source_id, path, article_id, hash)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[]) AS row (path, article_id, hash) ORDER BY path COLLATE "C"
    ON CONFLICT (source_id, path) DO UPDATE SET article_id = excluded.article_id, hash = excluded.hash
