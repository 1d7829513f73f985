-- Byte for byte, but for the note's hash: its text may be erased. Where the leaf before it is
-- retired, the leaf's own word for that one's hash stands.
SELECT saga_id, CASE WHEN leaf_hash <> sha256('\x00'::bytea || leaf)
                     THEN format('event %s: the hash is not of its leaf', seq)
                     ELSE format('event %s: the row says something else than its leaf', seq) END
  FROM (SELECT e.saga_id, e.version, e.seq, e.leaf, e.leaf_hash,
               convert_to(
               CASE WHEN e.saga_id IS NULL THEN E'aelp/record/v1\ntype ' || e.event
                    ELSE format(E'aelp/event/v1\nsaga %s\nversion %s\nfrom %s\nto %s', e.saga_id,
                                e.version, e.from_state, e.to_state) END
               || format(E'\nrole %s\nperson %s', e.role, coalesce(e.person_id::text, '-'))
               || CASE WHEN e.saga_id IS NULL THEN ''
                       ELSE E'\ncontent ' || encode(e.content_hash, 'hex') END
               || E'\nat ' || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
               || CASE WHEN e.saga_id IS NULL THEN E'\ntext ' ELSE E'\nnote ' END, 'UTF8') AS head,
               CASE WHEN e.saga_id IS NULL THEN '\x0a'::bytea
                    WHEN e.version > 1 AND lag(e.seq) OVER chain IS NULL THEN '\x'
                    ELSE convert_to(E'\npolicy ' || s.policy || E'\nprev '
                             || coalesce(encode(lag(e.leaf_hash) OVER chain, 'hex'), '-')
                             || E'\n', 'UTF8') END AS tail
          FROM saga.event e LEFT JOIN saga.saga s ON s.id = e.saga_id
        WINDOW chain AS (PARTITION BY e.saga_id ORDER BY e.version)) AS said
 WHERE leaf_hash <> sha256('\x00'::bytea || leaf)
    OR substr(leaf, 1, octet_length(head)) IS DISTINCT FROM head
    OR substr(leaf, octet_length(leaf) - octet_length(tail) + 1) IS DISTINCT FROM tail
    OR saga_id IS NOT NULL AND octet_length(tail) > 0 -- a dash, or a hash of 64 digits
       AND octet_length(leaf) - octet_length(head) - octet_length(tail) NOT IN (1, 64)
 ORDER BY 1, seq LIMIT 20
