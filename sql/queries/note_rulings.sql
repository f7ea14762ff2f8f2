-- Writes what rules did with stored articles of a source. What is not named stays; who was withdrawn by a rule and restored by
-- somebody is left alone.
-- $1 source  $2 JSON: [{"id", "url", "language", "categories_in", "categories_out", "tags_in", "tags_out", "is_dropped", "undo", "reasons"}]
WITH told AS MATERIALIZED (
       SELECT t.*, a.withdrawn, r.withdrew
         FROM jsonb_to_recordset($2::jsonb) AS t (id text, url text, language text, categories_in jsonb, categories_out jsonb,
                                                  tags_in jsonb, tags_out jsonb, is_dropped boolean, undo jsonb, reasons jsonb)
         JOIN articles a ON a.id = t.id COLLATE "C" AND a.source_id = $1 LEFT JOIN rulings r ON r.article_id = a.id),
     written AS (
       UPDATE articles a SET url = coalesce(t.url, a.url), language = coalesce(t.language, a.language),
              withdrawn = CASE WHEN t.is_dropped AND t.withdrawn IS NULL AND t.withdrew IS NULL THEN now()
                               WHEN NOT t.is_dropped AND t.withdrawn = t.withdrew THEN NULL ELSE a.withdrawn END
         FROM told t WHERE a.id = t.id COLLATE "C"
          AND (t.url IS NOT NULL OR t.language IS NOT NULL OR t.is_dropped OR t.withdrawn = t.withdrew)),
     unfiled AS (
       DELETE FROM article_categories c USING told t, category_names k
        WHERE c.article_id = t.id COLLATE "C" AND c.category_id = k.category_id AND t.categories_out ? k.name),
     filed AS (
       INSERT INTO article_categories (article_id, category_id)
       SELECT DISTINCT t.id, k.category_id
         FROM told t CROSS JOIN LATERAL jsonb_array_elements_text(t.categories_in) AS named (slug)
         JOIN category_names k ON k.name = named.slug COLLATE "C" ON CONFLICT DO NOTHING),
     untagged AS (
       DELETE FROM article_tags g USING told t WHERE g.article_id = t.id COLLATE "C" AND t.tags_out ? g.tag),
     tagged AS (
       INSERT INTO article_tags (article_id, tag)
       SELECT t.id, named.tag FROM told t CROSS JOIN LATERAL jsonb_array_elements_text(t.tags_in) AS named (tag) ON CONFLICT DO NOTHING),
     forgotten AS (DELETE FROM rulings r USING told t WHERE r.article_id = t.id COLLATE "C" AND t.reasons = '[]')
INSERT INTO rulings (article_id, undo, reasons, withdrew)
SELECT id, undo, reasons, CASE WHEN is_dropped THEN coalesce(withdrew, CASE WHEN withdrawn IS NULL THEN now() END) END
  FROM told WHERE reasons <> '[]'
    ON CONFLICT (article_id) DO UPDATE SET undo = excluded.undo, reasons = excluded.reasons, withdrew = excluded.withdrew
