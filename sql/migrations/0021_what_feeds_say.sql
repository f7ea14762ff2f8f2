-- Combinations say where they stopped looking, so that nothing behind is lost.

-- The articles of some selections without those of others, from one place in their order on, newest first; each once. Each wanted
-- selection's articles are looked through for what the others leave, `looked_through_max` of them at most, and so are those that an
-- earlier article of their story hides there: the others may leave that one out. Where that was not enough for `articles_max`, the first
-- article that nobody looked at is told as unread, and nothing that stands behind it is found. OFFSET 0 keeps that an index look-up an
-- article.
DROP FUNCTION combined_articles(bigint[], bigint[], timestamptz, boolean, timestamptz, text, bigint, bigint);
CREATE FUNCTION combined_articles(wanted bigint[], unwanted bigint[], until timestamptz, from_rises boolean, from_published timestamptz,
                                  from_id text, articles_max bigint, looked_through_max bigint)
    RETURNS TABLE (article_id text, rises boolean, published timestamptz, is_unread boolean) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH found AS MATERIALIZED (
           SELECT member.id AS member_id, found.article_id, found.rises, found.published
             FROM unnest(wanted) AS member (id) CROSS JOIN LATERAL
                  (SELECT seen.article_id, seen.rises, seen.published
                     FROM ((SELECT m.article_id, m.rises, m.published FROM members m
                             WHERE m.selection_id = member.id AND m.shown AND m.published <= until
                               AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                             ORDER BY m.rises DESC, m.published DESC, m.article_id DESC LIMIT looked_through_max)
                           UNION ALL
                           (SELECT m.article_id, m.rises, m.published FROM members m
                             WHERE m.selection_id = member.id AND m.is_retold AND m.published <= until
                               AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                             ORDER BY m.rises DESC, m.published DESC, m.article_id DESC LIMIT looked_through_max)) AS seen
                    WHERE NOT EXISTS (SELECT FROM article_categories o
                                       WHERE o.article_id = seen.article_id AND o.category_id = ANY (unwanted) OFFSET 0)
                      AND NOT EXISTS (SELECT FROM article_selections o
                                       WHERE o.article_id = seen.article_id AND o.selection_id = ANY (unwanted) OFFSET 0)
                      -- Its story is told there by nobody earlier.
                      AND NOT EXISTS (SELECT FROM (SELECT * FROM stories WHERE article_id = seen.article_id OFFSET 0) AS s CROSS JOIN LATERAL
                                                  (SELECT * FROM stories WHERE lead_id = s.lead_id OFFSET 0) AS mate
                                       WHERE (mate.published, mate.article_id) < (s.published, s.article_id)
                                         AND (EXISTS (SELECT FROM article_categories o
                                                       WHERE o.article_id = mate.article_id AND o.category_id = ANY (wanted) OFFSET 0)
                                              OR EXISTS (SELECT FROM article_selections o
                                                          WHERE o.article_id = mate.article_id AND o.selection_id = ANY (wanted) OFFSET 0))
                                         AND NOT EXISTS (SELECT FROM article_categories o
                                                          WHERE o.article_id = mate.article_id AND o.category_id = ANY (unwanted) OFFSET 0)
                                         AND NOT EXISTS (SELECT FROM article_selections o
                                                          WHERE o.article_id = mate.article_id AND o.selection_id = ANY (unwanted) OFFSET 0)
                                      OFFSET 0)
                    ORDER BY seen.rises DESC, seen.published DESC, seen.article_id DESC LIMIT articles_max) AS found),
         unread AS MATERIALIZED (
           SELECT next.article_id, next.rises, next.published
             FROM unnest(wanted) AS member (id) CROSS JOIN LATERAL
                  ((SELECT m.article_id, m.rises, m.published FROM members m
                     WHERE m.selection_id = member.id AND m.shown AND m.published <= until
                       AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                     ORDER BY m.rises DESC, m.published DESC, m.article_id DESC OFFSET looked_through_max LIMIT 1)
                   UNION ALL
                   (SELECT m.article_id, m.rises, m.published FROM members m
                     WHERE m.selection_id = member.id AND m.is_retold AND m.published <= until
                       AND (m.rises, m.published, m.article_id) <= (from_rises, from_published, from_id)
                     ORDER BY m.rises DESC, m.published DESC, m.article_id DESC OFFSET looked_through_max LIMIT 1)) AS next
            WHERE (SELECT count(*) FROM found WHERE found.member_id = member.id) < articles_max
            ORDER BY next.rises DESC, next.published DESC, next.article_id DESC LIMIT 1)
    SELECT DISTINCT found.article_id, found.rises, found.published, false
      FROM found
     WHERE NOT EXISTS (SELECT FROM unread AS u WHERE (u.rises, u.published, u.article_id) >= (found.rises, found.published, found.article_id))
     UNION ALL
    SELECT unread.article_id, unread.rises, unread.published, true FROM unread;
$$;

-- Nothing that an article says of its own date lies in the future: where `updated` is later than the row and the publication, it is
-- the later one of these. The same rows say the same.
-- Authors are called by their name of today, as tags are; a site that never renamed one pays nothing.
CREATE OR REPLACE VIEW complete_articles AS
SELECT a.id, a.number, a.source_id, a.url, a.title,
       CASE WHEN a.authors <> '[]' AND EXISTS (SELECT FROM former_names WHERE kind = 'author')
            THEN (SELECT jsonb_agg(CASE WHEN s.name IS NULL THEN said.person ELSE said.person || jsonb_build_object('name', s.name) END ORDER BY said.place)
                    FROM jsonb_array_elements(a.authors) WITH ORDINALITY AS said (person, place)
                    LEFT JOIN former_names f ON f.kind = 'author'
                          AND f.name = normalize(btrim(regexp_replace(said.person ->> 'name', '[[:space:]]+', ' ', 'g'))) COLLATE "C"
                    LEFT JOIN selections s ON s.id = f.selection_id)
            ELSE a.authors END AS authors,
       a.summary, a.content, a.language, a.published,
       CASE WHEN a.updated > greatest(a.changed, a.published) THEN greatest(a.changed, a.published) ELSE a.updated END AS updated,
       a.first_seen, a.withdrawn, a.revision, a.changed, a.direction, a.rights, a.comments_url, a.latitude, a.longitude, a.place,
       a.season, a.episode, a.episode_kind, a.explicit, a.origin, a.apart, a.retold, a.rises,
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
                     'episode_kind', a.episode_kind, 'explicit', a.explicit, 'origin', a.origin)) END AS details,
       CASE WHEN a.source_id IS NOT NULL
            THEN (SELECT jsonb_agg(jsonb_build_array(o.title, o.slug, r.url, r.number) ORDER BY mate.published, mate.article_id)
                    FROM (SELECT lead_id FROM stories WHERE article_id = a.id OFFSET 0) AS s CROSS JOIN LATERAL
                         (SELECT article_id, published FROM stories WHERE lead_id = s.lead_id AND article_id <> a.id
                           ORDER BY published, article_id LIMIT story_names_max()) AS mate CROSS JOIN LATERAL
                         (SELECT url, number, source_id FROM articles WHERE id = mate.article_id OFFSET 0) AS r JOIN sources o ON o.id = r.source_id) END AS retellings
  FROM articles a;
