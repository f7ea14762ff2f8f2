-- Files a subscription's articles to come under this category, beside those that it has.
-- $1 source  $2 slug
INSERT INTO subscription_categories (source_id, category_id)
SELECT $1, id FROM categories WHERE slug = $2 ON CONFLICT DO NOTHING RETURNING category_id
