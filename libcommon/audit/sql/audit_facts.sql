-- In one snapshot: the tree's size, the largest that was signed, how much waits, the first event that has no leaf, the first that
-- does not follow the one before it in its saga, the first whose row says something else than its leaf, the last minimum index.
SELECT audit.size(),
       (SELECT coalesce(max(size), 0) FROM audit.checkpoint),
       (SELECT count(*) FROM audit.pending),
       (SELECT min(e.seq) FROM saga.event e
         WHERE NOT EXISTS (SELECT FROM audit.leaf_of l WHERE l.event = e.seq)
           AND NOT EXISTS (SELECT FROM audit.pending p WHERE p.seq = e.seq)),
       (SELECT min(seq)
          FROM (SELECT seq, leaf, version, lag(version, 1, 0) OVER chain AS version_before,
                       lag(leaf_hash) OVER chain AS hash_before, from_state,
                       lag(to_state, 1, '') OVER chain AS state_before
                  FROM saga.event WHERE saga_id IS NOT NULL
                WINDOW chain AS (PARTITION BY saga_id ORDER BY version)) AS event
         WHERE (hash_before IS NOT NULL OR version = 1) -- what came before may be retired
           AND (version <> version_before + 1 OR from_state <> state_before
                OR position(convert_to(E'\nprev ' || coalesce(encode(hash_before, 'hex'), '-')
                                       || E'\n', 'UTF8') IN leaf) = 0)),
       (SELECT min(seq)
          FROM (SELECT seq, leaf, convert_to(
                       CASE WHEN saga_id IS NULL THEN E'aelp/record/v1\ntype ' || event
                            ELSE format(E'aelp/event/v1\nsaga %s\nversion %s\nfrom %s\nto %s',
                                        saga_id, version, from_state, to_state) END
                       || format(E'\nrole %s\nperson %s', role, coalesce(person_id::text, '-'))
                       || CASE WHEN saga_id IS NULL THEN ''
                               ELSE E'\ncontent ' || encode(content_hash, 'hex') END
                       || E'\nat ' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                       || E'\n', 'UTF8') AS said
                  FROM saga.event) AS event
         WHERE position(said IN leaf) IS DISTINCT FROM 1),
       (SELECT note FROM audit.minimum ORDER BY index DESC LIMIT 1)
