-- Rules in the order in which they are followed, sources before categories. The last column says whether the value is a category.
-- $1 of this source, or null  $2 of this category, or null  $3 this rule alone, or null  $4 after this rule, or null  $5 at most
WITH described AS (
       SELECT r.id, o.slug AS source, c.slug AS category, r.position, r.action, r.value, r.field, r.pattern, r.created,
              EXISTS (SELECT FROM category_names k WHERE k.name = r.value COLLATE "C") AS names_a_category,
              row_number() OVER (ORDER BY o.slug, c.slug, r.position) AS place
         FROM rules r LEFT JOIN sources o ON o.id = r.source_id LEFT JOIN categories c ON c.id = r.category_id)
SELECT id, source, category, position, action, value, field, pattern, created, names_a_category
  FROM described
 WHERE ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR category = $2) AND ($3::bigint IS NULL OR id = $3)
   AND ($4::bigint IS NULL OR place > (SELECT place FROM described WHERE id = $4))
 ORDER BY place LIMIT $5
