-- The lines that the content hash is of, made again from the rows (saga._content hashed them). Free
-- text is in them by its hash alone, so whoever proves and verifies may read them. NULL: no such
-- saga, or its note was erased and the hash with it.
CREATE OR REPLACE FUNCTION saga.content(p_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'aelp/change/v1' || E'\nkind ' || s.kind || ' ' || s.kind_version
           || E'\nmode ' || s.mode || E'\npolicy ' || s.policy || E'\nproposer ' || s.proposer_role
           || E'\ncontributors ' || coalesce((SELECT string_agg(c.person_id::text, ','
                                                                ORDER BY c.person_id)
                                                FROM saga.contributor c WHERE c.saga_id = s.id), '-')
           || E'\nexpires ' || saga._text(s.expires_at) || E'\n'
           || coalesce((SELECT string_agg(format(E'effect %s %s %s daily_micros %s %s\n', e.n,
                                                 g.account_id, g.resource, e.before_micros,
                                                 e.after_micros), '' ORDER BY e.n)
                          FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
                         WHERE e.saga_id = s.id), '')
           || 'undo ' || coalesce(k.undo, '-') || E'\npayload ' || encode(sha256(s.payload), 'hex')
           || E'\nnote ' || CASE WHEN n.saga_id IS NULL THEN '-'
                                 ELSE encode(sha256(n.salt || convert_to(n.text, 'UTF8')), 'hex') END
           || E'\nreplaces ' || coalesce(s.replaces::text, '-') || E'\n'
      FROM saga.saga s
      LEFT JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
      LEFT JOIN saga.note n ON n.saga_id = s.id AND n.version = 0
     WHERE s.id = p_id
$$;
