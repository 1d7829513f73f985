-- $1 token
SELECT coalesce(json_agg(json_build_object(
           'id', id, 'proposal', saga_id, 'headline', headline, 'verdict', verdict,
           'surface', surface, 'at', at, 'told_at', told_at, 'disowned_at', disowned_at)
           ORDER BY at DESC, id DESC), '[]')::text
  FROM saga.my_decisions('token', ARRAY[$1])
