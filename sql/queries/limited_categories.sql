-- Categories with a limit of how much they keep, with their slugs: two rows each, the articles that rise and the others.
SELECT b.category_id, c.slug, b.rises FROM retention_bounds b JOIN categories c ON c.id = b.category_id ORDER BY b.category_id, b.rises
