-- A slug that the batch names and no category has or had; no row where all exist.
SELECT slug FROM (SELECT DISTINCT jsonb_array_elements_text(normalize(i.categories)::jsonb) COLLATE "C" AS slug FROM incoming i) AS named
 WHERE NOT EXISTS (SELECT FROM category_names WHERE category_names.name = named.slug)
 ORDER BY slug LIMIT 1
