-- $1 slug
UPDATE categories SET removed = NULL, sunset_url = '' WHERE slug = $1 RETURNING slug
