-- One article, withdrawn or not, with the site's head; no row where there is none or it is held back. Times are microseconds
-- since 1970.
-- $1 number
SELECT 0, s.title, s.description, s.language, s.author, s.title, s.revision, microseconds(s.changed),
       microseconds(s.changed_before), microseconds(s.created), NULL::bigint,
       a.id, a.number, a.url, a.title, a.authors, a.summary, a.content, a.language,
       microseconds(a.published), microseconds(a.updated), microseconds(a.withdrawn),
       a.revision, a.categories, a.tags, a.enclosures, s.feed_id, microseconds(a.changed) AS article_changed,
       a.details, a.retellings, jsonb_build_array(s.icon_url, s.logo_url, s.rights, s.entry_link, '', false) AS profile
  FROM complete_articles a CROSS JOIN site s
 WHERE a.number = $1 AND a.published <= now()
