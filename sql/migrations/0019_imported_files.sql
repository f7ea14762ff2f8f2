-- What tells a post that was imported from its neighbours is its file: its id is minted once, from the address that Jekyll gives it, and
-- stays while the address changes with the site's, a category, a date or the file's name. Sites that were imported before are known
-- from their next import on.
CREATE TABLE imported_files (
    source_id  bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
    path       text COLLATE "C" NOT NULL CHECK (octet_length(path) BETWEEN 1 AND 1024),
    article_id text COLLATE "C" NOT NULL,
    hash       text COLLATE "C" NOT NULL,
    PRIMARY KEY (source_id, path)
);
COMMENT ON TABLE imported_files IS 'Which file of an imported site became which article, also where the article is gone.';
COMMENT ON COLUMN imported_files.hash IS 'Of title and content: by it a file that got another name is known.';
GRANT SELECT ON imported_files TO PUBLIC;
