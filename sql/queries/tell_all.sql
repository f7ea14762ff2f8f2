-- Tells whoever listens that every feed may have changed, after rows came in without their triggers. Returns nothing that counts.
-- A payload holds 8,000 bytes at most: 350 ids of 20 digits.
SELECT pg_notify('gazetted', string_agg(id::text, ' '))
  FROM (SELECT id, (row_number() OVER () - 1) / 350 AS part
          FROM (SELECT 0::bigint AS id UNION ALL SELECT id FROM categories UNION ALL SELECT id FROM selections) AS ids) AS parts
 GROUP BY part
