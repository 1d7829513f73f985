-- $1 after this seq, $2 how many
SELECT seq, extract(epoch FROM clock_timestamp() - at)::double precision,
       json_build_object('seq', seq, 'event', event, 'saga', saga_id, 'version', version,
                         'from', from_state, 'to', to_state, 'person', person_id, 'at', at)::text
  FROM saga.event WHERE seq > $1 ORDER BY seq LIMIT $2
