-- The revision of every category, tag, author and source by its id; 0 is the site.
SELECT 0 AS id, revision FROM site UNION ALL SELECT id, revision FROM categories UNION ALL SELECT id, revision FROM selections
