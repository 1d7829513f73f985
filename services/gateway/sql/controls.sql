SELECT json_agg(json_build_object('scope', scope, 'level', level, 'since', since,
                                  'person', person_id)
                ORDER BY scope)::text
  FROM saga.controls()
