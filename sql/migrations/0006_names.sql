-- Addresses for life: what something was once called goes on naming it, and an end is an operator's act
-- (docs/decisions/0012-names.md).

CREATE TABLE former_names (
    kind         text        COLLATE "C" NOT NULL CHECK (kind IN ('category', 'tag', 'author', 'source')),
    name         text        COLLATE "C" NOT NULL CHECK (name <> '' AND octet_length(name) <= 512),
    selection_id bigint      NOT NULL,
    since        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE former_names IS 'What categories, tags, authors and sources were called before; kept by triggers. No current name is among them.';
COMMENT ON COLUMN former_names.selection_id IS 'Who has the name''s articles now, of categories or selections: never a name, so that no chain is ever followed.';
CREATE INDEX former_names_by_selection ON former_names (selection_id);

CREATE VIEW category_names AS
SELECT slug AS name, id AS category_id FROM categories
 UNION ALL
SELECT name, selection_id FROM former_names WHERE kind = 'category';
COMMENT ON VIEW category_names IS 'Every slug that names a category, or did.';

-- What was called old_name is called new_name now; where old_name is somebody's again, it is theirs.
CREATE FUNCTION note_former_name(of_kind text, old_name text, new_name text, id bigint) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = gazetted, pg_temp AS $$
    DELETE FROM former_names f WHERE f.kind = of_kind AND f.name = new_name;
    INSERT INTO former_names (kind, name, selection_id)
    SELECT of_kind, old_name, id
     WHERE old_name IS NOT NULL
       AND NOT EXISTS (SELECT FROM categories c WHERE of_kind = 'category' AND c.slug = old_name)
       AND NOT EXISTS (SELECT FROM selections s WHERE s.kind = of_kind AND s.name = old_name)
        ON CONFLICT (kind, name) DO UPDATE SET selection_id = excluded.selection_id, since = excluded.since;
$$;
REVOKE EXECUTE ON FUNCTION note_former_name FROM PUBLIC;

CREATE FUNCTION category_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM note_former_name('category', CASE WHEN TG_OP = 'UPDATE' THEN OLD.slug END, NEW.slug, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER category_inserted AFTER INSERT ON categories FOR EACH ROW EXECUTE FUNCTION category_named();
CREATE TRIGGER category_renamed AFTER UPDATE OF slug ON categories FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION category_named();

CREATE FUNCTION selection_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    PERFORM note_former_name(NEW.kind, CASE WHEN TG_OP = 'UPDATE' THEN OLD.name END, NEW.name, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER selection_inserted AFTER INSERT ON selections FOR EACH ROW EXECUTE FUNCTION selection_named();
CREATE TRIGGER selection_renamed AFTER UPDATE OF name ON selections FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION selection_named();

-- Who is deleted was never there, and neither were the names.
CREATE OR REPLACE FUNCTION category_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    DELETE FROM former_names WHERE selection_id = OLD.id;
    PERFORM touch(array[OLD.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER selection_removed AFTER DELETE ON selections FOR EACH ROW EXECUTE FUNCTION category_removed();

-- Removal.

ALTER TABLE categories
    ADD COLUMN removed    timestamptz CHECK (removed BETWEEN '1970-01-01 UTC' AND '9999-12-31 23:59:59 UTC'),
    ADD COLUMN sunset_url text COLLATE "C" NOT NULL DEFAULT '' CHECK (sunset_url ~* '^(https?://[^[:space:]]+)?$' AND octet_length(sunset_url) <= 4096);
COMMENT ON COLUMN categories.removed IS 'When its addresses end, by an operator''s word: 410 from then on, and until then they say so. Null: they do not.';
COMMENT ON COLUMN categories.sunset_url IS 'Where people read about the end.';

CREATE OR REPLACE FUNCTION categories_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids bigint[] := array(SELECT DISTINCT id FROM (
               SELECT id, slug, title, description, language, icon_url, logo_url, entry_link, podcast_category, podcast_explicit, removed, sunset_url FROM new_rows
        EXCEPT SELECT id, slug, title, description, language, icon_url, logo_url, entry_link, podcast_category, podcast_explicit, removed, sunset_url FROM old_rows) AS changed);
    renamed bigint[] := array(SELECT DISTINCT id FROM (SELECT id, slug, title, removed IS NULL FROM new_rows
                                                EXCEPT SELECT id, slug, title, removed IS NULL FROM old_rows) AS changed);
BEGIN
    PERFORM touch(ids);
    IF cardinality(renamed) > 0 THEN
        -- Entries name their categories, in whichever feed they stand.
        PERFORM revise_articles(array(SELECT DISTINCT article_id FROM article_categories WHERE category_id = ANY (renamed)));
    END IF;
    RETURN NULL;
END $$;

-- What became of names, in their order: what they name is called so now (null: they name nothing), and whether it was removed.
-- A role that serves may ask without knowing the tables.
CREATE FUNCTION names_now(kinds text[], names text[]) RETURNS TABLE (name_now text, is_removed boolean) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = gazetted, pg_temp AS $$
    SELECT coalesce(c.slug, s.name, o.name), coalesce(c.removed <= now(), false)
      FROM unnest(kinds, names) WITH ORDINALITY AS given (kind, name, place)
      LEFT JOIN former_names f ON f.kind = given.kind COLLATE "C" AND f.name = given.name COLLATE "C"
      LEFT JOIN categories c ON given.kind = 'category'
                            AND c.id = coalesce(f.selection_id, (SELECT k.id FROM categories k WHERE k.slug = given.name COLLATE "C"))
      LEFT JOIN selections s ON given.kind <> 'category' AND s.id = f.selection_id
      LEFT JOIN selections o ON o.kind = given.kind COLLATE "C" AND o.name = given.name COLLATE "C"
     ORDER BY place
$$;

-- Tags and authors: a former name is an alias, for articles still to come too.

CREATE OR REPLACE VIEW named_selections AS
SELECT t.article_id, 'tag' AS kind, coalesce(s.name, t.tag) AS name
  FROM article_tags t LEFT JOIN former_names f ON f.kind = 'tag' AND f.name = t.tag LEFT JOIN selections s ON s.id = f.selection_id
 UNION ALL
SELECT DISTINCT a.id, 'author', coalesce(s.name, author.name)
  FROM articles a CROSS JOIN LATERAL (SELECT normalize(btrim(regexp_replace(person ->> 'name', '[[:space:]]+', ' ', 'g'))) COLLATE "C" AS name
                                        FROM jsonb_array_elements(a.authors) AS person) AS author
  LEFT JOIN former_names f ON f.kind = 'author' AND f.name = author.name LEFT JOIN selections s ON s.id = f.selection_id
 WHERE author.name <> '' AND octet_length(author.name) <= 512 AND author.name !~ '[[:cntrl:]]'
 UNION ALL
SELECT a.id, 'source', s.slug FROM articles a JOIN sources s ON s.id = a.source_id;

-- Entries show a tag by its name of today, and no category that comes to an end. A tag that the article has by several names is
-- there several times, its own name first.
CREATE OR REPLACE VIEW complete_articles AS
SELECT a.*,
       coalesce((SELECT jsonb_agg(jsonb_build_array(k.slug, k.title) ORDER BY k.slug)
                   FROM article_categories c JOIN categories k ON k.id = c.category_id
                  WHERE c.article_id = a.id AND k.removed IS NULL), '[]') AS categories,
       coalesce((SELECT jsonb_agg(jsonb_build_array(coalesce(s.name, t.tag), t.scheme, t.label)
                                  ORDER BY coalesce(s.name, t.tag), s.name IS NOT NULL, t.tag)
                   FROM article_tags t LEFT JOIN former_names f ON f.kind = 'tag' AND f.name = t.tag
                   LEFT JOIN selections s ON s.id = f.selection_id
                  WHERE t.article_id = a.id), '[]') AS tags,
       coalesce((SELECT jsonb_agg(jsonb_build_array(e.url, e.media_type, e.length_bytes, e.role, e.title, e.language,
                                                    e.duration_seconds, e.width, e.height) ORDER BY e.position)
                   FROM enclosures e WHERE e.article_id = a.id), '[]') AS enclosures,
       CASE WHEN a.direction <> '' OR a.rights <> '' OR a.place <> '' OR a.episode_kind <> ''
              OR num_nonnulls(a.comments_url, a.latitude, a.season, a.episode, a.explicit, a.origin) > 0
            THEN jsonb_strip_nulls(jsonb_build_object(
                     'direction', a.direction, 'rights', a.rights, 'comments_url', a.comments_url, 'latitude', a.latitude::text,
                     'longitude', a.longitude::text, 'place', a.place, 'season', a.season, 'episode', a.episode,
                     'episode_kind', a.episode_kind, 'explicit', a.explicit, 'origin', a.origin)) END AS details
  FROM articles a;

-- What an operator does.

-- All articles of one category go into another, which has the first one's addresses from then on.
CREATE FUNCTION merge_category(merged text, survivor text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    merged_id   bigint := (SELECT id FROM categories WHERE slug = merged);
    survivor_id bigint := (SELECT id FROM categories WHERE slug = survivor);
BEGIN
    IF merged_id IS NULL OR survivor_id IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = format('there is no category %s', CASE WHEN merged_id IS NULL THEN merged ELSE survivor END);
    END IF;
    IF merged_id = survivor_id THEN RAISE invalid_parameter_value USING MESSAGE = 'a category cannot be merged into itself'; END IF;
    PERFORM FROM categories WHERE id IN (merged_id, survivor_id) ORDER BY id FOR UPDATE;
    INSERT INTO article_categories (article_id, category_id)
    SELECT article_id, survivor_id FROM article_categories m
     WHERE category_id = merged_id
       AND NOT EXISTS (SELECT FROM article_categories o WHERE o.article_id = m.article_id AND o.category_id = survivor_id)
     ORDER BY article_id ON CONFLICT DO NOTHING;
    UPDATE former_names SET selection_id = survivor_id WHERE selection_id = merged_id;
    DELETE FROM categories WHERE id = merged_id;
    PERFORM note_former_name('category', merged, survivor, survivor_id);
    PERFORM touch(array[survivor_id]);
END $$;
REVOKE EXECUTE ON FUNCTION merge_category FROM PUBLIC;

-- A tag or an author gets another name, and keeps its feed id; where that name has articles already, the two become one.
CREATE FUNCTION rename_selection(of_kind text, old_name text, new_name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gazetted, pg_temp AS $$
DECLARE
    old_id   bigint := (SELECT id FROM selections WHERE kind = of_kind AND name = old_name);
    new_id   bigint := (SELECT id FROM selections WHERE kind = of_kind AND name = new_name);
    alias_id bigint := (SELECT selection_id FROM former_names WHERE kind = of_kind AND name = new_name);
    ids      text[];
BEGIN
    IF of_kind NOT IN ('tag', 'author') OR old_id IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = format('there is no %s %s', of_kind, old_name);
    END IF;
    IF new_name IS NOT NFC NORMALIZED OR new_name ~ '[[:cntrl:]]' OR new_name <> btrim(new_name) THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a name is in normalisation form C, has no control characters and no spaces at its ends';
    END IF;
    IF old_id = new_id THEN RETURN; END IF;
    PERFORM FROM selections WHERE id IN (old_id, new_id, alias_id) ORDER BY id FOR UPDATE;
    ids := array(SELECT DISTINCT article_id FROM article_selections WHERE selection_id IN (old_id, new_id, alias_id) ORDER BY article_id);
    IF NOT EXISTS (SELECT FROM article_selections WHERE selection_id = new_id) THEN
        -- A row that no article has any more gives its name away.
        UPDATE former_names SET selection_id = old_id WHERE selection_id = new_id;
        DELETE FROM selections WHERE id = new_id;
        UPDATE selections SET name = new_name WHERE id = old_id;
        PERFORM select_articles(ids);
    ELSE
        UPDATE former_names SET selection_id = new_id WHERE selection_id = old_id;
        INSERT INTO former_names (kind, name, selection_id) VALUES (of_kind, old_name, new_id);
        PERFORM select_articles(ids);
        DELETE FROM selections WHERE id = old_id;
    END IF;
    PERFORM touch(array_remove(array[old_id, new_id, alias_id], NULL));
    PERFORM revise_articles(ids);
END $$;
REVOKE EXECUTE ON FUNCTION rename_selection FROM PUBLIC;
