-- What a source's entries became, those with one of these keys or links; the last column says whether a rule dropped it before it
-- was stored.
-- $1 source  $2 keys  $3 links
SELECT e.key, e.link, e.hash, coalesce(e.article_id, d.article_id), coalesce(a.title, d.article ->> 'title', ''),
       microseconds(coalesce(a.published, instant((d.article ->> 'published')::bigint), e.first_seen)), d.key IS NOT NULL
  FROM (SELECT * FROM upstream_entries WHERE source_id = $1 AND key = ANY ($2::text[])
         UNION
        SELECT * FROM upstream_entries WHERE source_id = $1 AND link = ANY ($3::text[]) AND link <> '') AS e
  LEFT JOIN articles a ON a.id = e.article_id
  LEFT JOIN dropped_articles d ON d.source_id = e.source_id AND d.key = e.key
