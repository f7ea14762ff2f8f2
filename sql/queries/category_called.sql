-- The category of this slug, which it has or had; else the one with this title, the first by slug of several; no row where there is none.
-- $1 slug  $2 title
SELECT slug FROM (SELECT c.slug, 1 AS rank FROM category_names n JOIN categories c ON c.id = n.category_id WHERE n.name = $1
                   UNION ALL
                  SELECT slug, 2 FROM categories WHERE title = $2 AND title <> '') AS called
 ORDER BY rank, slug LIMIT 1
