-- Where the entries of a source's own feed point, as an operator may choose for a category: to the article's url, or to our page.

ALTER TABLE sources ADD COLUMN entry_link text NOT NULL DEFAULT '' CHECK (entry_link IN ('', 'source', 'page'));
COMMENT ON COLUMN sources.entry_link IS 'Empty: the site''s.';

CREATE OR REPLACE FUNCTION source_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    INSERT INTO selections AS s (id, kind, name, source_id) VALUES (nextval('categories_id_seq'), 'source', NEW.slug, NEW.id)
        ON CONFLICT (source_id) DO UPDATE SET name = excluded.name WHERE s.name <> excluded.name;
    PERFORM touch(array(SELECT id FROM selections WHERE source_id = NEW.id));
    -- Other sources' entries name it where they tell its stories.
    IF TG_OP = 'UPDATE' AND (OLD.slug, OLD.title) IS DISTINCT FROM (NEW.slug, NEW.title) THEN
        PERFORM revise_articles(story_namers(array(SELECT s.article_id FROM stories s JOIN story_keys k ON k.article_id = s.article_id WHERE k.source_id = NEW.id)));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER source_updated ON sources;
CREATE TRIGGER source_updated AFTER UPDATE ON sources FOR EACH ROW
    WHEN ((OLD.slug, OLD.title, OLD.entry_link) IS DISTINCT FROM (NEW.slug, NEW.title, NEW.entry_link)) EXECUTE FUNCTION source_written();
