-- Files a subscription's articles to come under this category no longer; no row where they were not.
-- $1 source  $2 slug
DELETE FROM subscription_categories m USING category_names k
 WHERE m.source_id = $1 AND m.category_id = k.category_id AND k.name = $2 RETURNING m.category_id
