-- All that an entry can say beyond its text, in columns that other programs fill (docs/sql.md), and what could not be published.

-- Where an aggregated article came from, as its own feed said it.
CREATE FUNCTION is_origin(value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_typeof(value) = 'object' AND octet_length(value::text) <= 65536
   AND value <> '{}'
   AND value - '{entry_id,entry_url,feed_id,feed_url,url,title,subtitle,icon,logo,rights,language,authors}'::text[] = '{}'
   AND NOT jsonb_path_exists(value - 'authors', 'strict $.* ? (@.type() != "string")')
   AND is_authors(coalesce(value -> 'authors', '[]'));

ALTER TABLE articles
    ADD direction    text             NOT NULL DEFAULT '' CHECK (direction IN ('', 'ltr', 'rtl')),
    ADD rights       text             NOT NULL DEFAULT '' CHECK (octet_length(rights) <= 16384),
    ADD comments_url text             COLLATE "C" CHECK (comments_url ~* '^https?://[^[:space:]]+$' AND octet_length(comments_url) <= 4096),
    ADD latitude     double precision CHECK (latitude BETWEEN -90 AND 90),
    ADD longitude    double precision CHECK (longitude BETWEEN -180 AND 180),
    ADD place        text             NOT NULL DEFAULT '' CHECK (octet_length(place) <= 4096),
    ADD season       int              CHECK (season >= 0),
    ADD episode      int              CHECK (episode >= 0),
    ADD episode_kind text             NOT NULL DEFAULT '' CHECK (episode_kind IN ('', 'full', 'trailer', 'bonus')),
    ADD explicit     boolean,
    ADD origin       jsonb            CHECK (is_origin(origin)),
    ADD CONSTRAINT articles_have_whole_points CHECK ((latitude IS NULL) = (longitude IS NULL));
COMMENT ON COLUMN articles.direction IS 'In which the text runs: ltr, rtl, or empty for as the characters say.';
COMMENT ON COLUMN articles.place IS 'The name of the point, or of the place where no point is known.';
COMMENT ON COLUMN articles.explicit IS 'Of a podcast episode; null says nothing.';
COMMENT ON COLUMN articles.origin IS 'Of an aggregated article: {"entry_id", "entry_url", "feed_id", "feed_url", "url", "title", "subtitle", "icon", "logo", "rights", "language", "authors"}, all optional.';

ALTER TABLE article_tags
    ADD scheme text COLLATE "C" NOT NULL DEFAULT '' CHECK (octet_length(scheme) <= 2048 AND scheme !~ '[[:cntrl:][:space:]]'),
    ADD label  text NOT NULL DEFAULT '' CHECK (octet_length(label) <= 4096);
COMMENT ON COLUMN article_tags.label IS 'What people read instead of the tag; empty: the tag.';

ALTER TABLE enclosures
    ADD role             text NOT NULL DEFAULT 'enclosure' CHECK (role IN ('enclosure', 'media', 'thumbnail', 'transcript', 'chapters')),
    ADD title            text NOT NULL DEFAULT '' CHECK (octet_length(title) <= 4096),
    ADD language         text NOT NULL DEFAULT '' CHECK (octet_length(language) <= 64),
    ADD duration_seconds int  CHECK (duration_seconds >= 0),
    ADD width            int  CHECK (width > 0),
    ADD height           int  CHECK (height > 0);
COMMENT ON COLUMN enclosures.role IS 'enclosure: to be downloaded; media: image, sound or video beside the text; thumbnail: stands for the article; transcript, chapters: of a podcast episode.';

ALTER TABLE site
    ADD icon_url   text COLLATE "C" NOT NULL DEFAULT '' CHECK (icon_url ~* '^(https?://[^[:space:]]+)?$' AND octet_length(icon_url) <= 4096),
    ADD logo_url   text COLLATE "C" NOT NULL DEFAULT '' CHECK (logo_url ~* '^(https?://[^[:space:]]+)?$' AND octet_length(logo_url) <= 4096),
    ADD rights     text NOT NULL DEFAULT '' CHECK (octet_length(rights) <= 16384),
    ADD entry_link text NOT NULL DEFAULT 'source' CHECK (entry_link IN ('source', 'page'));
COMMENT ON COLUMN site.entry_link IS 'Where entries of all its feeds point: to the article''s url, or to our page of it.';

ALTER TABLE categories
    ADD icon_url         text    COLLATE "C" NOT NULL DEFAULT '' CHECK (icon_url ~* '^(https?://[^[:space:]]+)?$' AND octet_length(icon_url) <= 4096),
    ADD logo_url         text    COLLATE "C" NOT NULL DEFAULT '' CHECK (logo_url ~* '^(https?://[^[:space:]]+)?$' AND octet_length(logo_url) <= 4096),
    ADD entry_link       text    NOT NULL DEFAULT '' CHECK (entry_link IN ('', 'source', 'page')),
    ADD podcast_category text    NOT NULL DEFAULT '' CHECK (octet_length(podcast_category) <= 512),
    ADD podcast_explicit boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN categories.icon_url IS 'Empty, as entry_link and logo_url: the site''s.';
COMMENT ON COLUMN categories.podcast_category IS 'One of Apple''s; a category that has it is a podcast.';

DROP TRIGGER site_changed ON site;
CREATE TRIGGER site_changed AFTER UPDATE OF title, description, language, author, icon_url, logo_url, rights, entry_link ON site
    FOR EACH ROW WHEN ((OLD.title, OLD.description, OLD.language, OLD.author, OLD.icon_url, OLD.logo_url, OLD.rights, OLD.entry_link)
        IS DISTINCT FROM (NEW.title, NEW.description, NEW.language, NEW.author, NEW.icon_url, NEW.logo_url, NEW.rights, NEW.entry_link))
    EXECUTE FUNCTION site_changed();

CREATE OR REPLACE FUNCTION categories_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
DECLARE
    ids bigint[] := array(SELECT DISTINCT id FROM (
               SELECT id, slug, title, description, language, icon_url, logo_url, entry_link, podcast_category, podcast_explicit FROM new_rows
        EXCEPT SELECT id, slug, title, description, language, icon_url, logo_url, entry_link, podcast_category, podcast_explicit FROM old_rows) AS changed);
    renamed bigint[] := array(SELECT DISTINCT id FROM (SELECT id, slug, title FROM new_rows EXCEPT SELECT id, slug, title FROM old_rows) AS changed);
BEGIN
    PERFORM touch(ids);
    IF cardinality(renamed) > 0 THEN
        -- Entries name their categories, in whichever feed they stand.
        PERFORM revise_articles(array(SELECT DISTINCT article_id FROM article_categories WHERE category_id = ANY (renamed)));
    END IF;
    RETURN NULL;
END $$;

-- Written where the role may (docs/sql.md); a row counts for as long as the article has that revision.
CREATE TABLE set_aside (
    article_id text        COLLATE "C" NOT NULL REFERENCES articles ON DELETE CASCADE,
    path       text        COLLATE "C" NOT NULL CHECK (path ~ '^/' AND octet_length(path) <= 2048),
    revision   bigint      NOT NULL,
    reason     text        NOT NULL CHECK (octet_length(reason) <= 1024),
    seen       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (article_id, path)
);
COMMENT ON TABLE set_aside IS 'Articles that a feed goes on without, because it would not be valid with them.';

DROP VIEW complete_articles;
CREATE VIEW complete_articles AS
SELECT a.*,
       coalesce((SELECT jsonb_agg(jsonb_build_array(k.slug, k.title) ORDER BY k.slug)
                   FROM article_categories c JOIN categories k ON k.id = c.category_id WHERE c.article_id = a.id), '[]') AS categories,
       coalesce((SELECT jsonb_agg(jsonb_build_array(t.tag, t.scheme, t.label) ORDER BY t.tag)
                   FROM article_tags t WHERE t.article_id = a.id), '[]') AS tags,
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
COMMENT ON VIEW complete_articles IS 'Articles with what belongs to them, as arrays, and as one object what few of them have (null: nothing); one article costs four index look-ups.';
