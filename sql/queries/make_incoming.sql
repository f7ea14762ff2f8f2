-- Where merge_articles() copies a batch to; categories, tags and enclosures are
-- JSON arrays, details an object as complete_articles has it, or null. Rows up to
-- 8 kB are not compressed: they are read once.
CREATE TEMPORARY TABLE incoming (
    id text COLLATE "C" PRIMARY KEY, url text, title text NOT NULL, authors jsonb NOT NULL, summary text NOT NULL,
    content text NOT NULL, language text NOT NULL, published timestamptz NOT NULL, updated timestamptz,
    categories text NOT NULL, tags text NOT NULL, enclosures jsonb NOT NULL, details jsonb
) WITH (toast_tuple_target = 8160) ON COMMIT DROP
