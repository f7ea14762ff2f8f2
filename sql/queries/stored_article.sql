-- An article in one JSON object, as docs/api.md has it, held back or withdrawn too; no row where there is none. What it does not
-- have is left out.
-- $1 id
SELECT jsonb_strip_nulls(jsonb_build_object(
           'id', a.id, 'number', a.number, 'url', a.url, 'title', a.title,
           'authors', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', p.person -> 'name', 'email', p.person -> 'email', 'uri', p.person -> 'uri')
                                                 ORDER BY p.place), '[]')
                         FROM jsonb_array_elements(a.authors) WITH ORDINALITY AS p (person, place)),
           'summary', nullif(a.summary, ''),
           'content', nullif(a.content, ''), 'language', nullif(a.language, ''),
           'published', to_char(a.published, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'updated', to_char(a.updated, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'withdrawn', a.withdrawn IS NOT NULL, 'source', (SELECT s.slug FROM sources s WHERE s.id = a.source_id),
           'categories', (SELECT coalesce(jsonb_agg(k.slug ORDER BY k.slug), '[]')
                            FROM article_categories c JOIN categories k ON k.id = c.category_id WHERE c.article_id = a.id),
           'tags', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', t.tag, 'scheme', nullif(t.scheme, ''), 'label', nullif(t.label, ''))
                                              ORDER BY t.tag, t.scheme), '[]')
                      FROM article_tags t WHERE t.article_id = a.id),
           'enclosures', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                     'url', e.url, 'media_type', e.media_type, 'length_bytes', e.length_bytes, 'role', e.role,
                                     'title', nullif(e.title, ''), 'language', nullif(e.language, ''),
                                     'duration_seconds', e.duration_seconds, 'width', e.width, 'height', e.height) ORDER BY e.position), '[]')
                            FROM enclosures e WHERE e.article_id = a.id),
           'direction', nullif(a.direction, ''), 'rights', nullif(a.rights, ''), 'comments_url', a.comments_url,
           'latitude', a.latitude, 'longitude', a.longitude, 'place', nullif(a.place, ''), 'season', a.season, 'episode', a.episode,
           'episode_kind', nullif(a.episode_kind, ''), 'explicit', a.explicit, 'origin', a.origin))
  FROM articles a WHERE a.id = $1
