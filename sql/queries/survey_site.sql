-- What the site is called, and the newest article that is shown; without one the rest is null.
SELECT s.title AS site_title, a.number, a.title, a.published
  FROM site s
  LEFT JOIN LATERAL (SELECT number, title, published FROM articles
                      WHERE withdrawn IS NULL AND published <= now() ORDER BY published DESC, id DESC LIMIT 1) AS a ON true
