-- Takes away what articles of a source no longer have, or have otherwise: categories, tags and enclosures. Each row says an id that
-- was changed.
-- $1 source, or null  $2 JSON: [{"id", "categories", "tags", "enclosures"}], as complete_articles has them but that categories are slugs alone
-- $3 whether articles of others are reached
WITH told AS MATERIALIZED (
       SELECT a.id, normalize(t.categories::text)::jsonb AS categories, normalize(t.tags::text)::jsonb AS tags, t.enclosures
         FROM jsonb_to_recordset($2::jsonb) AS t (id text, categories jsonb, tags jsonb, enclosures jsonb)
         JOIN articles a ON a.id = t.id COLLATE "C" AND ($3 OR a.source_id = $1)),
     unfiled AS (
       DELETE FROM article_categories c USING told t
        WHERE c.article_id = t.id
          AND NOT EXISTS (SELECT FROM category_names k WHERE k.category_id = c.category_id AND t.categories ? k.name)
       RETURNING c.article_id),
     untagged AS (
       DELETE FROM article_tags g USING told t
        WHERE g.article_id = t.id
          AND NOT EXISTS (SELECT FROM jsonb_array_elements(t.tags) AS named (tag) WHERE named.tag = jsonb_build_array(g.tag, g.scheme, g.label))
       RETURNING g.article_id),
     unenclosed AS (
       DELETE FROM enclosures e USING told t
        WHERE e.article_id = t.id
          AND t.enclosures -> e.position IS DISTINCT FROM jsonb_build_array(e.url, e.media_type, e.length_bytes, e.role, e.title, e.language,
                                                                            e.duration_seconds, e.width, e.height)
       RETURNING e.article_id)
SELECT article_id FROM unfiled UNION ALL SELECT article_id FROM untagged UNION ALL SELECT article_id FROM unenclosed
