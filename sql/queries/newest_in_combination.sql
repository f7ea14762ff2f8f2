-- The newest articles of some categories and tags without those of others, with a head made of theirs, as one snapshot; no row
-- where one of them does not exist. Columns as in newest_in_selection, and the members' ids, revisions and times of change. OFFSET 0
-- keeps what is asked of an article an index look-up.
-- $1, $2 categories and tags  $3, $4 categories and tags whose articles are left out  $5 articles at most
-- $6 articles that the caller has, revisions by id  $7 null, or a time to come whose held articles are shown
-- $8 articles looked through, as combined_articles() has it; where that was not enough for $5 articles, `unread_number` is the number of
-- the first one that nobody looked at
WITH member AS MATERIALIZED (
       SELECT c.id, coalesce(nullif(c.title, ''), c.slug) AS title, c.slug AS name, 1 AS kind, c.slug = ANY ($3::text[]) AS is_out,
              c.revision, c.changed, c.changed_before, c.created, c.feed_id,
              c.removed, c.sunset_url
         FROM categories c
        WHERE c.slug = ANY ($3::text[])  -- though it were removed
           OR (c.slug = ANY ($1::text[]) AND (c.removed IS NULL OR c.removed > greatest(now(), $7::timestamptz)))
        UNION ALL
       SELECT s.id, s.name, s.name, 2, s.name = ANY ($4::text[]), s.revision, s.changed, s.changed_before, s.created, s.feed_id, NULL, ''
         FROM selections s
        WHERE s.kind = 'tag' AND s.name = ANY ($2::text[] || $4::text[])
          AND EXISTS (SELECT FROM article_selections m WHERE m.selection_id = s.id AND m.published <= greatest(now(), $7::timestamptz))),
     head AS MATERIALIZED (
       SELECT (array_agg(m.id ORDER BY m.id))[1] AS category_id,
              string_agg(CASE WHEN m.is_out THEN ' − ' || m.title WHEN m.nth > 1 THEN ' + ' || m.title ELSE m.title END, '' ORDER BY m.nth) AS title,
              '' AS description, min(s.language) AS language, min(s.author) AS author, min(s.title) AS site_title,
              (array_agg(m.revision ORDER BY m.id))[1] AS revision,
              microseconds(max(m.changed)) AS changed, microseconds(max(m.created)) AS created,
              microseconds((SELECT max(other.moment) FROM (SELECT changed AS moment FROM member UNION ALL SELECT changed_before FROM member
                                                            ORDER BY moment DESC OFFSET 1) AS other)) AS changed_before,
              'urn:uuid:' || overlay(overlay(md5(string_agg(CASE WHEN m.is_out THEN '-' ELSE '+' END || m.feed_id, ' ' ORDER BY m.nth))
                                             PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid AS feed_id,
              json_agg(json_build_array(m.id, m.revision) ORDER BY m.id) AS members,
              jsonb_build_array(min(s.icon_url), min(s.logo_url), min(s.rights), min(s.entry_link), '', false,
                                microseconds(min(m.removed) FILTER (WHERE NOT m.is_out)),
                                (array_agg(m.sunset_url ORDER BY m.removed, m.id) FILTER (WHERE NOT m.is_out))[1]) AS profile,
              microseconds((SELECT min(h.due) FROM member i CROSS JOIN (VALUES (true), (false)) AS part (rises) CROSS JOIN LATERAL
                             (SELECT least((SELECT min(h.published) FROM members h
                                             WHERE h.selection_id = i.id AND h.shown AND h.rises = part.rises
                                               AND h.published > greatest(now(), $7::timestamptz)),
                                           (SELECT min(h.published) FROM members h
                                             WHERE h.selection_id = i.id AND h.is_retold AND h.rises = part.rises
                                               AND h.published > greatest(now(), $7::timestamptz))) AS due OFFSET 0) AS h)) AS due
         FROM (SELECT *, row_number() OVER (ORDER BY is_out, kind, name) AS nth FROM member) AS m CROSS JOIN site s
       HAVING count(*) = cardinality($1::text[] || $2::text[] || $3::text[] || $4::text[])),
     listed AS MATERIALIZED (
       SELECT found.* FROM (SELECT array_agg(id) FILTER (WHERE NOT is_out) AS wanted, coalesce(array_agg(id) FILTER (WHERE is_out), '{}') AS unwanted
                              FROM member) AS sides CROSS JOIN LATERAL
              combined_articles(sides.wanted, sides.unwanted, greatest(now(), $7::timestamptz), true, 'infinity', '', $5::bigint, $8::bigint) AS found
        ORDER BY found.rises DESC, found.published DESC, found.article_id DESC LIMIT $5),
     newest AS MATERIALIZED (
       SELECT listed.place, listed.article_id AS id, listed.rises,
              CASE WHEN $6::jsonb ? listed.article_id
                   THEN ($6::jsonb -> listed.article_id)::bigint = (SELECT a.revision FROM articles a WHERE a.id = listed.article_id)
                   ELSE false END AS is_known
         FROM (SELECT article_id, rises, row_number() OVER (ORDER BY rises DESC, published DESC, article_id DESC) AS place
                 FROM listed WHERE NOT is_unread) AS listed)
SELECT head.category_id, head.title,
       CASE WHEN article.nth > 1 THEN '' ELSE head.description END,
       head.language, head.author, head.site_title, head.revision, head.changed, head.changed_before, head.created, head.due,
       article.id, article.number, article.url, article.title, article.authors, article.summary, article.content, article.language,
       microseconds(article.published), microseconds(article.updated), microseconds(article.withdrawn),
       article.revision, article.categories, article.tags, article.enclosures, head.feed_id,
       CASE WHEN article.nth > 1 THEN NULL ELSE (SELECT json_agg(id ORDER BY place) FROM newest) END AS ids,
       article.details, head.profile, head.members, article.retellings, (SELECT count(*) FROM newest WHERE rises) AS rising,
       EXISTS (SELECT FROM member CROSS JOIN LATERAL
                      (SELECT FROM members m WHERE m.selection_id = member.id AND m.is_withdrawn AND m.rises LIMIT 1) AS withdrawn
                WHERE NOT member.is_out) AS has_withdrawn,
       (SELECT a.number FROM listed CROSS JOIN LATERAL (SELECT number FROM articles WHERE id = listed.article_id OFFSET 0) AS a
         WHERE listed.is_unread) AS unread_number
  FROM head
  LEFT JOIN (SELECT row_number() OVER () AS nth, a.*
               FROM newest CROSS JOIN LATERAL (SELECT * FROM complete_articles a WHERE a.id = newest.id OFFSET 0) AS a
              WHERE NOT newest.is_known) AS article ON true
