SELECT id::text, kind, state, coalesce(owner, '') AS owner, coalesce(sent_at::text, '') AS sent_at,
       coalesce(send_by::text, '') AS send_by
  FROM saga.in_flight()
