-- How many articles are shown, held back and withdrawn, how many categories there are, and the newest shown article's
-- publication in microseconds since 1970 (null where there is none). Reads every article's row: for people, not for serving.
SELECT count(*) FILTER (WHERE withdrawn IS NULL AND published <= now()),
       count(*) FILTER (WHERE withdrawn IS NULL AND published > now()),
       count(*) FILTER (WHERE withdrawn IS NOT NULL),
       (SELECT count(*) FROM categories WHERE removed IS NULL),
       microseconds(max(published) FILTER (WHERE withdrawn IS NULL AND published <= now()))
  FROM articles
