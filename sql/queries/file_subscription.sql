-- Files a subscription's articles to come under this category, by any of its names, beside those that it has.
-- $1 source  $2 slug
INSERT INTO subscription_categories (source_id, category_id)
SELECT $1, category_id FROM category_names WHERE name = $2 ON CONFLICT DO NOTHING RETURNING category_id
