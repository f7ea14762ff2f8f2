-- $1 slug  $2 when its addresses end, null: now  $3 where people read about it, null: as before
UPDATE categories SET removed = coalesce($2, now()), sunset_url = coalesce($3, sunset_url) WHERE slug = $1 RETURNING slug
