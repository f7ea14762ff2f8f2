-- A new category; no row where the slug is taken.
-- $1 slug  $2, $3, $4 title, description and language, or null
INSERT INTO categories (slug, title, description, language) VALUES ($1, coalesce($2, ''), coalesce($3, ''), coalesce($4, ''))
    ON CONFLICT DO NOTHING RETURNING slug
