-- What a source's entries became, those with one of these keys or links.
-- $1 source  $2 keys  $3 links
SELECT e.key, e.link, e.hash, e.article_id, coalesce(a.title, ''), microseconds(coalesce(a.published, e.first_seen))
  FROM (SELECT * FROM upstream_entries WHERE source_id = $1 AND key = ANY ($2::text[])
         UNION
        SELECT * FROM upstream_entries WHERE source_id = $1 AND link = ANY ($3::text[]) AND link <> '') AS e
  LEFT JOIN articles a ON a.id = e.article_id
