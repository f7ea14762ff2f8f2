-- Subscriptions with what belongs to them, by slug.
-- $1 sources; null: all  $2 slug; null: any  $3 those alone whose last poll failed
SELECT * FROM described_subscriptions
 WHERE ($1::bigint[] IS NULL OR source_id = ANY ($1::bigint[])) AND ($2::text IS NULL OR slug = $2) AND (NOT $3 OR error <> '')
 ORDER BY slug
