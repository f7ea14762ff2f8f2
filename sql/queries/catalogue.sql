-- Every category that comes to no end, with when it last published, by title, then slug, and the site's head in each row (its description in the
-- first only); one row without a category where there is none. Byte order, so that every server sorts the same.
SELECT 0, s.title,
       CASE WHEN row_number() OVER (ORDER BY coalesce(nullif(c.title, ''), c.slug) COLLATE "C", c.slug) = 1 THEN s.description ELSE '' END,
       s.language, s.author, s.title, s.revision, microseconds(s.changed), microseconds(s.changed_before), microseconds(s.created),
       NULL::bigint, c.id, c.slug, c.title, c.language,
       microseconds(coalesce((SELECT max(n.published) FROM article_categories n
                               WHERE n.category_id = c.id AND n.shown AND n.rises AND n.published <= now()),
                             (SELECT max(n.published) FROM article_categories n
                               WHERE n.category_id = c.id AND n.shown AND NOT n.rises AND n.published <= now()))), s.feed_id,
       jsonb_build_array(s.icon_url, s.logo_url, s.rights, s.entry_link, '', false) AS profile
  FROM site s LEFT JOIN categories c ON c.removed IS NULL
 ORDER BY coalesce(nullif(c.title, ''), c.slug) COLLATE "C", c.slug
