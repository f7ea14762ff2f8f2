-- Where no source is called so and these are the files of a site that was imported under another name: calls its source so from now on.
-- The row says what it was called. A site is known by nine of ten of its files, and by three at least.
-- $1 slug  $2 paths
WITH site AS (
       SELECT f.source_id FROM imported_files f LEFT JOIN unnest($2::text[]) AS there (path) ON there.path = f.path
        WHERE NOT EXISTS (SELECT FROM sources WHERE slug = normalize($1))
        GROUP BY f.source_id HAVING count(there.path) >= 3 AND count(there.path) * 10 >= count(*) * 9
        ORDER BY count(there.path) DESC, f.source_id LIMIT 1)
UPDATE sources s SET slug = normalize($1) FROM site JOIN sources before ON before.id = site.source_id WHERE s.id = site.source_id
RETURNING before.slug
