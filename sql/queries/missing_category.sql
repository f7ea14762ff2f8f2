-- A slug that no category has or had; no row where all exist.
-- $1 JSON: [slug]
SELECT slug FROM (SELECT DISTINCT jsonb_array_elements_text(normalize($1::text)::jsonb) COLLATE "C" AS slug) AS named
 WHERE NOT EXISTS (SELECT FROM category_names WHERE category_names.name = named.slug)
 ORDER BY slug LIMIT 1
