-- Takes enclosures away that the batch's articles do not have in that place; each row says an id that was changed.
DELETE FROM enclosures e USING incoming i
 WHERE e.article_id = i.id
   AND i.enclosures -> e.position IS DISTINCT FROM jsonb_build_array(e.url, e.media_type, e.length_bytes, e.role, e.title, e.language,
                                                                     e.duration_seconds, e.width, e.height)
RETURNING e.article_id
