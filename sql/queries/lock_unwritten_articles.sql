-- Articles that nobody is writing, or putting into a category, until the end of the transaction.
-- $1 ids
SELECT id FROM articles WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE SKIP LOCKED
