-- Tags, authors and sources are selections as categories are: each with a revision, a feed id and its articles in order.
-- Their ids and those of categories come from one sequence, so that touched, notifications and caches know one kind of id.

CREATE TABLE selections (
    id             bigint      PRIMARY KEY,
    kind           text        COLLATE "C" NOT NULL CHECK (kind IN ('tag', 'author', 'source')),
    name           text        COLLATE "C" NOT NULL CHECK (name <> '' AND octet_length(name) <= 512),
    source_id      bigint      UNIQUE REFERENCES sources ON DELETE CASCADE,
    revision       bigint      NOT NULL DEFAULT 1,
    changed        timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_before timestamptz NOT NULL DEFAULT 'epoch',
    created        timestamptz NOT NULL DEFAULT clock_timestamp(),
    feed_id        text        NOT NULL DEFAULT 'urn:uuid:' || gen_random_uuid() CHECK (feed_id <> '' AND octet_length(feed_id) <= 2048),
    UNIQUE (kind, name),
    CHECK ((kind = 'source') = (source_id IS NOT NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE selections IS 'What articles belong to beside categories; kept by triggers. A row stays when its last article leaves, and so does its feed id.';
COMMENT ON COLUMN selections.id IS 'From the sequence of categories.id: no two things with a feed share an id.';
COMMENT ON COLUMN selections.name IS 'The tag, the author''s name or the source''s slug.';

CREATE TABLE article_selections (
    article_id   text        COLLATE "C" NOT NULL REFERENCES articles ON DELETE CASCADE,
    selection_id bigint      NOT NULL REFERENCES selections ON DELETE CASCADE,
    published    timestamptz NOT NULL,
    shown        boolean     NOT NULL,
    PRIMARY KEY (article_id, selection_id)
);
COMMENT ON TABLE article_selections IS 'Which tags, authors and sources articles have, and the articles'' order; kept by triggers.';
CREATE INDEX article_selections_newest ON article_selections (selection_id, shown, published DESC, article_id DESC);

-- What can be in an address: a name that is too long or has control characters selects nothing.
CREATE VIEW named_selections AS
SELECT article_id, 'tag' AS kind, tag AS name FROM article_tags
 UNION ALL
SELECT DISTINCT a.id, 'author', author.name
  FROM articles a CROSS JOIN LATERAL (SELECT normalize(btrim(regexp_replace(person ->> 'name', '[[:space:]]+', ' ', 'g'))) COLLATE "C" AS name
                                        FROM jsonb_array_elements(a.authors) AS person) AS author
 WHERE author.name <> '' AND octet_length(author.name) <= 512 AND author.name !~ '[[:cntrl:]]'
 UNION ALL
SELECT a.id, 'source', s.slug FROM articles a JOIN sources s ON s.id = a.source_id;
COMMENT ON VIEW named_selections IS 'What each article says that it belongs to: what article_selections has to follow.';

-- In the order of names, so that two such statements cannot deadlock on what is new in both.
CREATE FUNCTION make_selections(ids text[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
    INSERT INTO selections (id, kind, name)
    SELECT nextval('categories_id_seq'), kind, name
      FROM (SELECT DISTINCT kind, name FROM named_selections n
             WHERE article_id = ANY (ids) AND kind <> 'source' AND NOT EXISTS (SELECT FROM selections s WHERE s.kind = n.kind AND s.name = n.name)
             ORDER BY kind, name) AS missing
        ON CONFLICT DO NOTHING;
$$;
REVOKE EXECUTE ON FUNCTION make_selections FROM PUBLIC;

-- Makes article_selections follow these articles. The lock waits for a running change of an article's date by somebody else, and
-- the statements after it see what that left.
CREATE FUNCTION select_articles(ids text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    PERFORM FROM articles WHERE id = ANY (ids) AND xmin <> pg_current_xact_id()::xid ORDER BY id FOR NO KEY UPDATE;
    PERFORM make_selections(ids);
    -- EXCEPT and no anti-join: that one goes through all pairs where the planner takes the tables for small ones.
    DELETE FROM article_selections m
     USING (SELECT article_id, selection_id FROM article_selections WHERE article_id = ANY (ids)
            EXCEPT
            SELECT n.article_id, s.id FROM named_selections n JOIN selections s ON s.kind = n.kind AND s.name = n.name
             WHERE n.article_id = ANY (ids)) AS gone
     WHERE m.article_id = gone.article_id AND m.selection_id = gone.selection_id;
    INSERT INTO article_selections (article_id, selection_id, published, shown)
    SELECT a.id, s.id, a.published, a.withdrawn IS NULL
      FROM named_selections n JOIN selections s ON s.kind = n.kind AND s.name = n.name JOIN articles a ON a.id = n.article_id
     WHERE n.article_id = ANY (ids)
       AND NOT EXISTS (SELECT FROM article_selections m WHERE m.article_id = a.id AND m.selection_id = s.id)
        ON CONFLICT DO NOTHING;
END $$;
REVOKE EXECUTE ON FUNCTION select_articles FROM PUBLIC;

-- What articles said before there were selections.
INSERT INTO selections (id, kind, name, source_id)
SELECT nextval('categories_id_seq'), 'source', slug, id FROM sources ORDER BY id;
INSERT INTO selections (id, kind, name)
SELECT nextval('categories_id_seq'), kind, name FROM (SELECT DISTINCT kind, name FROM named_selections WHERE kind <> 'source' ORDER BY kind, name) AS named;
INSERT INTO article_selections (article_id, selection_id, published, shown)
SELECT a.id, s.id, a.published, a.withdrawn IS NULL
  FROM named_selections n JOIN selections s ON s.kind = n.kind AND s.name = n.name JOIN articles a ON a.id = n.article_id;

CREATE OR REPLACE FUNCTION raise_revisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids     bigint[];
    payload text;
BEGIN
    WITH mine AS (DELETE FROM touched WHERE xid = pg_current_xact_id() RETURNING category_id)
    SELECT array_agg(category_id ORDER BY category_id) INTO ids FROM mine;
    IF ids IS NULL THEN RETURN NULL; END IF;

    PERFORM FROM categories WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE categories SET revision = revision + 1, changed_before = changed, changed = greatest(clock_timestamp(), changed)
     WHERE id = ANY (ids);
    PERFORM FROM selections WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE selections SET revision = revision + 1, changed_before = changed, changed = greatest(clock_timestamp(), changed)
     WHERE id = ANY (ids);
    UPDATE site SET revision = revision + 1, changed_before = changed, changed = greatest(clock_timestamp(), changed);

    -- A payload holds 8,000 bytes at most: 350 ids of 20 digits.
    FOR payload IN
        SELECT string_agg(id::text, ' ' ORDER BY place) FROM unnest(ids) WITH ORDINALITY AS list (id, place)
                    GROUP BY (place - 1) / 350
    LOOP
        PERFORM pg_notify('gazetted', payload);
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION site_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    -- Every feed names the site's author, and its page the site.
    PERFORM touch(array(SELECT id FROM categories UNION ALL SELECT id FROM selections) || 0::bigint);
    RETURN NULL;
END $$;

CREATE FUNCTION source_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    INSERT INTO selections AS s (id, kind, name, source_id) VALUES (nextval('categories_id_seq'), 'source', NEW.slug, NEW.id)
        ON CONFLICT (source_id) DO UPDATE SET name = excluded.name WHERE s.name <> excluded.name;
    PERFORM touch(array(SELECT id FROM selections WHERE source_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER source_inserted AFTER INSERT ON sources FOR EACH ROW EXECUTE FUNCTION source_written();
CREATE TRIGGER source_updated AFTER UPDATE ON sources FOR EACH ROW WHEN ((OLD.slug, OLD.title) IS DISTINCT FROM (NEW.slug, NEW.title))
    EXECUTE FUNCTION source_written();

CREATE FUNCTION article_selections_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT DISTINCT selection_id FROM touched_rows));
    RETURN NULL;
END $$;
CREATE TRIGGER article_selections_inserted AFTER INSERT ON article_selections REFERENCING NEW TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_selections_changed();
CREATE TRIGGER article_selections_deleted AFTER DELETE ON article_selections REFERENCING OLD TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_selections_changed();

CREATE FUNCTION articles_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM touched_rows) THEN RETURN NULL; END IF;
    PERFORM touch('{0}');
    PERFORM select_articles(array(SELECT id FROM touched_rows WHERE source_id IS NOT NULL OR authors <> '[]'));
    RETURN NULL;
END $$;
DROP TRIGGER articles_inserted ON articles;
CREATE TRIGGER articles_inserted AFTER INSERT ON articles REFERENCING NEW TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION articles_inserted();

CREATE OR REPLACE FUNCTION articles_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids text[] := array(SELECT id FROM (SELECT id, revision FROM new_rows EXCEPT SELECT id, revision FROM old_rows) AS changed);
BEGIN
    IF cardinality(ids) = 0 THEN RETURN NULL; END IF;
    UPDATE article_categories c SET published = a.published, shown = a.withdrawn IS NULL
      FROM articles a
     WHERE c.article_id = ANY (ids) AND a.id = c.article_id AND (c.published, c.shown) IS DISTINCT FROM (a.published, a.withdrawn IS NULL);
    UPDATE article_selections m SET published = a.published, shown = a.withdrawn IS NULL
      FROM articles a
     WHERE m.article_id = ANY (ids) AND a.id = m.article_id AND (m.published, m.shown) IS DISTINCT FROM (a.published, a.withdrawn IS NULL);
    PERFORM select_articles(array(SELECT DISTINCT id FROM (SELECT id, source_id, authors FROM new_rows
                                                    EXCEPT SELECT id, source_id, authors FROM old_rows) AS moved));
    PERFORM touch(array(SELECT category_id FROM article_categories WHERE article_id = ANY (ids)
                        UNION SELECT selection_id FROM article_selections WHERE article_id = ANY (ids)) || 0::bigint);
    RETURN NULL;
END $$;

-- Tags: the article's entry changes wherever it stands, and so does what it belongs to.
CREATE FUNCTION article_tags_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids text[] := array(SELECT DISTINCT article_id FROM touched_rows);
BEGIN
    PERFORM select_articles(ids);
    PERFORM revise_articles(ids);
    RETURN NULL;
END $$;
CREATE FUNCTION article_tags_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids text[] := array(SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows);
BEGIN
    PERFORM select_articles(ids);
    PERFORM revise_articles(ids);
    RETURN NULL;
END $$;
DROP TRIGGER article_tags_inserted ON article_tags;
DROP TRIGGER article_tags_deleted ON article_tags;
DROP TRIGGER article_tags_updated ON article_tags;
CREATE TRIGGER article_tags_inserted AFTER INSERT ON article_tags REFERENCING NEW TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_tags_changed();
CREATE TRIGGER article_tags_deleted AFTER DELETE ON article_tags REFERENCING OLD TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_tags_changed();
CREATE TRIGGER article_tags_updated AFTER UPDATE ON article_tags REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_tags_updated();

CREATE OR REPLACE FUNCTION rows_truncated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT id FROM categories UNION ALL SELECT id FROM selections) || 0::bigint);
    IF TG_TABLE_NAME = 'article_tags' THEN
        DELETE FROM article_selections WHERE selection_id IN (SELECT id FROM selections WHERE kind = 'tag');
    END IF;
    UPDATE articles SET revision = 0;
    RETURN NULL;
END $$;
