-- Changes what an operator chose for a subscription; null leaves it as it is, an empty interval is that of everywhere.
-- $1 source  $2 language  $3 full or summary  $4 User-Agent  $5 credentials  $6 conditional_min  $7 whole_min  $8 interval_max
-- $9 whether private addresses are allowed
UPDATE subscriptions
   SET language = coalesce($2, language), content = coalesce($3, content), user_agent = coalesce($4, user_agent),
       credentials = coalesce($5, credentials),
       conditional_min = CASE WHEN $6::text IS NULL THEN conditional_min ELSE nullif($6, '')::interval END,
       whole_min = CASE WHEN $7::text IS NULL THEN whole_min ELSE nullif($7, '')::interval END,
       interval_max = CASE WHEN $8::text IS NULL THEN interval_max ELSE nullif($8, '')::interval END,
       allow_private = coalesce($9::boolean, allow_private)
 WHERE source_id = $1
RETURNING source_id
