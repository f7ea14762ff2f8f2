-- History: complete archives, and what was withdrawn lately.

-- Feeds tell when: a time that every format can say.
UPDATE articles SET withdrawn = greatest(least(withdrawn, '9999-12-31 23:59:59 UTC'), '0001-01-01 UTC')
 WHERE withdrawn NOT BETWEEN '0001-01-01 UTC' AND '9999-12-31 23:59:59 UTC';
ALTER TABLE articles ADD CONSTRAINT articles_withdrawn_check CHECK (withdrawn BETWEEN '0001-01-01 UTC' AND '9999-12-31 23:59:59 UTC');

-- Where an archive document begins: one article in twenty, chosen by its id alone. So an article that comes late, or goes, moves
-- no other document's bounds (docs/decisions/0009-history.md).
CREATE FUNCTION begins_archive(article_id text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN get_byte(decode(substr(md5(article_id), 1, 2), 'hex'), 0) < 13;

CREATE INDEX articles_withdrawn ON articles (published DESC, id DESC) WHERE withdrawn IS NOT NULL;
CREATE INDEX article_categories_hidden ON article_categories (category_id, published DESC, article_id DESC) WHERE NOT shown;

CREATE VIEW members AS
SELECT 0::bigint AS selection_id, id AS article_id, published, withdrawn IS NULL AS shown FROM articles
 UNION ALL
SELECT category_id, article_id, published, shown FROM article_categories
 UNION ALL
SELECT selection_id, article_id, published, shown FROM article_selections;
COMMENT ON VIEW members IS 'What belongs to a category, tag, author or source, or (0) to the site, whichever it is.';
