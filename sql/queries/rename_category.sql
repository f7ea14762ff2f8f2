-- $1 slug  $2 slug from now on
UPDATE categories SET slug = $2 WHERE slug = $1 RETURNING slug
