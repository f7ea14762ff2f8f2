-- The id of a category by any of its names; no row where there is none.
-- $1 slug
SELECT category_id FROM category_names WHERE name = $1
