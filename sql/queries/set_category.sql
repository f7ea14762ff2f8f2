-- What a category says of itself; null leaves it as it is.
-- $1 slug  $2, $3, $4 title, description and language  $5, $6 icon and logo  $7 where entries point
UPDATE categories
   SET title = coalesce($2, title), description = coalesce($3, description), language = coalesce($4, language),
       icon_url = coalesce($5, icon_url), logo_url = coalesce($6, logo_url), entry_link = coalesce($7, entry_link)
 WHERE slug = $1 RETURNING slug
