-- Makes the categories that are missing; a title that is not empty replaces another one. A slug of before is left to who has it
-- now. In the order of slugs, so that two writers cannot deadlock.
-- $1, $2 slugs and titles
INSERT INTO categories AS c (slug, title)
SELECT DISTINCT ON (slug) slug, title
  FROM (SELECT normalize(slug) COLLATE "C" AS slug, title, place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS list (slug, title, place)) AS given
 WHERE NOT EXISTS (SELECT FROM former_names f WHERE f.kind = 'category' AND f.name = given.slug)
 ORDER BY slug, title = '', place DESC
    ON CONFLICT (slug) DO UPDATE SET title = excluded.title WHERE excluded.title <> '' AND c.title <> excluded.title
