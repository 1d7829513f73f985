-- $1 decisions, $2 token
SELECT bool_and(result = 'refused'), min(sentence) FILTER (WHERE result = 'refused'),
       json_agg(json_build_object('decision', decision, 'result', result, 'sentence', sentence)
                ORDER BY decision)::text
  FROM saga.disown($1, 'token', ARRAY[$2])
