-- The revision of every category by its id; 0 is the site.
SELECT 0 AS id, revision FROM site UNION ALL SELECT id, revision FROM categories
