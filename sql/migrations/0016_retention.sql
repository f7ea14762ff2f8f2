-- Retention: how long, and how many articles, a category keeps (docs/decisions/0017-retention.md).

ALTER TABLE categories
    ADD COLUMN keep_days     int    CHECK (keep_days BETWEEN 1 AND 36500),
    ADD COLUMN keep_articles bigint CHECK (keep_articles BETWEEN 1 AND 1000000000);
COMMENT ON COLUMN categories.keep_days IS 'It is done with articles that were published so many days ago; null: with none.';
COMMENT ON COLUMN categories.keep_articles IS 'It is done with what comes after so many articles in its feed''s order; null: with none.';

CREATE TABLE removed_articles (
    number    bigint      PRIMARY KEY,
    id        text        COLLATE "C" NOT NULL UNIQUE,
    rises     boolean     NOT NULL,
    published timestamptz NOT NULL,
    removed   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE removed_articles IS 'What retention removed: its page answers 410, no import brings it back, and histories go on behind its place.';
-- Whoever serves asks here, also with a role from before this table.
GRANT SELECT ON removed_articles TO PUBLIC;

-- For retention alone, and with next to no rows: what was withdrawn and does not rise. One look through the table when it is made.
CREATE INDEX article_categories_hidden_behind ON article_categories (category_id, published, article_id) WHERE NOT shown AND NOT rises;

-- Two bounds a category, as its feed has what rises before what does not: it is done with articles of that kind whose
-- (published, id) is less.
CREATE VIEW retention_bounds AS
SELECT k.category_id, k.rises,
       CASE WHEN k.nth_published > k.since OR k.since IS NULL THEN k.nth_published ELSE k.since END AS published,
       CASE WHEN k.nth_published > k.since OR k.since IS NULL THEN k.nth_id ELSE '' END AS article_id
  FROM (SELECT c.id AS category_id, kind.rises, now() - make_interval(days => c.keep_days) AS since,
               CASE WHEN nth.rises = kind.rises THEN nth.published WHEN nth.rises THEN 'infinity' END AS nth_published,
               CASE WHEN nth.rises = kind.rises THEN nth.article_id ELSE '' END AS nth_id
          FROM categories c CROSS JOIN (VALUES (true), (false)) AS kind (rises)
          LEFT JOIN LATERAL (SELECT m.rises, m.published, m.article_id FROM article_categories m
                              WHERE m.category_id = c.id AND m.shown AND m.published <= now()
                              ORDER BY m.rises DESC, m.published DESC, m.article_id DESC
                             OFFSET c.keep_articles - 1 LIMIT (CASE WHEN c.keep_articles IS NULL THEN 0 ELSE 1 END)) AS nth ON true
         WHERE c.keep_days IS NOT NULL OR c.keep_articles IS NOT NULL) AS k
 WHERE k.since IS NOT NULL OR k.nth_published IS NOT NULL;
COMMENT ON VIEW retention_bounds IS 'Which articles categories with a limit are done with: those of that kind that are before (published, article_id).';

-- An archive's line becomes an article again, with its id, its number, its source and its categories as far as these are there.
-- False where the article is there already. Where its categories have the limits of before it goes again.
CREATE FUNCTION bring_back(line jsonb) RETURNS boolean LANGUAGE plpgsql SET search_path = gazetted, pg_temp AS $$
DECLARE
    row articles := jsonb_populate_record(NULL::articles, line -> 'article');
BEGIN
    IF row.id IS NULL OR row.number IS NULL THEN RAISE invalid_parameter_value USING MESSAGE = 'a line of an archive has an article with id and number'; END IF;
    IF EXISTS (SELECT FROM articles WHERE id = row.id) THEN RETURN false; END IF;
    row.source_id := (SELECT id FROM sources WHERE slug = line ->> 'source');
    row.revision := 0;
    row.changed := now();
    row.retold := false;
    INSERT INTO articles OVERRIDING SYSTEM VALUE SELECT row.*;
    INSERT INTO article_categories (article_id, category_id)
    SELECT DISTINCT row.id, n.category_id FROM jsonb_array_elements_text(line -> 'categories') AS slug JOIN category_names n ON n.name = slug COLLATE "C";
    INSERT INTO article_tags
    SELECT t.* FROM jsonb_array_elements(line -> 'tags') AS tag,
           jsonb_populate_record(NULL::article_tags, tag || jsonb_build_object('article_id', row.id)) AS t;
    INSERT INTO enclosures
    SELECT e.* FROM jsonb_array_elements(line -> 'enclosures') AS enclosure,
           jsonb_populate_record(NULL::enclosures, enclosure || jsonb_build_object('article_id', row.id)) AS e;
    UPDATE upstream_entries SET article_id = row.id
     WHERE source_id = row.source_id AND article_id IS NULL AND key = ANY (array(SELECT jsonb_array_elements_text(line -> 'entries')));
    DELETE FROM removed_articles WHERE id = row.id;
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION bring_back FROM PUBLIC;
