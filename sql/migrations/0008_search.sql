-- Search: each article's text as it is searched, and an index of its words and of its characters where words have no spaces
-- between them (docs/decisions/0011-search.md).

-- Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer and Yi, as part of a bracket expression.
CREATE FUNCTION unspaced() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fff\u3005-\u3007\u3021-\u302f\u3031-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff';

-- Small letters, no compatibility forms, one blank for whatever is no letter and no digit (emoji too), one at either end, one
-- between words and what has no spaces.
CREATE FUNCTION searchable(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    words text := lower(value COLLATE "und-x-icu");
BEGIN
    words := regexp_replace(words, '[\x01-/:-@[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u23ff\u2500-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30a0\u30fb\ue000-\uf8ff\ufe00-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufff9-\uffff\U0001f000-\U0001faff\U000e0000-\U000e0fff]+', ' ', 'g');
    IF words IS NOT NFKC NORMALIZED THEN
        words := normalize(words, NFKC);
    END IF;
    words := regexp_replace(words, '([^ ' || unspaced() || '])([' || unspaced() || '])', '\1 \2', 'g');
    words := regexp_replace(words, '([' || unspaced() || '])([^ ' || unspaced() || '])', '\1 \2', 'g');
    RETURN ' ' || btrim(words) || ' ';
END $$;

-- HTML without its markup. What stands within a line joins what is around it, all else parts it. An attribute may hold a `>`.
CREATE FUNCTION text_of_html(html text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    words text := html;
BEGIN
    IF words ~* '<(script|style)' THEN
        words := regexp_replace(words, '<(?:script|style)\M(?:[^<]|<(?!/(?:script|style)))*', ' ', 'gi');
    END IF;
    IF strpos(words, '<!--') > 0 THEN
        words := regexp_replace(words, '<!--(?:[^-]|-(?!->))*', ' ', 'g');
    END IF;
    words := regexp_replace(words, '</?(?:[abisu]|abbr|code|em|font|mark|small|span|strong|su[bp]|wbr)\M(?:[^>"''=]|=\s*"[^"]*"|=\s*''[^'']*''|["''=])*>', '', 'gi');
    RETURN regexp_replace(words, '<[a-zA-Z/!?](?:[^>"''=]|=\s*"[^"]*"|=\s*''[^'']*''|["''=])*>?|&#?[a-zA-Z0-9]+;', ' ', 'g');
END $$;

-- Nobody looks for what stands on the tenth page: the beginning of the text is searched.
CREATE FUNCTION words_of(title text, summary text, content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN searchable(left(title || ' ' || text_of_html(left(summary || ' ' || content, 24000)), 8000));

-- What the index has of them: whole words, of long ones the beginning, and each character of what has no spaces. No positions:
-- search_pattern() finds what is in its place.
CREATE FUNCTION search_keys(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000
RETURN array_to_tsvector(
    ARRAY(SELECT left(word, 40) FROM unnest(string_to_array(regexp_replace(words, '[ ' || unspaced() || ']+', ' ', 'g'), ' ')) AS word WHERE word <> '')
    || string_to_array(regexp_replace(words, '[^' || unspaced() || ']+', '', 'g'), NULL));

-- How a term stands in such words: a word whole, what has no spaces anywhere. Null where nothing of it is searched for.
CREATE FUNCTION search_pattern(term text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT nullif(regexp_replace(words, '^ (?=[' || unspaced() || '])|(?<=[' || unspaced() || ']) $|^ +$', '', 'g'), '') FROM searchable(term) AS words);

CREATE TABLE article_words (
    article_id text COLLATE "C" PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    words      text NOT NULL
);
COMMENT ON TABLE article_words IS 'What articles are found by; kept by triggers.';
SET LOCAL maintenance_work_mem = '256MB';
INSERT INTO article_words SELECT id, words_of(title, summary, content) FROM articles;
CREATE INDEX article_words_keys ON article_words USING gin (search_keys(words));

CREATE FUNCTION articles_worded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    INSERT INTO article_words SELECT id, words_of(title, summary, content) FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER articles_worded AFTER INSERT ON articles REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION articles_worded();

CREATE FUNCTION articles_reworded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = gazetted, pg_temp AS $$
BEGIN
    UPDATE article_words w SET words = words_of(n.title, n.summary, n.content)
      FROM (SELECT id, title, summary, content FROM new_rows EXCEPT SELECT id, title, summary, content FROM old_rows) AS n
     WHERE w.article_id = n.id;
    RETURN NULL;
END $$;
CREATE TRIGGER articles_reworded AFTER UPDATE ON articles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION articles_reworded();
