-- What a category says of itself; null leaves it as it is.
-- $1 slug  $2, $3, $4 title, description and language  $5, $6 icon and logo  $7 where entries point
-- $8, $9 days and articles that it keeps; 0: all
UPDATE categories
   SET title = coalesce($2, title), description = coalesce($3, description), language = coalesce($4, language),
       icon_url = coalesce($5, icon_url), logo_url = coalesce($6, logo_url), entry_link = coalesce($7, entry_link),
       keep_days = CASE WHEN $8::int IS NULL THEN keep_days ELSE nullif($8::int, 0) END,
       keep_articles = CASE WHEN $9::bigint IS NULL THEN keep_articles ELSE nullif($9::bigint, 0) END
 WHERE slug = $1 RETURNING slug
