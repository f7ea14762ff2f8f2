-- Articles, what they belong to, and the triggers that keep revisions and notifications right.
-- Runs in one transaction with search_path = gazetted; other programs write these tables (docs/sql.md).

-- Our statements read and write whole numbers: no time zone, no rounding, no format. Not IMMUTABLE, though it is: the server
-- counts extract() as STABLE, and would call this 300 times a feed instead of writing it into the statement.
CREATE FUNCTION microseconds(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN (extract(epoch FROM moment) * 1000000)::bigint;

CREATE TABLE site (
    singleton      boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    title          text        NOT NULL DEFAULT '' CHECK (octet_length(title) <= 4096),
    description    text        NOT NULL DEFAULT '' CHECK (octet_length(description) <= 65536),
    language       text        NOT NULL DEFAULT '' CHECK (octet_length(language) <= 64),
    author         text        NOT NULL DEFAULT '' CHECK (octet_length(author) <= 4096),
    revision       bigint      NOT NULL DEFAULT 1,
    changed        timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_before timestamptz NOT NULL DEFAULT 'epoch',
    created        timestamptz NOT NULL DEFAULT clock_timestamp(),
    feed_id        text        NOT NULL DEFAULT 'urn:uuid:' || gen_random_uuid() CHECK (feed_id <> '' AND octet_length(feed_id) <= 2048)
) WITH (fillfactor = 10);
COMMENT ON TABLE site IS 'One row: what the selection "all" is called, and the revision that grows with every shown change.';
INSERT INTO site DEFAULT VALUES;

CREATE TABLE categories (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug           text        COLLATE "C" NOT NULL UNIQUE
                               CHECK (slug <> '' AND octet_length(slug) <= 512 AND slug IS NFC NORMALIZED
                                      AND slug !~ '[[:cntrl:]/]' AND slug NOT IN ('.', '..')),
    title          text        NOT NULL DEFAULT '' CHECK (octet_length(title) <= 4096),
    description    text        NOT NULL DEFAULT '' CHECK (octet_length(description) <= 65536),
    language       text        NOT NULL DEFAULT '' CHECK (octet_length(language) <= 64),
    revision       bigint      NOT NULL DEFAULT 1,
    changed        timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_before timestamptz NOT NULL DEFAULT 'epoch',
    created        timestamptz NOT NULL DEFAULT clock_timestamp(),
    feed_id        text        NOT NULL DEFAULT 'urn:uuid:' || gen_random_uuid() CHECK (feed_id <> '' AND octet_length(feed_id) <= 2048)
) WITH (fillfactor = 50);
COMMENT ON COLUMN categories.revision IS 'Grows whenever what the category shows changes; kept by triggers.';
COMMENT ON COLUMN categories.feed_id IS 'The id of its feeds, for life: minted once, so that neither a slug nor a domain changes it.';
COMMENT ON COLUMN categories.changed IS 'When the revision last grew, never going back; changed_before is the time before that.';

CREATE TABLE sources (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug     text        COLLATE "C" NOT NULL UNIQUE
                         CHECK (slug <> '' AND octet_length(slug) <= 512 AND slug IS NFC NORMALIZED
                                AND slug !~ '[[:cntrl:]/]' AND slug NOT IN ('.', '..')),
    title    text        NOT NULL DEFAULT '' CHECK (octet_length(title) <= 4096),
    url      text        NOT NULL DEFAULT '' CHECK (octet_length(url) <= 4096),
    created  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE sources IS 'Where articles came from: an imported site, later an upstream feed.';

CREATE SEQUENCE article_revisions;

CREATE FUNCTION is_authors(value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_typeof(value) = 'array' AND octet_length(value::text) <= 65536
   AND NOT jsonb_path_exists(value, '$[*] ? (@.type() != "object" || !(exists(@.name)) || @.name.type() != "string"
           || @.email.type() != "string" || @.uri.type() != "string")');

CREATE TABLE articles (
    id         text        COLLATE "C" PRIMARY KEY CHECK (id <> '' AND octet_length(id) <= 2048 AND id !~ '[[:cntrl:]]'),
    number     bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    source_id  bigint      REFERENCES sources,
    url        text        COLLATE "C" CHECK (url ~* '^https?://[^[:space:]]+$' AND octet_length(url) <= 4096),
    title      text        NOT NULL DEFAULT '' CHECK (octet_length(title) <= 16384),
    authors    jsonb       NOT NULL DEFAULT '[]' CHECK (is_authors(authors)),
    summary    text        NOT NULL DEFAULT '' CHECK (octet_length(summary) <= 1048576),
    content    text        NOT NULL DEFAULT '' CHECK (octet_length(content) <= 16777216),
    language   text        NOT NULL DEFAULT '' CHECK (octet_length(language) <= 64),
    published  timestamptz NOT NULL DEFAULT now() CHECK (published BETWEEN '0001-01-01 UTC' AND '9999-12-31 23:59:59 UTC'),
    updated    timestamptz CHECK (updated BETWEEN '0001-01-01 UTC' AND '9999-12-31 23:59:59 UTC'),
    first_seen timestamptz NOT NULL DEFAULT now(),
    withdrawn  timestamptz,
    revision   bigint      NOT NULL,
    changed    timestamptz NOT NULL,
    CONSTRAINT articles_say_something CHECK (title <> '' OR content <> '')
) WITH (fillfactor = 90);
COMMENT ON COLUMN articles.id IS 'The entry id, for life: never changes. Left out, it is made from the url.';
COMMENT ON COLUMN articles.number IS 'Names the page /article/{number} in this database.';
COMMENT ON COLUMN articles.authors IS 'Array of {"name", optional "email", "uri"}, all strings.';
COMMENT ON COLUMN articles.content IS 'HTML as it came; sanitised on the way out.';
COMMENT ON COLUMN articles.published IS 'In the future: held back until then.';
COMMENT ON COLUMN articles.updated IS 'What readers are told; null means the same as published.';
COMMENT ON COLUMN articles.revision IS 'Grows with every change of what a feed shows of the article, tags and categories included; kept by triggers.';
CREATE INDEX articles_newest ON articles (published DESC, id DESC) WHERE withdrawn IS NULL;
CREATE INDEX articles_by_source ON articles (source_id);

CREATE TABLE article_categories (
    article_id  text        COLLATE "C" NOT NULL REFERENCES articles ON DELETE CASCADE,
    category_id bigint      NOT NULL REFERENCES categories ON DELETE CASCADE,
    published   timestamptz NOT NULL,
    shown       boolean     NOT NULL,
    PRIMARY KEY (article_id, category_id)
);
COMMENT ON TABLE article_categories IS 'Writers give article_id and category_id; published and shown follow the article by trigger.';
CREATE INDEX article_categories_newest ON article_categories (category_id, published DESC, article_id DESC) WHERE shown;

CREATE TABLE article_tags (
    article_id text COLLATE "C" NOT NULL REFERENCES articles ON DELETE CASCADE,
    tag        text COLLATE "C" NOT NULL CHECK (tag <> '' AND octet_length(tag) <= 512 AND tag IS NFC NORMALIZED
                                                AND tag !~ '[[:cntrl:]]'),
    PRIMARY KEY (article_id, tag)
);
CREATE INDEX article_tags_by_tag ON article_tags (tag, article_id);

CREATE TABLE enclosures (
    article_id   text   COLLATE "C" NOT NULL REFERENCES articles ON DELETE CASCADE,
    position     int    NOT NULL CHECK (position >= 0),
    url          text   COLLATE "C" NOT NULL CHECK (url ~* '^https?://[^[:space:]]+$' AND octet_length(url) <= 4096),
    media_type   text   COLLATE "C" NOT NULL CHECK (media_type ~ '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+$' AND octet_length(media_type) <= 255),
    length_bytes bigint CHECK (length_bytes >= 0),
    PRIMARY KEY (article_id, position)
);

-- What a transaction touched. Filled by statement triggers, emptied by one deferred trigger at commit, which takes the
-- category rows in the order of their ids: writers that touch the same categories in another order cannot deadlock on them.
CREATE UNLOGGED TABLE touched (
    xid         xid8   NOT NULL DEFAULT pg_current_xact_id(),
    category_id bigint NOT NULL,
    PRIMARY KEY (xid, category_id)
);
COMMENT ON TABLE touched IS 'Categories that a running transaction touched; 0 is the whole site. Empty between transactions.';

-- No categories: nothing is touched. What shows in no category is {0}.
CREATE FUNCTION touch(category_ids bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
    INSERT INTO touched (category_id)
    SELECT DISTINCT unnest(category_ids || 0::bigint) WHERE cardinality(category_ids) > 0 ON CONFLICT DO NOTHING;
$$;

REVOKE EXECUTE ON FUNCTION touch FROM PUBLIC;

CREATE FUNCTION raise_revisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
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
CREATE CONSTRAINT TRIGGER raise_revisions AFTER INSERT ON touched DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION raise_revisions();

-- Site and categories: a changed title is a change of every feed that shows it.
CREATE FUNCTION site_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    -- Every category's feed names the site's author, and its page the site.
    PERFORM touch(array(SELECT id FROM categories) || 0::bigint);
    RETURN NULL;
END $$;
CREATE TRIGGER site_changed AFTER UPDATE OF title, description, language, author ON site
    FOR EACH ROW WHEN ((OLD.title, OLD.description, OLD.language, OLD.author)
                       IS DISTINCT FROM (NEW.title, NEW.description, NEW.language, NEW.author))
    EXECUTE FUNCTION site_changed();

CREATE FUNCTION category_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch('{0}');
    RETURN NULL;
END $$;
CREATE TRIGGER category_removed AFTER DELETE ON categories FOR EACH ROW EXECUTE FUNCTION category_removed();

CREATE FUNCTION categories_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT id FROM new_rows));
    RETURN NULL;
END $$;
CREATE TRIGGER categories_inserted AFTER INSERT ON categories REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION categories_inserted();

-- EXCEPT instead of a join of old and new rows: a function's plan is kept, and a join planned for one row would go through
-- 50,000 rows 50,000 times.
CREATE FUNCTION categories_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids bigint[] := array(SELECT DISTINCT id FROM (SELECT id, slug, title, description, language FROM new_rows
                                            EXCEPT SELECT id, slug, title, description, language FROM old_rows) AS changed);
    renamed bigint[] := array(SELECT DISTINCT id FROM (SELECT id, slug, title FROM new_rows EXCEPT SELECT id, slug, title FROM old_rows) AS changed);
BEGIN
    PERFORM touch(ids);
    IF cardinality(renamed) > 0 THEN
        -- Entries name their categories, in whichever feed they stand.
        PERFORM revise_articles(array(SELECT DISTINCT article_id FROM article_categories WHERE category_id = ANY (renamed)));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER categories_updated AFTER UPDATE ON categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION categories_updated();

-- Articles.
CREATE FUNCTION insert_article() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF NEW.id IS NULL THEN
        IF NEW.url IS NULL THEN
            RAISE not_null_violation USING MESSAGE = 'an article needs a url or an id', HINT = 'give one of the columns url and id';
        END IF;
        -- RFC 9562 version 8: the same url gives the same id, so that a repeated insert meets its own row.
        NEW.id := 'urn:uuid:' || overlay(overlay(md5(NEW.url) PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid;
    END IF;
    NEW.revision := nextval('article_revisions');
    NEW.changed := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER insert_article BEFORE INSERT ON articles FOR EACH ROW EXECUTE FUNCTION insert_article();

CREATE FUNCTION revise_article() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id THEN
        RAISE check_violation USING MESSAGE = 'an article keeps its id for life', HINT = 'withdraw this article and insert another';
    END IF;
    NEW.revision := nextval('article_revisions');
    NEW.changed := greatest(clock_timestamp(), OLD.changed);
    RETURN NEW;
END $$;
CREATE TRIGGER revise_article BEFORE UPDATE ON articles FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION revise_article();

CREATE FUNCTION articles_inserted_or_deleted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM touched_rows) THEN PERFORM touch('{0}'); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER articles_inserted AFTER INSERT ON articles REFERENCING NEW TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION articles_inserted_or_deleted();
CREATE TRIGGER articles_deleted AFTER DELETE ON articles REFERENCING OLD TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION articles_inserted_or_deleted();

CREATE FUNCTION articles_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids text[] := array(SELECT id FROM (SELECT id, revision FROM new_rows EXCEPT SELECT id, revision FROM old_rows) AS changed);
BEGIN
    IF cardinality(ids) = 0 THEN RETURN NULL; END IF;
    UPDATE article_categories c SET published = a.published, shown = a.withdrawn IS NULL
      FROM articles a
     WHERE c.article_id = ANY (ids) AND a.id = c.article_id AND (c.published, c.shown) IS DISTINCT FROM (a.published, a.withdrawn IS NULL);
    PERFORM touch(array(SELECT DISTINCT category_id FROM article_categories WHERE article_id = ANY (ids)) || 0::bigint);
    RETURN NULL;
END $$;
CREATE TRIGGER articles_updated AFTER UPDATE ON articles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION articles_updated();

-- What belongs to an article is shown in its entry. Articles that this transaction has written already have a revision that
-- nobody has seen. In the order of ids, so that two such statements cannot deadlock.
CREATE FUNCTION revise_articles(ids text[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
    UPDATE articles SET revision = 0
     WHERE id IN (SELECT id FROM articles WHERE id = ANY (ids) AND xmin <> pg_current_xact_id()::xid ORDER BY id FOR NO KEY UPDATE);
$$;
REVOKE EXECUTE ON FUNCTION revise_articles FROM PUBLIC;

-- The lock makes an insert here wait for a running change of the article's date, and the other way round, so that the copied
-- columns never differ from the article's.
CREATE FUNCTION copy_article_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    is_ours boolean;
BEGIN
    SELECT published, withdrawn IS NULL, xmin = pg_current_xact_id()::xid INTO NEW.published, NEW.shown, is_ours
      FROM articles WHERE id = NEW.article_id;
    IF is_ours IS NOT TRUE THEN
        SELECT published, withdrawn IS NULL INTO NEW.published, NEW.shown FROM articles WHERE id = NEW.article_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RAISE foreign_key_violation USING MESSAGE = format('there is no article with the id %L', NEW.article_id);
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER copy_article_order BEFORE INSERT OR UPDATE ON article_categories
    FOR EACH ROW EXECUTE FUNCTION copy_article_order();

CREATE FUNCTION article_categories_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT DISTINCT category_id FROM touched_rows));
    PERFORM revise_articles(array(SELECT DISTINCT article_id FROM touched_rows));
    RETURN NULL;
END $$;
CREATE TRIGGER article_categories_inserted AFTER INSERT ON article_categories REFERENCING NEW TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_categories_inserted();
CREATE TRIGGER article_categories_deleted AFTER DELETE ON article_categories REFERENCING OLD TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_categories_inserted();

CREATE FUNCTION article_categories_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT category_id FROM new_rows UNION SELECT category_id FROM old_rows));
    PERFORM revise_articles(array(SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows));
    RETURN NULL;
END $$;
CREATE TRIGGER article_categories_updated AFTER UPDATE ON article_categories REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION article_categories_updated();

-- Tags and enclosures: an updated article touches its categories.
CREATE FUNCTION belongings_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM revise_articles(array(SELECT DISTINCT article_id FROM touched_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION belongings_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM revise_articles(array(SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows));
    RETURN NULL;
END $$;
CREATE TRIGGER article_tags_inserted AFTER INSERT ON article_tags REFERENCING NEW TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION belongings_changed();
CREATE TRIGGER article_tags_deleted AFTER DELETE ON article_tags REFERENCING OLD TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION belongings_changed();
CREATE TRIGGER article_tags_updated AFTER UPDATE ON article_tags REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION belongings_updated();
CREATE TRIGGER enclosures_inserted AFTER INSERT ON enclosures REFERENCING NEW TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION belongings_changed();
CREATE TRIGGER enclosures_deleted AFTER DELETE ON enclosures REFERENCING OLD TABLE AS touched_rows
    FOR EACH STATEMENT EXECUTE FUNCTION belongings_changed();
CREATE TRIGGER enclosures_updated AFTER UPDATE ON enclosures REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION belongings_updated();

-- TRUNCATE names no rows: every category may have shown some of them.
CREATE FUNCTION rows_truncated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM touch(array(SELECT id FROM categories) || 0::bigint);
    UPDATE articles SET revision = 0;
    RETURN NULL;
END $$;
CREATE TRIGGER articles_truncated AFTER TRUNCATE ON articles FOR EACH STATEMENT EXECUTE FUNCTION rows_truncated();
CREATE TRIGGER article_categories_truncated AFTER TRUNCATE ON article_categories FOR EACH STATEMENT EXECUTE FUNCTION rows_truncated();
CREATE TRIGGER article_tags_truncated AFTER TRUNCATE ON article_tags FOR EACH STATEMENT EXECUTE FUNCTION rows_truncated();
CREATE TRIGGER enclosures_truncated AFTER TRUNCATE ON enclosures FOR EACH STATEMENT EXECUTE FUNCTION rows_truncated();

CREATE VIEW complete_articles AS
SELECT a.*,
       coalesce((SELECT jsonb_agg(jsonb_build_array(k.slug, k.title) ORDER BY k.slug)
                   FROM article_categories c JOIN categories k ON k.id = c.category_id WHERE c.article_id = a.id), '[]') AS categories,
       coalesce((SELECT jsonb_agg(t.tag ORDER BY t.tag) FROM article_tags t WHERE t.article_id = a.id), '[]') AS tags,
       coalesce((SELECT jsonb_agg(jsonb_build_array(e.url, e.media_type, e.length_bytes) ORDER BY e.position)
                   FROM enclosures e WHERE e.article_id = a.id), '[]') AS enclosures
  FROM articles a;
COMMENT ON VIEW complete_articles IS 'Articles with what belongs to them, as arrays; one article costs four index look-ups.';
