-- Inserts or updates articles of a source, in the order of ids; each row says an id that was written, whether it is new, and its
-- number. What belongs to another source, or to none, stays as it is, unless all are reached; what retention removed does not come
-- back.
-- $1 source, or null  $2 JSON: [{"id", "url", "title", "authors", "summary", "content", "language", "published", "updated", "details"}],
-- details as complete_articles has them, or null  $3 whether all are reached, which keep their source
INSERT INTO articles AS a (id, source_id, url, title, authors, summary, content, language, published, updated,
                           direction, rights, comments_url, latitude, longitude, place, season, episode, episode_kind, explicit, origin)
SELECT id, $1::bigint, url, title, authors, summary, content, language, published, updated,
       coalesce(details ->> 'direction', ''), coalesce(details ->> 'rights', ''), details ->> 'comments_url',
       (details ->> 'latitude')::double precision, (details ->> 'longitude')::double precision, coalesce(details ->> 'place', ''),
       (details ->> 'season')::int, (details ->> 'episode')::int, coalesce(details ->> 'episode_kind', ''),
       (details ->> 'explicit')::boolean, details -> 'origin'
  FROM jsonb_to_recordset($2::jsonb) AS t (id text, url text, title text, authors jsonb, summary text, content text, language text,
                                           published timestamptz, updated timestamptz, details jsonb)
 WHERE NOT EXISTS (SELECT FROM removed_articles r WHERE r.id = t.id COLLATE "C" OFFSET 0)
 ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET
       url = excluded.url, title = excluded.title, authors = excluded.authors, summary = excluded.summary,
       content = excluded.content, language = excluded.language, published = excluded.published, updated = excluded.updated,
       direction = excluded.direction, rights = excluded.rights, comments_url = excluded.comments_url,
       latitude = excluded.latitude, longitude = excluded.longitude, place = excluded.place, season = excluded.season,
       episode = excluded.episode, episode_kind = excluded.episode_kind, explicit = excluded.explicit, origin = excluded.origin
 WHERE ($3 OR a.source_id = excluded.source_id)
   AND (a.url, a.title, a.authors, a.summary, a.content, a.language, a.published, a.updated, a.direction, a.rights, a.comments_url,
        a.latitude, a.longitude, a.place, a.season, a.episode, a.episode_kind, a.explicit, a.origin)
       IS DISTINCT FROM (excluded.url, excluded.title, excluded.authors, excluded.summary, excluded.content, excluded.language,
                         excluded.published, excluded.updated, excluded.direction, excluded.rights, excluded.comments_url,
                         excluded.latitude, excluded.longitude, excluded.place, excluded.season, excluded.episode,
                         excluded.episode_kind, excluded.explicit, excluded.origin)
RETURNING a.id, a.xmax = 0, a.number
