-- Deletes articles with all that belongs to them, and remembers that they were removed.
-- $1 ids
WITH gone AS (DELETE FROM articles WHERE id = ANY ($1::text[]) RETURNING number, id, rises, published)
INSERT INTO removed_articles (number, id, rises, published) SELECT number, id, rises, published FROM gone
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, rises = excluded.rises, published = excluded.published, removed = excluded.removed
RETURNING number
